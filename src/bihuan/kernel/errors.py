"""What a use case answers when it cannot do what was asked.

Every error carries problems that a person can act on: where, why and how to mend, already in the
person's language. Pages put them beside the field; the API and the command line print them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``field`` names the input it stands beside ("" for the whole)."""

    field: str
    why: str
    how: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the problem as plain JSON."""
        return asdict(self)

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.field}:" if self.field else "", self.why, self.how) if part)


class _Told(Exception):
    """An answer with problems in it."""

    def __init__(self, *problems: Problem | Iterable[Problem]) -> None:
        flat: list[Problem] = []
        for problem in problems:
            if isinstance(problem, Problem):
                flat.append(problem)
            else:
                flat.extend(problem)
        self.problems: tuple[Problem, ...] = tuple(flat)
        super().__init__("; ".join(str(problem) for problem in flat))


class BadInput(_Told):
    """What was given cannot be read or is incomplete; nothing was changed."""


class Refused(_Told):
    """What was given can be read, but the rules do not allow it now; nothing was changed."""


class NotFound(_Told):
    """There is no such thing, or this actor may not know of it."""


class Conflict(_Told):
    """Somebody else was faster: the subject stands at ``current_version`` now."""

    def __init__(self, current_version: int | None, *problems: Problem) -> None:
        self.current_version = current_version
        super().__init__(*problems)
