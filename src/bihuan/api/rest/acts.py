"""What may be done on a matter, and what the matter is now: enough for a phone to ask for it and to show both sides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import get_language

from bihuan.matters.api import matter_page
from bihuan.methods.api import FieldSpec, Method, Offer, get_method
from bihuan.people.api import Actor


def language() -> str:
    """Return "en" or "zh"."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def acts_of(offers: tuple[Offer, ...], version_id: UUID) -> list[dict[str, Any]]:
    """Return the acts that may be done now, with the fields that each takes."""
    method = get_method(version_id)
    return [_act(offer, method) for offer in offers if not offer.refusals]


def _act(offer: Offer, method: Method) -> dict[str, Any]:
    return {
        "action": offer.action,
        "title": offer.title_en if offer.title_en and language() == "en" else offer.title,
        "does": offer.does,
        "must": offer.must,
        "reason": offer.reason,
        "photos": dict(offer.photos),
        "assigns": list(offer.assigns),
        "gives": [_field(key, method.file.fields.get(key), key in offer.required) for key in offer.gives],
    }


def _field(key: str, spec: FieldSpec | None, required: bool) -> dict[str, Any]:  # noqa: FBT001
    lang = language()
    return {
        "key": key,
        "title": spec.title.say(lang) if spec else key,
        "type": spec.type if spec else "text",
        "required": required,
        "hint": spec.hint.say(lang) if spec and spec.hint else "",
        "options": [{"key": option, "title": text.say(lang)} for option, text in spec.options.items()] if spec else [],
    }


def now_of(actor: Actor, matter_id: UUID) -> dict[str, Any] | None:
    """Return where a matter stands and who moved it last; None where the caller may not see it."""
    try:
        page = matter_page(actor, matter_id)
    except (Http404, PermissionDenied):
        return None
    matter, last = page.matter, page.timeline[-1] if page.timeline else None
    return {
        "matter_id": matter.pk,
        "number": page.display_number,
        "title": matter.title,
        "area_name": page.area_name,
        "is_open": matter.is_open,
        "step": matter.step,
        "step_title": page.step_title,
        "outcome_title": page.outcome_title,
        "version": matter.version,
        "updated_at": matter.updated_at,
        "last": {"sentence": last.sentence, "who": last.who, "at": last.happened_at} if last else None,
        "acts": acts_of(page.offers, matter.version_ref_id),
    }
