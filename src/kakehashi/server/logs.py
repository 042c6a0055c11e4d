"""Structured logs: a line of JSON for each event. Never a key, never a text that somebody wrote."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

# What every record has; anything else was given as `extra`.
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "color_message",
}


class JsonLines(logging.Formatter):
    """One line of JSON: time, level, logger, message, and what was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name, value in vars(record).items():
            # Django hangs the whole request on its records; that holds what people wrote.
            if name not in _STANDARD and isinstance(value, str | int | float | bool | None):
                line[name] = value
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up(level: str) -> None:
    """Write all logs of this process to the standard error, as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "django"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    # Our own line says more, and less about people.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").setLevel("WARNING")
    logging.getLogger("django.request").setLevel("ERROR")
    # They write headers and addresses, and so the keys of other servers.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel("WARNING")
