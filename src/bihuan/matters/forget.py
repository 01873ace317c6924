"""What is kept about a reporter, shown to them; and the erasing of it at their word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.kernel.api import SYSTEM_REF, Problem, Refused, clock, erase, erase_photos, withdraw
from bihuan.kernel.models import Entry, Sealed, StoredFile
from bihuan.matters import checks
from bihuan.matters.entering import append_beside
from bihuan.matters.labels import titled
from bihuan.matters.links import holds
from bihuan.matters.loading import Loaded, load
from bihuan.matters.methodinfo import MethodInfo, info_of, purpose_of
from bihuan.matters.models import Matter
from bihuan.matters.readings import Reading, readings
from bihuan.matters.retention import terms
from bihuan.matters.sealedtext import POINT
from bihuan.matters.tell import REPORTER_CHANNEL
from bihuan.people.api import Actor

CONTACT = frozenset({"phone", "reporter_name"})
What = Literal["contact", "text"]


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that is kept about the reporter: what, why, until when, and who read it."""

    title: str
    shown: str  # masked where it is personal; "" for texts, which stand on the page
    purpose: str
    until: date | None  # the last day, once it is known
    days: int | None  # days after closing, where the term has not begun; None: as long as the record
    reads: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class KeptAll:
    """All that is kept about a reporter, and what they may have erased now."""

    values: tuple[Kept, ...]
    photos: int
    may_erase_contact: bool
    may_erase_text: bool
    erasable_later: bool  # there is text or a photo, but the matter is still open


def kept_about(*, actor: Actor, matter: Matter, via_link: str | None) -> KeptAll | None:
    """Return what is kept about the reporter of a matter, for the reporter alone. At most five statements.

    None for anybody else, followers too.
    """
    if not _is_reporter(actor, matter.reporter_id, matter.follow_hash, via_link):
        return None
    info = info_of(matter.version_ref_id)
    entries = list(Entry.objects.filter(subject_type="matter", subject_id=matter.pk).order_by("seq"))
    mine = _own(entries, matter.reporter_id)
    rows = list(Sealed.objects.filter(subject_type="matter", subject_id=matter.pk, erased_at=None).order_by("pk"))
    rows = [row for row in rows if row.entry_id in mine]
    photos = StoredFile.objects.filter(subject_type="matter", subject_id=matter.pk, entry_id__in=mine).count()
    words = bool(photos) or any(row.name not in CONTACT for row in rows)
    return KeptAll(
        values=_kept(rows, info, _reads(rows)),
        photos=photos,
        may_erase_contact=any(row.name in CONTACT for row in rows),
        may_erase_text=words and not matter.is_open,
        erasable_later=words and matter.is_open,
    )


def _kept(rows: Sequence[Sealed], info: MethodInfo, reads: dict[int, list[Reading]]) -> tuple[Kept, ...]:
    days = terms(info)
    own = {"phone": _("电话"), "reporter_name": _("称呼"), "reason": _("您写的说明"), POINT: _("位置")}
    return tuple(
        Kept(
            title=titled(*info.fields[row.name]) if row.name in info.fields else own.get(row.name, row.name),
            shown=row.masked if row.encrypted else "",
            purpose=purpose_of(row, info),
            until=row.expires_on,
            days=None if row.expires_on else days.get(row.name),
            reads=tuple(reads.get(row.pk, ())),
        )
        for row in rows
    )


def _reads(rows: Iterable[Sealed]) -> dict[int, list[Reading]]:
    reads: dict[int, list[Reading]] = {}
    for reading in readings(row.pk for row in rows if row.encrypted):
        reads.setdefault(reading.sealed_id, []).append(reading)
    return reads


def forget(*, actor: Actor, matter_id: UUID, what: What, entry_id: UUID, via_link: str | None = None) -> bool:
    """Erase what a reporter left, at their word; the record stays valid and says that it was erased, not what.

    Args:
        actor: The reporter, or whoever holds the reporter's link.
        matter_id: Which matter.
        what: "contact": number and name, at any time; "text": all that they wrote and their photos, once it is closed
            (until then somebody has to read it to settle it).
        entry_id: UUIDv7 made by the client; the same again changes nothing.
        via_link: The secret of the reporter's link.

    Returns:
        True where something was erased now, False for a resend.

    Raises:
        Http404: no such matter, or not its reporter.
        Refused: nothing is there (any more), or it is too early.
    """
    entry_id = checks.v7(entry_id, "entry_id")
    now = clock.now()
    with transaction.atomic():
        loaded = load(matter_id, entry_id)
        if loaded is None or not _is_reporter(actor, loaded.current.reporter_id, loaded.current.follow_hash, via_link):
            raise Http404(_("没有找到，或者您没有查看的权限"))
        if loaded.resent is not None:
            return False
        mine = _own(Entry.objects.filter(subject_type="matter", subject_id=matter_id), loaded.current.reporter_id)
        _may(loaded, what, mine)
        _enter(loaded, actor, what, entry_id, now, by_link=actor.person_id is None)
        _wipe(matter_id, what, mine)
    return True


def _may(loaded: Loaded, what: What, mine: frozenset[UUID]) -> None:
    kept = Sealed.objects.filter(subject_type="matter", subject_id=loaded.current.id, erased_at=None, entry_id__in=mine)
    if what == "contact":
        if not kept.filter(name__in=CONTACT).exists():
            raise Refused(Problem("", _("这里没有保存您的电话。"), _("不必再办。")))
        return
    if loaded.current.state.is_open:
        raise Refused(Problem("", _("这件事还在办理，办理的人要看您写的内容。"), _("办结以后可以删除。")))
    photos = StoredFile.objects.filter(subject_type="matter", subject_id=loaded.current.id, entry_id__in=mine)
    if not (kept.exists() or photos.exists()):
        raise Refused(Problem("", _("您写的内容已经删除了。"), _("不必再办。")))


def _enter(loaded: Loaded, actor: Actor, what: What, entry_id: UUID, now: datetime, *, by_link: bool) -> None:
    current = loaded.current
    body: dict[str, Any] = {"action": "erase", "what": what, "version": current.version_id.hex}
    if by_link:
        body["link"] = True
    who = actor.ref("reporter")
    append_beside(loaded, "matter.erased", who, body, entry_id, now)


def _wipe(matter_id: UUID, what: What, mine: frozenset[UUID]) -> None:
    names = CONTACT if what == "contact" else None
    erase(actor=SYSTEM_REF, subject_type="matter", subject_id=matter_id, names=names, entry_ids=mine)
    withdraw(REPORTER_CHANNEL, matter_id.hex)  # messages on their way hold the title, and need the number
    if what == "text":
        erase_photos("matter", matter_id, entry_ids=mine)


def _own(entries: Iterable[Entry], reporter_id: UUID | None) -> frozenset[UUID]:
    """Return the entries that hold what the reporter gave: the first one, and what they said since."""
    found = set()
    for entry in entries:
        own = entry.actor_id is not None and entry.actor_id == reporter_id
        if entry.seq == 1 or own or orjson.loads(entry.body).get("link"):
            found.add(entry.pk)
    return frozenset(found)


def _is_reporter(
    actor: Actor, reporter_id: UUID | None, follow_hash: bytes | memoryview | None, via_link: str | None
) -> bool:
    if via_link and holds(follow_hash, via_link):
        return True
    return actor.person_id is not None and actor.person_id == reporter_id
