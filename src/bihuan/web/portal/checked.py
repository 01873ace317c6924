"""Is what a public page shows what the record holds? Worked out anew from the entries each time it is asked.

Three things are compared: the chain of the subject's entries with its hashes (``kernel.verify``), what the page shows
with what the entries say, and the entry's place in the day whose root is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import find
from bihuan.kernel.api import InclusionProof, NotFound, canonical, clock, instant, merkle, prove, verify
from bihuan.kernel.models import DayRoot, Entry, Sealed
from bihuan.matters.api import GONE, check_matter
from bihuan.meetings.models import AgendaItem
from bihuan.reporting.models import Bulletin
from bihuan.web.portal.subjects import Subject, code_of

COMMUNITY = 12
PROOF_SECONDS = 86_400
_BEGAN = ("called", "opened")
_SHOWN = ("title", "blocks_json", "to", "copies", "number")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. ``wrong``: each thing that is not as it was recorded, in words; empty: unchanged.

    ``first``: when it was recorded first; ``entry``: the one that holds what is shown (of a matter the last one with a
    published day); ``after``: how many entries came after it; ``erased``: words of it were erased at somebody's wish.
    """

    subject: Subject
    office: str
    first: Entry
    entry: Entry
    code: str
    count: int
    after: int
    wrong: tuple[str, ...]
    erased: bool
    withdrawn: bool
    root: DayRoot | None
    proof: InclusionProof | None

    @property
    def hash(self) -> str:
        """The entry's hash, in hex."""
        return bytes(self.entry.hash).hex()

    @property
    def position(self) -> int:
        """Which of the day's entries it is, from 1; 0 without a proof."""
        return self.proof.index + 1 if self.proof is not None else 0


def check(subject: Subject) -> Checked | None:
    """Check a public subject; None where the record holds nothing of it."""
    if subject.id is None:
        return None
    entries = list(Entry.objects.filter(subject_type=subject.type, subject_id=subject.id).order_by("seq"))
    if not entries:
        return None
    sealed = list(Sealed.objects.filter(subject_type=subject.type, subject_id=subject.id))
    roots = DayRoot.objects.in_bulk({_day(entry) for entry in entries})
    entry = _main(subject, entries, roots)
    wrong = [*_chain(subject), *_content(subject, entries, sealed)]
    root = roots.get(_day(entry))
    proof = _proof(entry, root) if root is not None else None
    if root is not None and proof is None:
        wrong.append(_("%(day)s 公布的总指纹里没有这条记录：那一天的记录被改动过。") % {"day": root.day.isoformat()})
    return Checked(
        subject=subject,
        office=_office(entries[0].area_code),
        first=entries[0],
        entry=entry,
        code=code_of(entry),
        count=len(entries),
        after=entries[-1].seq - entry.seq,
        wrong=tuple(dict.fromkeys(wrong)),
        erased=any(one.erased_at is not None and not one.encrypted for one in sealed),
        withdrawn=subject.type == "bulletin" and subject.row.state == Bulletin.State.WITHDRAWN,
        root=root,
        proof=proof,
    )


def _day(entry: Entry) -> Any:
    return entry.recorded_at.astimezone(clock.ZONE).date()


def _main(subject: Subject, entries: list[Entry], roots: Mapping[Any, DayRoot]) -> Entry:
    verb = {"bulletin": "bulletin.published", "meeting": "meeting.published"}.get(subject.type)
    if verb is not None:
        return next((entry for entry in reversed(entries) if entry.verb == verb), entries[-1])
    return next((entry for entry in reversed(entries) if _day(entry) in roots), entries[-1])


def _office(code: str) -> str:
    area = find(code[:COMMUNITY])
    return area.name if area is not None else code[:COMMUNITY]


def _chain(subject: Subject) -> Iterator[str]:
    """Yield what is wrong with the subject's own chain."""
    assert subject.id is not None  # noqa: S101 - areas are not checked
    english = (get_language() or "").startswith("en")
    for flaw in verify((subject.type, subject.id)).flaws:
        what = flaw.what_en if english else flaw.what
        yield _("第 %(seq)s 条记录：%(what)s") % {"seq": flaw.seq, "what": what} if flaw.seq else what


def _proof(entry: Entry, root: DayRoot) -> InclusionProof | None:
    """Return the proof that an entry stands in its day's root; None where it does not.

    A way that was found is kept: it is tried with the entry and the root as they are now, so it cannot hide a change.
    """
    key, hashed, rooted = f"portal-proof:{entry.pk.hex}", bytes(entry.hash), bytes(root.root)
    kept: tuple[int, int, tuple[bytes, ...]] | None = cache.get(key)
    if kept is not None and merkle.includes(rooted, hashed, *kept):
        return InclusionProof(entry.pk, hashed, root.day, *kept, rooted)
    try:
        proof = prove(entry.pk)
    except NotFound:
        return None
    if not proof.holds():
        return None
    cache.set(key, (proof.index, proof.count, proof.path), PROOF_SECONDS)
    return proof


def _content(subject: Subject, entries: list[Entry], sealed: list[Sealed]) -> Iterator[str]:
    """Yield what the page shows otherwise than the entries say."""
    match subject.type:
        case "bulletin":
            yield from _bulletin(subject.row, entries, sealed)
        case "meeting":
            yield from _meeting(subject.row, entries, sealed)
        case _:
            yield from _matter(subject.row, entries, sealed)


def _text(sealed: list[Sealed], entry_id: UUID, name: str) -> str | None:
    """Return a sealed text that is still there."""
    for one in sealed:
        if one.entry_id == entry_id and one.name == name and one.erased_at is None and not one.encrypted:
            return bytes(one.content or b"").decode("utf-8", "replace")  # what it must be is the chain's check
    return None


