"""Make a Japanese model out of an open one: inspect, prune, quantise, train, export, package.

Belongs here: the vocabulary, the weights and the data recipe of models. Does not: running a
model (`engine`), measuring one against another (`bench`), anything a user of a model needs.
torch is imported in `decoder`, `train`, `training`, `calibrate` and (for safetensors) `export`.
"""

from __future__ import annotations

from kakehashi.forge.inspect import Inspection, inspect_model
from kakehashi.forge.prune import prune_file
from kakehashi.forge.quantise import quantise
from kakehashi.forge.vocabulary import Vocabulary

__all__ = ["Inspection", "Vocabulary", "inspect_model", "prune_file", "quantise"]
