"""Correcting the record of a meeting that is over: a new entry says what was wrong, why, and how it should read.

The first words stay, in the record and on every page; the corrected ones stand beside them. Votes, counts,
resolutions and who was present are not corrected so: they decided something, and are deliberated again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, clock, notify, seal
from bihuan.meetings import guards
from bihuan.meetings.guards import must
from bihuan.meetings.models import Attendance, Correction, Meeting, Opinion
from bihuan.meetings.store import Work, load
from bihuan.meetings.words import stamp
from bihuan.people.api import Actor, person_names

What = Correction.What
LONGEST = {
    What.PLACE: 80,
    What.BEGAN: 40,
    What.ENDED: 40,
    What.CHAIR: 40,
    What.MINUTES: 40,
    What.REASON: 120,
    What.OPINION: 2000,
}
WHY = 200
_TOLD = {What.REASON: "meeting.your_reason_corrected", What.OPINION: "meeting.your_words_corrected"}


@dataclass(frozen=True, slots=True)
class _Standing:
    """The words as they stand, and whom they are about."""

    words: str
    person_id: UUID | None = None


@transaction.atomic
def correct(
    *, actor: Actor, entry_id: UUID, meeting_id: UUID, what: str, words: str, why: str, target: str = ""
) -> Correction:
    """Correct something in the record of an ended meeting.

    Args:
        actor: who runs the meeting: chair, minutes-taker or a convener.
        entry_id: UUIDv7 made by the client; becomes the correction's id.
        meeting_id: whose record.
        what: a value of ``Correction.What``.
        words: how it should read; for a time 2024-04-03 14:20.
        why: what was wrong with it, at most 200 characters.
        target: of a reason the line of the list (its number), of an opinion its id.

    Raises:
        Refused: the actor does not run the meeting, or it is not over.
        BadInput: what cannot be corrected so, nothing said, nothing changed, a time that cannot be.
    """
    work = load(actor=actor, entry_id=entry_id, meeting_id=meeting_id)
    if work.resent:
        return Correction.objects.get(pk=entry_id)
    must(
        guards.may_run(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.ENDED, Meeting.State.PUBLISHED),
    )
    if what not in What.values:
        raise BadInput(
            Problem("what", _("表决、决议和到会情况不能这样更正。"), _("它们作过决定；需要改的，列入下次会议再议。"))
        )
    found = _standing(work.meeting, What(what), target)
    words, why = words.strip(), why.strip()
    if what in {What.BEGAN, What.ENDED} and words:
        words = _time(work, What(what), words)
    _check(What(what), found.words, words, why)
    correction = Correction.objects.create(
        id=entry_id, meeting=work.meeting, what=what, target=target, was=found.words, words=words, why=why,
        by=actor.person_id or UUID(int=0), created_at=work.now,
    )  # fmt: skip
    purpose = "会议记录更正"
    sealed = [
        seal(name, text, purpose=purpose, encrypted=False, keep_until=None)
        for name, text in (("was", found.words), ("words", words), ("why", why))
    ]
    work.record("meeting.corrected", {"what": what, "target": target}, sealed=sealed)
    _tell(work, correction, found.person_id)
    return correction


def _check(what: Correction.What, was: str, words: str, why: str) -> None:
    problems = []
    if not words:
        problems.append(Problem("words", _("没有写更正后的内容。"), _("写下正确的内容。")))
    elif words == was:
        problems.append(Problem("words", _("和原来的一样，没有更正什么。"), _("写下正确的内容。")))
    if len(words) > LONGEST[what]:
        problems.append(Problem("words", _("更正的内容太长。"), _("请控制在 %(n)s 个字以内。") % {"n": LONGEST[what]}))
    if not why or len(why) > WHY:
        problems.append(Problem("why", _("没有写更正的原因，或写得太长。"), _("写一句哪里错了、为什么，200 字以内。")))
    if problems:
        raise BadInput(problems)


def _standing(meeting: Meeting, what: Correction.What, target: str) -> _Standing:
    """Return the words as they stand now: as corrected last, else as first written."""
    if what == What.REASON:
        found = _reason(meeting, target)
    elif what == What.OPINION:
        found = _opinion(meeting, target)
    else:
        found = _Standing(_HEAD[what](meeting))
    last = meeting.corrections.filter(what=what, target=target).order_by("-created_at", "-pk").first()
    return _Standing(last.words, found.person_id) if last else found


def _name(person_id: UUID | None) -> str:
    return person_names({person_id}).get(person_id, "") if person_id else ""


_HEAD: Mapping[Correction.What, Callable[[Meeting], str]] = {
    What.PLACE: lambda meeting: meeting.place,
    What.BEGAN: lambda meeting: stamp(meeting.opened_at or meeting.starts_at),
    What.ENDED: lambda meeting: stamp(meeting.ended_at) if meeting.ended_at else "",
    What.CHAIR: lambda meeting: _name(meeting.chair_id),
    What.MINUTES: lambda meeting: _name(meeting.minutes_id),
}


def _unknown() -> BadInput:
    return BadInput(Problem("target", _("会议记录里没有这一处。"), _("请刷新页面，重新选择。")))


def _reason(meeting: Meeting, target: str) -> _Standing:
    row = meeting.attendances.filter(pk=int(target)).first() if target.isascii() and target.isdigit() else None
    if row is None or row.kind != Attendance.Kind.DUE or row.presence == Attendance.Presence.PRESENT:
        raise _unknown()
    return _Standing(row.reason, row.person_id)


def _opinion(meeting: Meeting, target: str) -> _Standing:
    try:
        found = Opinion.objects.filter(pk=UUID(target), item__meeting=meeting).first()
    except ValueError:
        found = None
    if found is None:
        raise _unknown()
    return _Standing(found.text, found.person_id)


def _time(work: Work, what: Correction.What, words: str) -> str:
    """Return a typed time as the record writes it.

    Raises:
        BadInput: it cannot be read, has not come yet, or the end would lie before the beginning.
    """
    at = _instant(words)
    if at is None:
        raise BadInput(Problem("words", _("时间看不懂。"), _("写成 2024-04-03 14:20。")))
    if at > work.now:
        raise BadInput(Problem("words", _("写的时间还没有到。"), _("核对日期和钟点，写实际发生的时间。")))
    other = _instant(_standing(work.meeting, What.ENDED if what == What.BEGAN else What.BEGAN, "").words)
    if other is not None and (at > other if what == What.BEGAN else at < other):
        raise BadInput(Problem("words", _("散会时间早于开会时间。"), _("核对日期和钟点；两个都错的，先更正另一个。")))
    return stamp(at)


def _instant(words: str) -> datetime | None:
    try:
        at = parse_datetime(words)
    except ValueError:
        return None
    return at.replace(tzinfo=clock.ZONE) if at is not None and at.tzinfo is None else at


def _tell(work: Work, correction: Correction, person_id: UUID | None) -> None:
    """Tell whom the words are about that they read otherwise now."""
    kind = _TOLD.get(What(correction.what))
    if kind is not None and person_id is not None and person_id != work.actor.person_id:
        params = {"title": work.meeting.title, "reason": correction.why}
        notify(person_id, kind, params, f"/desk/meetings/{work.meeting.pk}/")
