"""Structured logs: one JSON object a line, so that no value can forge a second line."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

EXTRA = ("code", "path", "status", "job", "rows", "seconds")


class JsonLines(logging.Formatter):
    """Time, level, logger, message and the known extras of a record; the traceback as one text."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)
