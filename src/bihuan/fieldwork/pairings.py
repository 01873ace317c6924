"""Use cases of pairings: a unit and one household, one to one, and nothing without the household's consent.

Each is one transaction and one entry on the pairing's chain, harmless when sent again. Name and phone are sealed; to
whom they are shown is logged; they go when the pairing's term is over, or at once when the household says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bihuan.areas.api import within
from bihuan.areas.models import Area
from bihuan.fieldwork import pairing_guards as guards
from bihuan.fieldwork import pairing_store as store
from bihuan.fieldwork.models import Pairing
from bihuan.fieldwork.pairing_ending import PROPOSED_DAYS
from bihuan.fieldwork.pairing_rights import manager_role, open_pairing
from bihuan.fieldwork.pairing_store import Paired
from bihuan.fieldwork.pairing_words import NAME, NEEDS, PHONE, SUBJECT
from bihuan.fieldwork.schemes import SchemeRef, find
from bihuan.fieldwork.sealing import MARK
from bihuan.kernel.api import (
    GENESIS,
    SYSTEM_REF,
    BadInput,
    NotFound,
    Problem,
    Refused,
    SealedValue,
    already,
    append,
    clock,
    erase,
    mask_name,
    parse_id,
    visible,
)
from bihuan.kernel.api import reveal as _reveal
from bihuan.kernel.models import Entry, Sealed
from bihuan.people.api import Actor
from bihuan.people.models import Person, Post

OLDEST = timedelta(days=366)  # paper typed in later
MOST_NAME, MOST_NOTE, MOST_DOOR = 40, 500, 60
_PHONE = re.compile(r"\+?\d{7,15}")


@dataclass(frozen=True, slots=True)
class _Corrected:
    """Values put right: those to seal, and which of which entries they replace."""

    sealed: Sequence[SealedValue] = ()
    gone: Sequence[str] = ()
    entries: frozenset[UUID] = frozenset()


def propose_pairing(
    *,
    actor: Actor,
    id: UUID,  # noqa: A002 - the name every use case has for what its client made
    key: str,
    area_code: str,
    door: str,
    name: str,
    person_id: UUID,
    phone: str = "",
    needs: Iterable[str] = (),
    method_key: str | None = None,
) -> Paired:
    """Propose to pair a unit's person with a household; it is nothing yet until the household agrees.

    Args:
        actor: who manages pairings there.
        id: of the pairing and its first entry; UUIDv7 made by the client.
        key: of the scheme in the method's pairings.
        area_code: of the building.
        door: which household there ("3单元501"); sealed, and no place of the rounds: their list must not tell who is
            helped.
        name: of who speaks for the household; sealed.
        person_id: of the unit, with a post that the scheme asks for; their organisation is the unit.
        phone: sealed; "" where there is none.
        needs: kinds of help of the scheme; sealed.
        method_key: where several methods have the scheme.

    Raises:
        NotFound: no such scheme or building.
        BadInput: door, name, phone, needs or person cannot be.
        Refused: not this actor's to manage; the household or the person is paired already.
    """
    parse_id(str(id))
    if (before := _resent(id)) is not None:
        return before
    now = clock.now()
    with transaction.atomic():
        _building(area_code)
        ref = find(area_code, key, method_key)
        guards.must(guards.may_manage(actor, area_code, ref))
        door = _door(door)
        name, phone, needs = _described(ref, name, phone, needs)
        person, unit = _unit_person(ref, person_id, area_code)
        guards.must(guards.household_is_free(area_code, door, ref), guards.person_is_free(person.pk, ref))
        until = now.astimezone(clock.ZONE).date() + timedelta(days=PROPOSED_DAYS)
        body = {"key": key, "unit": unit.hex, "person": person.pk.hex}
        entry = append(
            subject_type=SUBJECT,
            subject_id=id,
            seq=1,
            prev_hash=GENESIS,
            verb="pairing.proposed",
            actor=actor.ref(manager_role(actor, area_code, ref)),
            area_code=area_code,
            happened_at=now,
            recorded_at=now,
            method=ref.method_ref,
            body=body | ({"needs": MARK} if needs else {}),
            sealed=[
                *store.seal_household(name, phone, until),
                store.seal_door(door, until),
                *store.seal_needs(needs, until),
            ],
            entry_id=id,
        )
        _create(entry, ref, door, person.pk, unit, mask_name(name), needs)
    return Paired(id, 1)


def _resent(entry_id: UUID) -> Paired | None:
    before = already(entry_id)
    if before is None:
        return None
    if before.subject_type != SUBJECT or before.subject_id != entry_id:
        raise BadInput(Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面重试。")))
    return Paired(entry_id, Pairing.objects.get(pk=entry_id).version, created=False)


def _create(
    entry: Entry, ref: SchemeRef, door: str, person_id: UUID, unit: UUID, masked: str, needs: Sequence[str]
) -> None:
    try:
        with transaction.atomic():
            Pairing.objects.create(
                id=entry.subject_id,
                version_ref_id=ref.version_id,
                key=ref.key,
                area_code=entry.area_code,
                door=door,
                organisation_id=unit,
                person_id=person_id,
                masked_name=masked,
                needs=list(needs),
                created_at=entry.recorded_at,
                head_hash=bytes(entry.hash),
            )
    except IntegrityError as error:  # somebody paired the same household at this moment
        guards.must(guards.household_is_free(entry.area_code, door, ref))
        raise Refused(Problem("", _("没有保存成功。"), _("请再提交一次。"))) from error


def _building(area_code: str) -> None:
    if len(area_code) < 12 or not Area.objects.filter(pk=area_code, active=True).exists():
        raise NotFound(Problem("area_code", _("没有这栋楼。"), _("请从区域里选一栋楼。")))


def _door(text: str) -> str:
    """Return a door as it is compared: width and blanks make no difference."""
    door = re.sub(r"\s", "", unicodedata.normalize("NFKC", visible(text)))
    if not door or len(door) > MOST_DOOR:
        raise BadInput(Problem("door", _("请写门牌。"), _("如 3单元501；不写姓名。")))
    return door


def _described(ref: SchemeRef, name: str, phone: str, needs: Iterable[str]) -> tuple[str, str, tuple[str, ...]]:
    problems = []
    name, phone = visible(name), re.sub(r"[\s\-()（）－]", "", visible(phone))
    if not name or len(name) > MOST_NAME:
        problems.append(Problem("name", _("请填写这户的联系人姓名。"), _("最多 %(most)s 个字。") % {"most": MOST_NAME}))
    if phone and not _PHONE.fullmatch(phone):
        problems.append(Problem("phone", _("电话号码不对。"), _("只写数字，座机连区号；没有电话就不填。")))
    wanted = tuple(dict.fromkeys(needs))
    if unknown := [kind for kind in wanted if kind not in ref.spec.help]:
        problems.append(
            Problem(
                "needs",
                _("没有“%(kind)s”这项帮助。") % {"kind": unknown[0]},
                _("可选：%(kinds)s。") % {"kinds": _("、").join(ref.help.values())},
            )
        )
    if problems:
        raise BadInput(problems)
    return name, phone, wanted


def _unit_person(ref: SchemeRef, person_id: UUID, area_code: str) -> tuple[Person, UUID]:
    """Return who of a unit goes, and the unit: they hold a post that the scheme asks for, and their unit is known."""
    # Locked, so that two who pair the same person at once count each other's.
    person = Person.objects.select_for_update().filter(pk=person_id, erased_at__isnull=True).first()
    posts = Post.objects.active(clock.today()).filter(person_id=person_id, role_id__in=list(ref.spec.units))
    if person is None or not any(within(area_code, post.area_code) for post in posts):
        raise BadInput(
            Problem(
                "person_id",
                _("上门的人要在这里担任%(roles)s。") % {"roles": ref.role_titles(ref.spec.units)},
                _("请先在“人员”里登记岗位。"),
            )
        )
    if person.organisation_id is None:
        raise BadInput(Problem("person_id", _("这个人没有登记单位。"), _("请先在“人员”里写明单位。")))
    return person, person.organisation_id


def consent_to_pairing(
    *,
    actor: Actor,
    pairing_id: UUID,
    entry_id: UUID,
    how: str,
    happened_at: datetime | None = None,
    witness_id: UUID | None = None,
    witness: str = "",
    expected_version: int | None = None,
) -> Paired:
    """Record that the household agreed: how, when, and by whom it was witnessed. From then on the pairing runs.

    Args:
        actor: who manages it.
        pairing_id: which.
        entry_id: UUIDv7 made by the client.
        how: one of the scheme's ways ("signed", "spoken").
        happened_at: when they agreed; paper is typed in later.
        witness_id: of a person known here; or else
        witness: their name, sealed. Not who goes there for the unit; of spoken consent, not who types it either.
        expected_version: what the form was made for.

    Raises:
        Http404, BadInput, Refused, Conflict.
    """
    with transaction.atomic():
        work = store.load(
            actor=actor,
            entry_id=entry_id,
            pairing_id=pairing_id,
            happened_at=happened_at,
            expected_version=expected_version,
        )
        if work.resent:
            return Paired(pairing_id, work.pairing.version, created=False)
        guards.must(
            guards.may_manage(actor, work.pairing.area_code, work.ref),
            guards.state_is(work.pairing, Pairing.State.PROPOSED),
        )
        if how not in work.ref.spec.consent:
            raise BadInput(Problem("how", _("这里不用这种同意方式。"), _("请选列出的一种。")))
        if work.happened_at < work.now - OLDEST:
            raise BadInput(Problem("happened_at", _("同意的时间超过一年了。"), _("请重新征得同意。")))
        witness, masked = _witness(work, how, witness_id, visible(witness)[:MOST_NAME])
        work.set(
            state=Pairing.State.ACTIVE,
            consent_how=how,
            consented_at=work.happened_at,
            witness=masked,
            witness_id=witness_id,
        )
        body = {"how": how, "witness": witness_id.hex if witness_id else None}
        work.record("pairing.consented", body, sealed=store.seal_witness(witness))
        store.keep_until(pairing_id, None)
        store.tell(work, "pairing.yours")
    return Paired(pairing_id, work.pairing.version)


def _witness(work: store.Work, how: str, witness_id: UUID | None, name: str) -> tuple[str, str]:
    """Return the witness's name to be sealed ("" for a person known here), and what is shown of it."""
    if witness_id is None and not name:
        raise BadInput(Problem("witness", _("请写明见证人。"), _("如邻居、楼栋长或一起上门的干部。")))
    if witness_id is not None and not Person.objects.filter(pk=witness_id, erased_at__isnull=True).exists():
        raise BadInput(Problem("witness", _("没有这个人。"), _("请从名单里选，或写姓名。")))
    if witness_id is not None and witness_id == work.pairing.person_id:
        raise BadInput(Problem("witness", _("去结对的人不能自己作见证。"), _("请换一位见证人。")))
    if how == "spoken" and witness_id is not None and witness_id == work.actor.person_id:
        raise BadInput(Problem("witness", _("口头同意，登记的人不能自己作见证。"), _("请换一位在场的人。")))
    return ("", "") if witness_id is not None else (name, mask_name(name))


