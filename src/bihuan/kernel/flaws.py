"""What ``verify`` finds: flaws, each in both languages, and the report of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

MOST_FLAWS = 1000


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with the record, in both languages; ids are empty where a day is meant."""

    kind: str
    what: str
    what_en: str
    entry_id: str = ""
    subject: str = ""  # "matter:<uuid>"
    seq: int = 0

    def __str__(self) -> str:
        where = " ".join(part for part in (self.subject, f"#{self.seq}" if self.seq else "", self.entry_id) if part)
        return f"{where}: {self.what} {self.what_en}" if where else f"{self.what} {self.what_en}"


@dataclass(slots=True)
class Report:
    """What was checked and what is wrong. ``flaws`` keeps the first 1,000; ``flaw_count`` counts all."""

    entries: int = 0
    subjects: int = 0
    sealed: int = 0
    erased: int = 0
    days: int = 0
    files: int = 0
    seconds: float = 0.0
    flaw_count: int = 0
    flaws: list[Flaw] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return self.flaw_count == 0

    def add(self, flaw: Flaw) -> None:
        """Note a flaw."""
        self.flaw_count += 1
        if len(self.flaws) < MOST_FLAWS:
            self.flaws.append(flaw)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain JSON."""
        names = ("entries", "subjects", "sealed", "erased", "days", "files", "flaw_count")
        told = {name: getattr(self, name) for name in names}
        flaws = [{name: getattr(flaw, name) for name in Flaw.__slots__} for flaw in self.flaws]
        return {"ok": self.ok, **told, "seconds": round(self.seconds, 3), "flaws": flaws}


def is_id(value: object) -> bool:
    """Tell whether a column's value is a UUID in any of its texts."""
    return isinstance(value, UUID) or (
        isinstance(value, str) and re.fullmatch(r"[0-9a-fA-F-]{32,36}", value) is not None
    )


def id_text(value: object) -> str:
    """Write an id for people: with hyphens where it is one still, or as it stands."""
    return str(UUID(str(value))) if is_id(value) else told(str(value))


def told(text: str) -> str:
    """Return text that can be printed, whatever bytes it was made from."""
    return text.encode("utf-8", "backslashreplace").decode()


def seq_number(value: object) -> int:
    """Return a seq column's value, or 0 where it is none."""
    return value if isinstance(value, int) else 0


def row_flaw(row: tuple[Any, ...], kind: str, what: str, what_en: str) -> Flaw:
    """Return a flaw of one entry, given its columns in the order of ``chain.COLUMNS``."""
    return Flaw(kind, what, what_en, id_text(row[0]), told(f"{row[1]}:{id_text(row[2])}"), seq_number(row[3]))
