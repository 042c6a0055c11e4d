"""Engines: whatever runs a model, behind one small protocol (`base.Engine`).

Belongs here: engines, the manifest, finding and verifying model folders. Must not be here:
languages, tasks, documents, checks — an engine gets a rendered prompt and returns text.
"""

from __future__ import annotations

from kakehashi.engine.base import (
    Completion,
    Control,
    DoneEvent,
    Engine,
    Event,
    Request,
    TextEvent,
    Usage,
    complete,
)
from kakehashi.engine.manifest import Manifest, read_manifest

__all__ = [
    "Completion",
    "Control",
    "DoneEvent",
    "Engine",
    "Event",
    "Manifest",
    "Request",
    "TextEvent",
    "Usage",
    "complete",
    "read_manifest",
]
