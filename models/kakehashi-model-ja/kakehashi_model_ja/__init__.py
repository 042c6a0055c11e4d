"""The shipped model of Kakehashi, as a folder that the engine finds through this package.

Belongs here: the folder `model` (weights, manifest, model card) and where it is.
Must not be here: code that reads or runs a model.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["MODEL_FOLDER"]

MODEL_FOLDER = Path(__file__).resolve().parent / "model"