def _bulletin(row: Bulletin, entries: list[Entry], sealed: list[Sealed]) -> Iterator[str]:
    said = [one for one in entries if one.verb in {"bulletin.published", "bulletin.withdrawn", "bulletin.forgotten"}]
    out = bool(said) and said[-1].verb == "bulletin.published"
    if out != (row.state == Bulletin.State.PUBLISHED):
        yield _("页面上的状态（发布或撤回）与记录不符。")
    if not out:
        return
    body = _body(said[-1])
    if row.kind == Bulletin.Kind.NOTICE and body.get("until") != str(row.window_until):
        yield _("公示期与记录不符。")
    if row.published_at != said[-1].happened_at:
        yield _("发布时间与记录不符。")
    titles = {
        "title": _("标题"), "blocks_json": _("正文"), "to": _("主送"), "copies": _("抄送"), "number": _("文号"),
    }  # fmt: skip
    text = _text(sealed, said[-1].pk, "text")
    then = _object(text)
    for name in _SHOWN:
        if then.get(name) != getattr(row, name):
            yield _("%(what)s与发布时的记录不一致。") % {"what": titles[name]}
    ends = [one for one in entries if one.verb == "bulletin.concluded"]
    outcome = _text(sealed, ends[-1].pk, "outcome") if ends else ""
    if outcome is not None and outcome != row.outcome:
        yield _("公示结果与记录不符。")


def _meeting(row: Any, entries: list[Entry], sealed: list[Sealed]) -> Iterator[str]:
    told = [one for one in entries if one.verb == "meeting.published"]
    if not told:
        yield _("记录里没有公布这次会议的结果。")
        return
    until = row.objections_until.isoformat() if row.objections_until else ""
    if row.published_at != told[-1].happened_at or _body(told[-1]).get("objections_until", "") != until:
        yield _("公布时间或公示期与记录不符。")
    called, opened = (next((one for one in entries if one.verb == f"meeting.{verb}"), None) for verb in _BEGAN)
    if called is not None and [_body(called).get(name) for name in ("title", "place")] != [row.title, row.place]:
        yield _("会议的名称或地点与记录不符。")
    if opened is not None and (row.opened_at, row.quorum.get("zh")) != (opened.happened_at, _body(opened).get("found")):
        yield _("开会时间或到会人数与记录不符。")
    counts = {body["item"]: body for body in _bodies(entries, "meeting.ballot_closed")}
    decided = {_body(one).get("item"): one for one in entries if one.verb == "meeting.resolved"}
    for item in AgendaItem.objects.filter(meeting_id=row.pk).select_related("resolution").order_by("order"):
        if item.count and item.count != counts.get(str(item.pk), {}).get("count"):
            yield _("第 %(n)s 项议题的票数与记录不符。") % {"n": item.order}
        resolution, entry = getattr(item, "resolution", None), decided.get(str(item.pk))
        if not _same(item, resolution, entry, sealed):
            yield _("第 %(n)s 项议题的决议与记录不符。") % {"n": item.order}


def _same(item: AgendaItem, resolution: Any, entry: Entry | None, sealed: list[Sealed]) -> bool:
    if resolution is None or entry is None:
        return resolution is entry
    body, text = _body(entry), _text(sealed, entry.pk, "text")
    state = AgendaItem.State.CARRIED if body.get("carried") else AgendaItem.State.REJECTED
    due = resolution.due_on.isoformat() if resolution.due_on else ""
    return (
        resolution.carried == body.get("carried")
        and item.state == state
        and (text is None or text == resolution.text)
        and resolution.parties == body.get("parties")
        and due == body.get("due_on", "")
    )


def _matter(row: Any, entries: list[Entry], sealed: list[Sealed]) -> Iterator[str]:
    title = _text(sealed, entries[0].pk, "title")
    if title is not None and row.title not in {title, GONE}:
        yield _("标题与记录不符。")
    erased = any(one.erased_at is not None for one in sealed)
    words = {
        "step": _("办到哪一步"), "is_open": _("是否办结"), "outcome": _("办理结果"), "due_at": _("办理期限"),
        "card": _("督办牌"),
    }  # fmt: skip
    try:
        differences = list(check_matter(row))
    except (ValueError, LookupError, TypeError, AttributeError):  # an entry's body is no longer one
        yield _("%(what)s与记录不符。") % {"what": _("办理情况")}
        return
    for found in differences:
        if found.what == "state" and erased:
            continue  # a condition may have read what is erased; the chain itself is checked all the same
        name = words.get(found.where.rpartition(".")[2], _("办理情况"))
        yield _("%(what)s与记录不符。") % {"what": name}


def _body(entry: Entry) -> dict[str, Any]:
    return _object(entry.body)


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _bodies(entries: list[Entry], verb: str) -> list[dict[str, Any]]:
    return [body for one in entries if one.verb == verb and "item" in (body := _body(one))]


def entry_text(entry: Entry) -> str:
    """Return the canonical JSON over which an entry's hash is worked out (see ``kernel.chain``)."""
    text = canonical(
        {
            "actor_id": str(entry.actor_id) if entry.actor_id else None,
            "actor_role": entry.actor_role,
            "area_code": entry.area_code,
            "body": entry.body,
            "happened_at": instant(entry.happened_at),
            "id": str(entry.pk),
            "method": entry.method,
            "prev_hash": bytes(entry.prev_hash).hex(),
            "recorded_at": instant(entry.recorded_at),
            "seq": entry.seq,
            "subject_id": str(entry.subject_id),
            "subject_type": entry.subject_type,
            "verb": entry.verb,
        }
    )
    return text.decode()
