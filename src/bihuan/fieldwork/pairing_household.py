"""What the household itself sees of its pairing, and by what it is known: the number that is kept.

Consent is on paper or by word first. Who has an account whose number was proven by a code, and whose name begins as
the one that is kept, finds here what is kept about them, why, until when, and who looked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bihuan.fieldwork.models import Pairing, Visit
from bihuan.fieldwork.pairing_words import (
    DOOR,
    NAME,
    NEEDS,
    PHONE,
    SUBJECT,
    consent_title,
    purpose_title,
    reason_title,
    state_title,
    value_title,
)
from bihuan.fieldwork.schemes import SchemeRef, scheme_of
from bihuan.kernel.api import mask_name
from bihuan.kernel.models import Sealed
from bihuan.matters.api import Reading, readings
from bihuan.people.api import Actor, person_names
from bihuan.people.models import User


@dataclass(frozen=True, slots=True)
class KeptValue:
    """One sealed value: what it is, masked, why it is kept, until when (None: while the pairing runs), who looked."""

    name: str
    title: str
    masked: str
    purpose: str
    until: date | None
    reads: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class KeptPairing:
    """All that is kept about a household in one pairing."""

    pairing_id: UUID
    title: str
    state: str
    state_title: str
    unit: str
    person: str
    needs: tuple[str, ...]
    consent: str
    consented_at: datetime | None
    witness: str
    ended_at: datetime | None
    end_reason: str
    keep_days: int  # after the end
    values: tuple[KeptValue, ...]
    visits: int
    last_visit_at: datetime | None
    help: tuple[tuple[str, int], ...]  # (kind in words, how often)


def is_household(actor: Actor, pairing_id: UUID) -> bool:
    """Whether a pairing is about this very person. At most three statements."""
    return any(pairing.pk == pairing_id for pairing in _own(actor))


def is_paired(actor: Actor) -> bool:
    """Whether something is kept about this person's household. At most three statements."""
    return bool(_own(actor))


def kept_about(actor: Actor) -> tuple[KeptPairing, ...]:
    """Return what is kept about this person's household, the latest first; nothing for anybody else."""
    return tuple(kept_in(pairing) for pairing in _own(actor))


def _own(actor: Actor) -> list[Pairing]:
    if actor.kind != "person" or actor.person_id is None:
        return []
    user = User.objects.filter(person_id=actor.person_id, phone_verified_at__isnull=False).first()
    if user is None or user.phone_lookup is None:
        return []
    found = Sealed.objects.filter(
        subject_type=SUBJECT, name=PHONE, lookup=bytes(user.phone_lookup), erased_at__isnull=True
    )
    rows = Pairing.objects.filter(pk__in=list(found.values_list("subject_id", flat=True)))
    mine = rows.filter(masked_name=mask_name(actor.name))  # a number that has changed hands leads nobody here
    return list(mine.select_related("organisation").order_by("-pk"))


def kept_in(pairing: Pairing) -> KeptPairing:
    """Return what is kept in one pairing, as the household is told; the caller knows who asks. Five statements."""
    ref = scheme_of(pairing.version_ref_id, pairing.key)
    persons = [person for person in (pairing.person_id, pairing.witness_id) if person]
    names = person_names(persons) if persons else {}
    visits = Visit.objects.filter(pairing=pairing, withdrawn=False)
    kinds = Counter(visits.values_list("help_kind", flat=True))
    return KeptPairing(
        pairing_id=pairing.pk,
        title=ref.title,
        state=pairing.state,
        state_title=state_title(pairing),
        unit=pairing.organisation.name,
        person=names.get(pairing.person_id, "") if pairing.person_id else "",
        needs=tuple(ref.help.get(kind, kind) for kind in pairing.needs),
        consent=consent_title(pairing.consent_how) if pairing.consent_how else "",
        consented_at=pairing.consented_at,
        witness=pairing.witness or (names.get(pairing.witness_id, "") if pairing.witness_id else ""),
        ended_at=pairing.ended_at,
        end_reason=reason_title(pairing.end_reason) if pairing.end_reason else "",
        keep_days=ref.keep_days,
        values=values_of(pairing),
        visits=sum(kinds.values()),
        last_visit_at=pairing.last_visit_at,
        help=help_given(ref, kinds),
    )


def help_given(ref: SchemeRef, kinds: Counter[str]) -> tuple[tuple[str, int], ...]:
    """Return how often each kind of help was given, in the method's order; what it no longer names comes last."""
    titles = ref.help
    order = [*titles, *sorted(set(kinds) - set(titles) - {""})]
    return tuple((titles.get(kind, kind), kinds[kind]) for kind in order if kinds[kind])


def values_of(pairing: Pairing) -> tuple[KeptValue, ...]:
    """Return the sealed values of a pairing, masked, each with who read it. Three statements.

    Without the kinds of help needed: whoever may see the others sees those in words.
    """
    kept = Sealed.objects.filter(subject_type=SUBJECT, subject_id=pairing.pk, erased_at=None).exclude(name=NEEDS)
    first = [NAME, PHONE, DOOR]
    rows = sorted(kept, key=lambda row: (first.index(row.name) if row.name in first else len(first), row.pk))
    reads = _by_value(readings(row.pk for row in rows))
    return tuple(
        KeptValue(
            name=row.name,
            title=value_title(row.name),
            masked=pairing.door if row.name == DOOR else row.masked,
            purpose=purpose_title(row.purpose),
            until=row.expires_on,
            reads=tuple(reads.get(row.pk, ())),
        )
        for row in rows
    )


def _by_value(found: Iterable[Reading]) -> dict[int, list[Reading]]:
    by_value: dict[int, list[Reading]] = {}
    for reading in found:
        by_value.setdefault(reading.sealed_id, []).append(reading)
    return by_value
