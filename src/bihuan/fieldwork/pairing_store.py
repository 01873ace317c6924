"""How a use case of a pairing writes: lock it, append one entry to its chain, save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from bihuan.fieldwork.models import Pairing
from bihuan.fieldwork.pairing_rights import manager_role, open_pairing
from bihuan.fieldwork.pairing_words import DOOR, NAME, NEEDS, NOTE, PHONE, SUBJECT, WITNESS
from bihuan.fieldwork.schemes import SchemeRef
from bihuan.kernel.api import BadInput, Conflict, Problem, SealedValue, already, append, clock, notify, parse_id, seal
from bihuan.kernel.models import Entry, Sealed
from bihuan.people.api import Actor

LIST_LINK = "/desk/pairings/"
PURPOSE = "上门帮扶、联系本人"
PURPOSE_WITNESS = "证明本人同意"
PURPOSE_NOTE = "说明结对为什么结束"


@dataclass(frozen=True, slots=True)
class Paired:
    """What a use case did; ``created`` is False where this very entry had been written before."""

    pairing_id: UUID
    version: int
    created: bool = True


@dataclass(slots=True)
class Work:
    """One use case under way: the locked pairing, its scheme, who acts, when. ``resent``: it was done before."""

    pairing: Pairing
    ref: SchemeRef
    actor: Actor
    entry_id: UUID
    now: datetime
    happened_at: datetime
    resent: bool = False
    touched: set[str] = field(default_factory=set)

    def set(self, **values: Any) -> None:
        """Change fields of the pairing; ``record`` saves them."""
        for name, value in values.items():
            setattr(self.pairing, name, value)
        self.touched.update(values)

    def record(
        self, verb: str, body: Mapping[str, Any], *, sealed: Sequence[SealedValue] = (), role: str = ""
    ) -> Entry:
        """Append the use case's one entry and save what was set."""
        pairing = self.pairing
        entry = append(
            subject_type=SUBJECT,
            subject_id=pairing.pk,
            seq=pairing.version + 1,
            prev_hash=bytes(pairing.head_hash),
            verb=verb,
            actor=self.actor.ref(role or manager_role(self.actor, pairing.area_code, self.ref)),
            area_code=pairing.area_code,
            happened_at=self.happened_at,
            recorded_at=self.now,
            method=self.ref.method_ref,
            body=body,
            sealed=sealed,
            entry_id=self.entry_id,
        )
        self.set(version=pairing.version + 1, head_hash=bytes(entry.hash))
        pairing.save(update_fields=sorted(self.touched))
        return entry


def load(
    *,
    actor: Actor,
    entry_id: UUID,
    pairing_id: UUID,
    happened_at: datetime | None = None,
    expected_version: int | None = None,
) -> Work:
    """Lock a pairing for somebody who may know of it.

    Raises:
        Http404: there is none, or it is none of theirs.
        BadInput: the id was used for another record, or the instant cannot be.
        Conflict: somebody else has changed it since ``expected_version``.
    """
    rows = Pairing.objects.select_for_update(of=("self",)).select_related("organisation")
    pairing, ref = open_pairing(actor, pairing_id, rows)
    return work_on(pairing, ref, actor, entry_id, happened_at, expected_version)


def work_on(
    pairing: Pairing,
    ref: SchemeRef,
    actor: Actor,
    entry_id: UUID,
    happened_at: datetime | None = None,
    expected_version: int | None = None,
) -> Work:
    """Begin on a pairing that the caller has locked and may change."""
    entry_id = parse_id(str(entry_id))
    now = clock.now()
    before = already(entry_id)
    if before is not None and (before.subject_type, before.subject_id) != (SUBJECT, pairing.pk):
        raise BadInput(Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面重试。")))
    work = Work(pairing, ref, actor, entry_id, now, happened_at or now, resent=before is not None)
    if work.resent:
        return work
    check_instant(work.happened_at, now)
    if expected_version is not None and expected_version != pairing.version:
        raise Conflict(
            pairing.version, Problem("", _("别人刚刚改过这户结对。"), _("请看最新情况，再决定是否继续。您填写的都在。"))
        )
    return work


def check_instant(at: datetime, now: datetime) -> None:
    """Refuse an instant without a zone or one that has not come.

    Raises:
        BadInput: with why.
    """
    if at.tzinfo is None:
        raise BadInput(Problem("happened_at", _("时间缺少时区。"), _("请写成 2024-04-01T09:30+08:00。")))
    if at > now:
        raise BadInput(Problem("happened_at", _("写的时间还没有到。"), _("核对日期和钟点，写实际发生的时间。")))


def seal_household(name: str, phone: str, keep_until: date | None) -> list[SealedValue]:
    """Seal who the household is; by their hashes a text that names them is found, and the phone's owner finds this."""
    sealed = []
    if name:
        sealed.append(
            seal(NAME, name, purpose=PURPOSE, encrypted=True, keep_until=keep_until, lookup=True, mask="name")
        )
    if phone:
        sealed.append(
            seal(PHONE, phone, purpose=PURPOSE, encrypted=True, keep_until=keep_until, lookup=True, mask="phone")
        )
    return sealed


def seal_door(door: str, keep_until: date | None) -> SealedValue:
    """Seal which door it is: the entries tell the building alone."""
    return seal(DOOR, door, purpose=PURPOSE, encrypted=True, keep_until=keep_until)


def seal_needs(needs: Sequence[str], keep_until: date | None) -> list[SealedValue]:
    """Seal what kinds of help a household needs: the entries tell that something was said, and no more."""
    text = orjson.dumps(list(needs)).decode()
    return [seal(NEEDS, text, purpose=PURPOSE, encrypted=True, keep_until=keep_until)] if needs else []


def seal_witness(name: str) -> list[SealedValue]:
    """Seal the name of a witness whom the site does not know."""
    if not name:
        return []
    return [seal(WITNESS, name, purpose=PURPOSE_WITNESS, encrypted=True, keep_until=None, mask="name")]


def seal_note(text: str, keep_until: date) -> list[SealedValue]:
    """Seal what was written on ending."""
    return [seal(NOTE, text, purpose=PURPOSE_NOTE, encrypted=True, keep_until=keep_until)] if text else []


def keep_until(pairing_id: UUID, day: date | None, entries: Iterable[UUID] | None = None) -> None:
    """Set the last day on which a pairing's personal values are kept; none while it runs."""
    kept = Sealed.objects.filter(subject_type=SUBJECT, subject_id=pairing_id, erased_at=None)
    (kept if entries is None else kept.filter(entry_id__in=list(entries))).update(expires_on=day)


def last_day(ref: SchemeRef, ended_at: datetime) -> date:
    """Return the last day on which personal values are kept once a pairing has ended."""
    return ended_at.astimezone(clock.ZONE).date() + timedelta(days=ref.keep_days)


def tell(work: Work, kind: str) -> None:
    """Ring the bell of who goes there; without a name: the bell outlives an erasure."""
    if work.pairing.person_id is None or work.pairing.person_id == work.actor.person_id:
        return
    title = work.ref.spec.title
    link = f"{LIST_LINK}{work.pairing.pk}/" if kind == "pairing.yours" else LIST_LINK
    notify(work.pairing.person_id, kind, {"title": title.zh, "title_en": title.en}, link)
