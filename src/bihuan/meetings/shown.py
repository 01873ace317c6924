"""Rows made into what is shown: items, counts, who speaks next, the columns of the minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.matters.api import display_number
from bihuan.matters.models import Matter
from bihuan.meetings import bodies, guards
from bihuan.meetings.actions.decide import resolving
from bihuan.meetings.corrected import amended
from bihuan.meetings.expression import plain
from bihuan.meetings.models import AgendaItem, Attendance
from bihuan.meetings.rules import CHOICES, MEASURES
from bihuan.meetings.section import MAJORITY_WORDS_EN
from bihuan.meetings.shapes import CountView, ItemView, Line, MeetingPage, VoteLine
from bihuan.meetings.words import exact
from bihuan.methods.api import get_method


def english() -> bool:
    """Say whether the reader reads English."""
    return (get_language() or "").startswith("en")


def said(zh: str, en: str) -> str:
    """Return the one the reader reads."""
    return en if english() and en else zh


def items_of(
    rows: Iterable[AgendaItem],
    ref: bodies.BodyRef,
    attendances: Sequence[Attendance],
    known: Mapping[UUID, str],
) -> tuple[ItemView, ...]:
    """Return the items of one meeting as shown; one query for the names in the matters' numbers."""
    rows = list(rows)
    numbers = numbers_of(row.matter for row in rows if row.matter)
    siblings = {one.key: one.title for one in bodies.of_version(ref.version_id)}
    return tuple(_item(row, ref, attendances, known, siblings, numbers) for row in rows)


def _item(
    row: AgendaItem,
    ref: bodies.BodyRef,
    attendances: Sequence[Attendance],
    known: Mapping[UUID, str],
    siblings: Mapping[str, str],
    numbers: Mapping[str, str],
) -> ItemView:
    votes = list(row.votes.all())
    voted = {vote.person_id for vote in votes}
    entitled = [a for a in attendances if a.kind == Attendance.Kind.DUE and a.presence in guards.PRESENT]
    opinions = tuple(row.opinions.all())
    resolution = getattr(row, "resolution", None)
    step, words = step_of(row.matter)
    return ItemView(
        row=row,
        state_title=guards.item_state_title(row),
        number=numbers[row.matter.number] if row.matter else "",
        step_title=step,
        public_words=words,
        ballot_title=guards.ballot_title(row.ballot),
        voted=len(voted),
        may_vote=len(entitled),
        not_voted=tuple(a for a in entitled if a.person_id not in voted),
        opinions=opinions,
        speakers=speakers(ref, attendances, {opinion.person_id for opinion in opinions}),
        votes=vote_lines(row, votes, known),
        count=count_view(row),
        resolution=resolution,
        parties=party_lines(ref, resolution, known),
        assigns=assigns(row, ref),
        refers=siblings.get(ref.body.refers_to, ""),
    )


def numbers_of(matters: Iterable[Matter]) -> dict[str, str]:
    """Return the numbers of matters as people say them: one query for each community, not for each matter."""
    said_as: dict[str, str] = {}
    heads: dict[str, str] = {}
    for matter in matters:
        code, _dash, rest = matter.number.partition("-")
        if code not in heads:
            heads[code] = display_number(matter.number).removesuffix(rest)
        said_as[matter.number] = heads[code] + rest
    return said_as


def step_of(matter: Matter | None) -> tuple[str, str]:
    """Return a matter's step and what the public reads of it, in the reader's language."""
    if matter is None:
        return "", ""
    method, language = get_method(matter.version_ref_id), get_language() or "zh"
    step = method.steps.get(matter.step)
    if step is None:
        return matter.step, ""
    words = step.public.say(language) if step.public else ""
    if not matter.is_open and matter.outcome in method.outcomes:
        outcome = method.outcomes[matter.outcome]
        words = (outcome.public or outcome.title).say(language)
    return step.title.say(language), words


def speakers(ref: bodies.BodyRef, attendances: Iterable[Attendance], spoke: set[UUID | None]) -> tuple[str, ...]:
    """Return who of those present has not spoken yet, in the order of speaking; the rest as on the list."""
    order = {role: at for at, role in enumerate(ref.body.speaking)}
    waiting = [a for a in attendances if a.presence in guards.PRESENT and a.person_id not in spoke]
    waiting.sort(key=lambda a: (order.get(a.role, len(order)), a.pk))
    return tuple(a.name for a in waiting)