def change_pairing(
    *,
    actor: Actor,
    pairing_id: UUID,
    entry_id: UUID,
    person_id: UUID | None = None,
    needs: Iterable[str] | None = None,
    name: str = "",
    phone: str | None = None,
    expected_version: int | None = None,
) -> Paired:
    """Change who goes, what is needed, or a name or phone that was wrong; what was wrong is erased.

    None (and an empty name) leaves a thing as it is; an empty phone takes it out.

    Raises:
        Http404, BadInput, Refused, Conflict.
    """
    with transaction.atomic():
        work = store.load(actor=actor, entry_id=entry_id, pairing_id=pairing_id, expected_version=expected_version)
        pairing, ref = work.pairing, work.ref
        if work.resent:
            return Paired(pairing_id, pairing.version, created=False)
        guards.must(guards.may_manage(actor, pairing.area_code, ref))
        if pairing.state == Pairing.State.ENDED:
            guards.must(guards.state_is(pairing, Pairing.State.PROPOSED, Pairing.State.ACTIVE))
        given = _described(ref, name or "-", phone or "", pairing.needs if needs is None else needs)
        body: dict[str, Any] = {}
        if person_id is not None and person_id != pairing.person_id:
            _pass_on(work, person_id, body)
        if changed := list(given[2]) != list(pairing.needs):
            work.set(needs=list(given[2]))
        wanted = given[2] if changed else None
        right = _correct(work, visible(name), None if phone is None else given[1], wanted, body)
        if not body:
            raise BadInput(Problem("", _("没有要改的内容。"), _("改了再保存。")))
        work.record("pairing.changed", body, sealed=right.sealed)
        if right.gone:  # after the right value is there: with no name left, all of the household would go
            erase(
                actor=SYSTEM_REF, subject_type=SUBJECT, subject_id=pairing_id, names=right.gone, entry_ids=right.entries
            )
        if "person" in body and pairing.state == Pairing.State.ACTIVE:
            store.tell(work, "pairing.yours")
    return Paired(pairing_id, pairing.version)


