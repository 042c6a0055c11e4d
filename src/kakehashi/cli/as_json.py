"""What `--json` prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kakehashi.engine.base import Usage
from kakehashi.engine.manifest import Manifest
from kakehashi.language.flags import Flag
from kakehashi.language.results import SegmentTranslation, Summary


def translation_json(
    segments: Sequence[SegmentTranslation],
    *,
    manifest: Manifest,
    to: str,
    seconds: float,
    total: int,
) -> str:
    """Segments and totals; `seconds` is wall-clock time, `total` the number of segments there are.

    ``complete`` is false when the run was stopped before its end.
    """
    usage = sum((one.usage for one in segments), Usage())
    return _dump(
        {
            "model": {"name": manifest.name, "version": manifest.version},
            "to": to,
            "complete": len(segments) == total,
            "segments": [
                {
                    "id": one.id,
                    "place": one.place,
                    "kind": one.kind,
                    "source": one.source,
                    "target": one.target,
                    "flags": [flag_dict(found) for found in one.flags],
                    "tokens": tokens(one.usage),
                    "seconds": round(one.seconds, 4),
                }
                for one in segments
            ],
            "totals": {
                "segments": total,
                "segments_done": len(segments),
                "sentences": sum(len(one.sentences) for one in segments),
                "retried": sum(sentence.retried for one in segments for sentence in one.sentences),
                "flags": sum(len(one.flags) for one in segments),
                "flagged_segments": sum(bool(one.flags) for one in segments),
                "source_characters": sum(len(one.source) for one in segments),
                "target_characters": sum(len(one.target) for one in segments),
                "tokens": tokens(usage),
                "seconds": round(seconds, 4),
            },
        }
    )


def summary_json(summary: Summary, *, manifest: Manifest, seconds: float) -> str:
    """The lines with the source sentences that each came from."""
    return _dump(
        {
            "model": {"name": manifest.name, "version": manifest.version},
            "language": summary.language,
            "summary": summary.text,
            "lines": [
                {
                    "text": line.text,
                    "sources": list(line.sources),
                    "source_sentences": [summary.sentences[index] for index in line.sources],
                    "rewritten": line.rewritten,
                    "flags": [flag_dict(found) for found in line.flags],
                }
                for line in summary.lines
            ],
            "totals": {
                "source_sentences": len(summary.sentences),
                "characters": len(summary),
                "flags": len(summary.flags),
                "tokens": tokens(summary.usage),
                "seconds": round(seconds, 4),
            },
        }
    )


def flag_dict(found: Flag) -> dict[str, str]:
    """A flag as JSON has it."""
    return {
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "evidence": found.evidence,
    }


def tokens(usage: Usage) -> dict[str, int]:
    """Tokens as counted by the engine."""
    return {
        "prompt": usage.prompt_tokens,
        "cached": usage.cached_tokens,
        "completion": usage.completion_tokens,
    }


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
