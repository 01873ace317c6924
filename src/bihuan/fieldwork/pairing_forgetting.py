"""What goes when a pairing's personal values go: at their term, at the household's word, or for want of consent.

Name, phone, door, needs, witness and note are sealed under the pairing; what was written on the visits under each
visit. When the name goes, so does what was written on the visits there: it may name people. That somebody went, when,
and what kind of help was given stays, and tells of nobody.
"""

from __future__ import annotations

from uuid import UUID

from bihuan.fieldwork.models import Pairing, Visit
from bihuan.fieldwork.pairing_words import DOOR, NAME, NEEDS, NOTE, PHONE, SUBJECT, WITNESS
from bihuan.kernel.api import SYSTEM_REF, erase, erase_photos, register_erasure
from bihuan.kernel.models import Sealed

PERSONAL = frozenset({NAME, PHONE, DOOR, NEEDS, WITNESS, NOTE})
_BATCH = 500


def register() -> None:
    """Hand the wiping to the kernel; called once at start."""
    register_erasure(SUBJECT, wipe)


def wipe(subject_id: UUID, names: frozenset[str]) -> None:
    """Clear the copies on the pairing's row; with the name, what was written on its visits."""
    left = Sealed.objects.filter(subject_type=SUBJECT, subject_id=subject_id, erased_at=None)
    kept = set(left.values_list("name", flat=True))
    gone = names - kept  # a corrected name is erased while the right one stays
    cleared: dict[str, object] = {}
    if NAME in gone:
        cleared |= {"masked_name": "", "door": "", "needs": []}
    if NEEDS in gone:
        cleared["needs"] = []
    if WITNESS in gone:
        cleared["witness"] = ""
    if cleared:
        Pairing.objects.filter(pk=subject_id).update(**cleared)
    if NAME in gone:
        erase_visits(subject_id)


def erase_visits(pairing_id: UUID) -> int:
    """Erase what was written, photographed and spoken on the visits of a pairing; returns how many values."""
    count = 0
    visits = list(Visit.objects.filter(pairing_id=pairing_id).values_list("pk", flat=True))
    for start in range(0, len(visits), _BATCH):
        chunk = visits[start : start + _BATCH]
        written = Sealed.objects.filter(subject_type="visit", subject_id__in=chunk, erased_at=None)
        for visit_id in set(written.values_list("subject_id", flat=True)):
            count += erase(actor=SYSTEM_REF, subject_type="visit", subject_id=visit_id)
        for visit_id in chunk:
            erase_photos("visit", visit_id)
    return count


def erase_all(pairing_id: UUID) -> int:
    """Erase every personal value of a pairing now; the use case that asks for it writes the entry."""
    return erase(actor=SYSTEM_REF, subject_type=SUBJECT, subject_id=pairing_id)
