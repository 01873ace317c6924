"""What pairings tell the layers below at start: verbs, rights, what goes with an erasure, the ends of their chains."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.areas.api import names
from bihuan.fieldwork.models import Pairing
from bihuan.fieldwork.pairing_words import SUBJECT
from bihuan.kernel.api import register_heads, register_job
from bihuan.people.api import register_ties


def register() -> None:
    """Register everything; called once at start, after the package's own scopes."""
    from bihuan.fieldwork import pairing_ending, pairing_forgetting, pairing_rights, pairing_verbs

    pairing_verbs.register()
    pairing_rights.register()
    pairing_forgetting.register()
    register_heads(SUBJECT, heads)
    register_ties(ties)
    register_job("fieldwork.lapse_proposals", pairing_ending.lapse_proposals, 3600)


def heads(ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Return what each pairing's row says its chain ends with, for ``bihuan verify``."""
    rows = Pairing.objects.filter(pk__in=list(ids)).values_list("pk", "version", "head_hash")
    return {key: (version, bytes(head)) for key, version, head in rows}


def ties(person_id: UUID) -> list[str]:
    """Return the households that a person of a unit still goes to, by their building alone."""
    codes = Pairing.objects.filter(person_id=person_id).exclude(state=Pairing.State.ENDED)
    found = list(codes.order_by("pk").values_list("area_code", flat=True))
    called = names(found) if found else {}
    return [_("%(place)s的结对") % {"place": called.get(code, code)} for code in found]