def _pass_on(work: store.Work, person_id: UUID, body: dict[str, Any]) -> None:
    """Let another person go: of the same unit, for the household agreed to that unit."""
    _person, unit = _unit_person(work.ref, person_id, work.pairing.area_code)
    if unit != work.pairing.organisation_id:
        raise BadInput(
            Problem(
                "person_id",
                _("这户同意的是另一个单位。"),
                _("请选同一单位的人；要换单位，先结束再重新征得同意。"),
            )
        )
    guards.must(guards.person_is_free(person_id, work.ref, without=work.pairing.pk))
    body["person"] = [work.pairing.person_id.hex if work.pairing.person_id else None, person_id.hex]
    work.set(person_id=person_id)


def _correct(
    work: store.Work, name: str, phone: str | None, needs: Sequence[str] | None, body: dict[str, Any]
) -> _Corrected:
    """Seal what is right under the term of what was there, and say what is to be erased once that is in the record."""
    wrong = [what for what, new in ((NAME, name or None), (PHONE, phone)) if new is not None]
    gone = [*wrong, *([NEEDS] if needs is not None else [])]
    if not gone:
        return _Corrected()
    kept = Sealed.objects.filter(subject_type=SUBJECT, subject_id=work.pairing.pk, erased_at=None)
    until = kept.filter(name=NAME).values_list("expires_on", flat=True).first()
    if wrong:
        body["corrected"] = wrong
    if needs is not None:
        body["needs"] = MARK
    if name:
        work.set(masked_name=mask_name(name))
    old = frozenset(kept.filter(name__in=gone).values_list("entry_id", flat=True))
    sealed = [*store.seal_household(name, phone or "", until), *store.seal_needs(needs or (), until)]
    return _Corrected(sealed, gone, old)


def reveal_pairing(*, actor: Actor, pairing_id: UUID, name: str, reason: str) -> str:
    """Return one sealed value of a pairing in the clear; who looked, when and why is kept, the household sees it.

    Args:
        actor: who goes there for the unit, or who manages it.
        pairing_id: which.
        name: "name", "phone", "witness" or "note".
        reason: why; needed.

    Raises:
        Http404: none of theirs. BadInput: without a reason, or no such value. Refused: it was erased.
    """
    pairing, ref = open_pairing(actor, pairing_id)
    rows = Sealed.objects.filter(subject_type=SUBJECT, subject_id=pairing.pk, name=name)
    sealed = rows.filter(erased_at=None).order_by("-pk").first() or rows.first()
    if sealed is None:
        raise BadInput(Problem("name", _("没有这项内容。"), _("请刷新页面。")))
    who = actor.ref(manager_role(actor, pairing.area_code, ref))
    return _reveal(actor=who, sealed=sealed, reason=visible(reason))
