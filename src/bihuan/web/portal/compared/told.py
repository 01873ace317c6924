"""A subject's entries with the texts sealed beside them: what the record says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from bihuan.kernel.models import Entry, Sealed, StoredFile


@dataclass(frozen=True, slots=True)
class Told:
    """The entries of one subject in their order, and what was sealed with them."""

    entries: tuple[Entry, ...]
    sealed: tuple[Sealed, ...]

    @classmethod
    def of(cls, subject_type: str, subject_id: UUID) -> Self:
        """Read what the record says of a subject. Two statements."""
        entries = Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("seq")
        sealed = Sealed.objects.filter(subject_type=subject_type, subject_id=subject_id)
        return cls(tuple(entries), tuple(sealed))

    def said(self, *verbs: str) -> list[Entry]:
        """Return the entries with one of some verbs, the oldest first."""
        return [entry for entry in self.entries if entry.verb in verbs]

    def last(self, *verbs: str) -> Entry | None:
        """Return the last entry with one of some verbs."""
        return next(iter(reversed(self.said(*verbs))), None)

    def bodies(self, *verbs: str) -> Iterator[tuple[Entry, dict[str, Any]]]:
        """Yield the entries with one of some verbs, each with its body."""
        for entry in self.said(*verbs):
            yield entry, body_of(entry)

    def text(self, entry_id: UUID, name: str) -> str | None:
        """Return a text sealed with an entry; None where there is none (any more): it may have been erased.

        That it is what was sealed then, is for the chain's check to say.
        """
        for one in self.sealed:
            if one.entry_id == entry_id and one.name == name and one.erased_at is None and not one.encrypted:
                return bytes(one.content or b"").decode("utf-8", "replace")
        return None

    @property
    def erased(self) -> bool:
        """Whether words of it were erased at somebody's wish or at the end of their term."""
        return any(one.erased_at is not None and not one.encrypted for one in self.sealed)


def body_of(entry: Entry | None) -> dict[str, Any]:
    """Return an entry's body; empty where it is none (any more)."""
    return object_of(entry.body if entry is not None else None)


def object_of(text: str | None) -> dict[str, Any]:
    """Return a JSON object; empty where a text is none."""
    try:
        found = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def differ(what: object) -> str:
    """Return the sentence that something is not as it was recorded."""
    return _("%(what)s与记录不符。") % {"what": what}


def places(area_code: str, told: Told) -> Iterator[str]:
    """Yield that the place shown is not the one that was recorded."""
    if told.entries and area_code != told.entries[0].area_code:
        yield differ(_("区域"))


def photos(subject_type: str, subject_id: UUID, told: Told, known: Iterable[str] | None = None) -> Iterator[str]:
    """Yield photos shown that no entry of the subject brought; ``known``: the hashes that the entries name, if any."""
    entries, hashes = {entry.pk for entry in told.entries}, None if known is None else set(known)
    shown = StoredFile.objects.filter(subject_type=subject_type, subject_id=subject_id, public=True)
    for entry_id, digest in shown.values_list("entry_id", "sha256"):
        if entry_id not in entries or (hashes is not None and digest not in hashes):
            yield differ(_("照片"))
