"""JSON lines with a request id and without personal data: paths are logged by rule, bodies never."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Any

from flask import g, has_request_context

from backend.kernel import json

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, request_id and the record's extras."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request_id"] = g.get("request_id")
        line |= {k: v for k, v in vars(record).items() if k not in _STANDARD}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(
            {k: v if isinstance(v, (str, int, float, bool, type(None))) else str(v) for k, v in line.items()}
        )


def init_logs(level: int = logging.INFO) -> None:
    """Send every record of ours to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("backend")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False
