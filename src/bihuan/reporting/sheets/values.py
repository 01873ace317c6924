"""Texts as people type them, made alike; values as they are shown."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

_BRACKETS = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")


def plain(text: str) -> str:
    """Return a text made comparable: half width, no blanks, no marks of duty (*), lower case."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s*★☆_]+", "", folded).lower()


def bare(text: str) -> str:
    """Return a heading without what stands in brackets and without its ending colon."""
    return _BRACKETS.sub("", plain(text)).rstrip(":")


def bracketed(text: str) -> str:
    """Return what stands in a heading's last brackets: a unit, a hint."""
    found = _BRACKETS.findall(plain(text))
    return found[-1][1:-1] if found else ""


def shown(value: Any, number_format: str = "General") -> str:
    """Return a stored value as a sheet shows it, dates in ISO order."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.strftime("%Y-%m-%d") if midnight else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, (int, float)):
        return _number(value, number_format)
    return str(value).strip()


def _number(value: float, number_format: str) -> str:
    if "%" in number_format:
        places = len(number_format.partition(".")[2].partition("%")[0]) if "." in number_format else 0
        return f"{value * 100:.{places}f}%"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(round(value, 10))
    return str(value)