def vote_lines(row: AgendaItem, votes: Iterable[Any], known: Mapping[UUID, str]) -> tuple[VoteLine, ...]:
    """Return who chose what: only of a named ballot, and only after it was counted."""
    if row.ballot == "secret" or not row.count:
        return ()
    lines = [
        VoteLine(known.get(vote.person_id, ""), guards.channel_title(vote.channel), guards.choice_title(vote.choice))
        for vote in votes
    ]
    return tuple(sorted(lines, key=lambda line: (line.choice, line.name)))


def count_view(row: AgendaItem) -> CountView | None:
    """Return an item's count as people read it; None as long as the ballot is not closed."""
    count = row.count
    if not count:
        return None
    choices = count["choices"]
    for_, against, abstain = (int(choices[choice].get("heads", "0")) for choice in CHOICES)
    others = sorted({name for sums in choices.values() for name in sums} - {"heads"})
    return CountView(
        for_=for_,
        against=against,
        abstain=abstain,
        spoilt=int(count["spoilt"]),
        voters=int(count["voters"]),
        turnout=tuple((guards.channel_title(name), number) for name, number in count["turnout"].items() if number),
        weights=tuple(
            (
                said(*MEASURES.get(name, (name, name))),
                tuple(plain(Fraction(choices[choice].get(name, "0"))) for choice in CHOICES),  # type: ignore[misc]
            )
            for name in others
        ),
        carried=bool(count["carried"]["met"]),
        sentence=said(count["carried"]["zh"], count["carried"]["en"]),
        reasons=tuple(Line(ok, said(zh, en)) for ok, zh, en in count["carried"]["lines"]),
        quorum_sentence=said(count["quorum"]["zh"], count["quorum"]["en"]),
        rule=_rule(count["rule"]),
        secret=bool(count["secret"]),
    )


def _rule(rule: Mapping[str, str]) -> str:
    words = rule["majority_words"] or rule["majority"]
    return said(words, MAJORITY_WORDS_EN.get(words, words))


def party_lines(ref: bodies.BodyRef, resolution: Any, known: Mapping[UUID, str]) -> tuple[tuple[str, str], ...]:
    """Return who was made responsible: (role title, name)."""
    if resolution is None:
        return ()
    return tuple(
        (bodies.role_title(ref.method, role), known.get(UUID(person), ""))
        for role, people in resolution.parties.items()
        for person in people
    )


def assigns(row: AgendaItem, ref: bodies.BodyRef) -> tuple[tuple[str, str], ...]:
    """Return the responsibility roles that a resolution on the item may name."""
    if row.matter is None or row.state not in {"counted", "waiting", "voting"}:
        return ()
    effect = resolving(row.matter, ref.key)
    return tuple((role, bodies.role_title(ref.method, role)) for role in (effect.assigns if effect else ()))


def minutes_columns(page: MeetingPage) -> Iterator[tuple[str, str]]:
    """Yield the head of the minutes: title and value of each column before the items."""
    meeting = page.meeting
    absent = [
        _("%(name)s（%(reason)s）") % {"name": row.name, "reason": _absence(row)}
        for row in page.due
        if row.presence not in guards.PRESENT
    ]
    sent = [
        _("%(name)s（委托%(deputy)s）") % {"name": row.name, "deputy": row.deputy_name}
        for row in page.due
        if row.presence == Attendance.Presence.DEPUTY
    ]
    comma = _("、")
    began = meeting.opened_at or meeting.starts_at
    said = page.corrected
    time = amended(exact(began), said["began"])
    if meeting.ended_at:
        time += f" – {amended(exact(meeting.ended_at), said['ended'])}"
    yield _("时间"), time
    yield _("地点"), amended(meeting.place, said["place"])
    yield _("主持"), amended(page.chair, said["chair"])
    yield _("记录"), amended(page.minutes, said["minutes"])
    yield _("应到"), _("%(n)s 人") % {"n": len(page.due)}
    yield _("实到"), _("%(n)s 人") % {"n": page.came} + (f"：{comma.join(sent)}" if sent else "")
    yield _("缺席及原因"), comma.join(absent) or _("无")
    guests = [row.name for row in page.guests if row.presence in guards.PRESENT]
    yield _("列席"), comma.join(guests) or _("无")
    yield _("到会要求"), page.quorum_sentence


def _absence(row: Attendance) -> str:
    return amended(row.reason or _("未请假"), row.corrected)
