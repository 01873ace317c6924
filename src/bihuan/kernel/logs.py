"""What goes to the log: faults with where they happened, never the secrets that stand in some addresses."""

from __future__ import annotations

import logging
import re
from typing import Any

_SECRET = re.compile(r"(/(?:r|s|v|reported|report/photo|calendar/own)/)(?!o/)[^/?#\s\"']+")
_QUERY = re.compile(r"([?&](?:t|token|code)=)[^&\s\"']+")


def without_secrets(text: str) -> str:
    """Return a line with the secret of a personal link replaced: ``/r/…/``."""
    return _QUERY.sub(r"\1…", _SECRET.sub(r"\1…", text))


class WithoutSecrets(logging.Filter):
    """Takes the secrets of personal links out of a record before any handler writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the message and its arguments; keep every record."""
        if isinstance(record.msg, str):
            record.msg = without_secrets(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_cleaned(part) for part in record.args)
        return True


def _cleaned(part: Any) -> Any:
    return without_secrets(part) if isinstance(part, str) else part
