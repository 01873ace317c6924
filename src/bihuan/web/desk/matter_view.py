"""What the page of a matter shows, as plain data for its template."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bihuan.matters.api import MatterPage, TimelineLine, readings
from bihuan.matters.models import Matter
from bihuan.methods import api as methods
from bihuan.methods.api import Offer
from bihuan.web.desk import choices
from bihuan.web.desk.forms import GIVEN, ActionForm, reveal_reasons
from bihuan.web.desk.hand import hand_url
from bihuan.web.stages import progress_of


def context(page: MatterPage, *, offer: Offer | None, form: ActionForm | None) -> dict[str, Any]:
    """Return the template's data: at most four statements beside those of ``matter_page``."""
    method = methods.get_method(page.matter.version_ref_id)
    english = choices.language() == "en"
    matter = page.matter
    waits = waiting(page, method)
    mine = [other for other in page.offers if not any(refusal.code == "role" for refusal in other.refusals)]
    return {
        "page": page,
        "matter": matter,
        "badge": _badge(matter, page),
        "progress": progress_of(
            matter.version_ref_id,
            page.steps,
            is_open=matter.is_open,
            until=matter.due_at,
        ),
        "chosen": _offer(offer, matter.pk, english=english) if offer else None,
        "form": form,
        "why": why(offer, page, method) if offer else "",
        "asked": asked(page, offer.action, method) if offer else None,
        "offers": [_offer(other, matter.pk, english=english) for other in mine if other is not offer],
        "others": [_offer(other, matter.pk, english=english) for other in page.offers if other not in mine],
        "waits": waits,
        "step_note": _note(method, matter.step),
        "timeline": lines(page),
        "evidence": evidence(page),
        "stations": [
            {"title": step.title, "state": "next" if step.state == "ahead" else step.state} for step in page.steps
        ],
        "clocks": [clock for clock in page.clocks if clock.stopped_at is None],
        "stopped": [clock for clock in page.clocks if clock.stopped_at is not None],
        "related": related(page),
        "reads": readers(page),
        "public_url": _public_url(page),
        "channel": _(str(matter.get_channel_display())),
        "head_hash": bytes(matter.head_hash).hex(),
        "reveal_reasons": reveal_reasons(),
        "unfilled": unfilled(page, method),
        "hand_url": hand_url(page),
    }


def _badge(matter: Matter, page: MatterPage) -> str:
    if matter.is_open:
        return "doing"
    return "settled" if page.outcome_title else "closed"


def _offer(offer: Offer, matter_id: UUID, *, english: bool) -> dict[str, Any]:
    title = offer.title_en if english and offer.title_en else offer.title
    reasons = [
        {
            "why": refusal.message_en if english and refusal.message_en else refusal.message,
            "how": refusal.mend_en if english and refusal.mend_en else refusal.mend,
        }
        for refusal in offer.refusals
    ]
    return {
        "action": offer.action,
        "title": title,
        "must": offer.must,
        "primary": offer.primary,
        "reasons": reasons,
        "url": f"{reverse('desk:matter', args=[matter_id])}?do={offer.action}#do",
        "post": reverse("desk:matter_act", args=[matter_id, offer.action]),
    }


def why(offer: Offer, page: MatterPage, method: Any) -> str:
    """Return the reason for the next act in words: who waits for whom."""
    if offer.must:
        return _("轮到您了：“%(step)s”这个环节等着您做这件事。") % {"step": page.step_title}
    return _("您可以做，不是必须做。")


def _note(method: Any, step: str) -> str:
    spec = method.steps.get(step)
    return str(spec.note) if spec else ""


def waiting(page: MatterPage, method: Any) -> list[dict[str, str]]:
    """Return for whom the matter waits now: the role's title (or the person's name) and the act. No statement."""
    if not page.matter.is_open:
        return []
    lang = choices.language()
    parties = {party.person_id: party.name for party in page.parties}
    state = methods.state_from_json(page.matter.state_json)
    found: dict[tuple[str, str], dict[str, str]] = {}
    for wait in methods.waits(method, state):
        if wait.role == "system" or wait.role.startswith("meeting:"):
            continue
        name = parties.get(UUID(hex=wait.person), "") if wait.person else ""
        who = name or method.role_title(wait.role).say(lang)
        act = method.action_title(wait.action).say(lang)
        found.setdefault((who, act), {"who": who, "act": act})
    return list(found.values())


def asked(page: MatterPage, action: str, method: Any) -> dict[str, Any] | None:
    """Return what somebody asked for when ``action`` is to grant or deny it: who, why, until when, since when."""
    key, _dot, part = action.partition(".")
    pending = methods.state_from_json(page.matter.state_json).pending.get(key) if part else None
    if pending is None:
        return None
    line = next((line for line in reversed(page.timeline) if line.action == key), None)
    until = pending.data.get("until")
    return {
        "title": line.sentence if line else method.action_title(key).say(choices.language()),
        "reason": line.reason if line and line.reason not in line.sentence else "",
        "until": datetime.fromisoformat(until) if isinstance(until, str) else until,
        "at": pending.asked_at,
    }


def lines(page: MatterPage) -> list[dict[str, Any]]:
    """Return the timeline, newest first, each line with its photos."""
    photos = {photo.id: photo for photo in page.photos}
    return [
        {
            "line": line,
            "late": _typed_later(line),
            "reason": "" if line.reason in line.sentence else line.reason,
            "photos": [photos[key] for key in line.photos if key in photos],
        }
        for line in reversed(page.timeline)
    ]


def _typed_later(line: TimelineLine) -> bool:
    return (line.recorded_at - line.happened_at).total_seconds() >= 60


def evidence(page: MatterPage) -> list[dict[str, Any]]:
    """Return the photos by what they show: before and after side by side."""
    titles = {"scene": _("现场"), "before": _("办理前"), "after": _("办理后"), "paper": _("纸质材料")}
    groups: dict[str, list[Any]] = {}
    for photo in page.photos:
        groups.setdefault(photo.tag, []).append(photo)
    order = {tag: index for index, tag in enumerate(titles)}
    return [
        {"title": titles.get(tag, tag), "photos": found}
        for tag, found in sorted(groups.items(), key=lambda item: order.get(item[0], 9))
    ]


def readers(page: MatterPage) -> list[dict[str, Any]]:
    """Return who read personal values of this matter in the clear, when and why. At most two statements."""
    titles = {line.id: line.title for line in page.sealed if line.id is not None}
    if not titles or not page.may_see_personal:
        return []
    return [{"read": reading, "what": titles.get(reading.sealed_id, "")} for reading in readings(titles)]


def _public_url(page: MatterPage) -> str:
    if not page.matter.public:
        return ""
    try:
        return reverse("portal:matter", args=[page.number])
    except NoReverseMatch:
        return ""


def unfilled(page: MatterPage, method: Any) -> list[dict[str, Any]]:
    """Return the responsibilities that nobody holds yet and that are still to be named: empty places of 1+1+1."""
    lang = choices.language()
    held = {party.role for party in page.parties}
    ahead = (page.matter.step, *methods.likely_path(method, page.matter.step)) if page.matter.is_open else ()
    named = {role for step in ahead for move in method.places[step].moves.values() for role in move.assigns}
    return [
        {"title": rule.title.say(lang), "count": rule.count}
        for role, rule in method.responsibility.items()
        if role not in held and role in named
    ]


KINDS = {
    "duplicate_of": gettext_noop("并入"),
    "duplicate": gettext_noop("并入本件的"),
    "parent": gettext_noop("上级事项"),
    "child": gettext_noop("下级事项"),
}


def related(page: MatterPage) -> list[dict[str, Any]]:
    """Return the matters this one is tied to."""
    return [
        {
            "kind_title": _(KINDS.get(other.kind, other.kind)),
            "url": reverse("desk:matter", args=[other.matter_id]),
            "display_number": other.display_number,
            "title": other.title,
        }
        for other in page.related
    ]


def sealed(page: MatterPage, revealed: dict[str, Any] | None, asked_for: str) -> list[dict[str, Any]]:
    """Return the personal values, masked; the one just revealed in the clear."""
    return [
        {
            "id": line.id,
            "title": line.title,
            "masked": line.masked,
            "purpose": line.purpose,
            "shown": revealed["value"] if revealed and revealed["id"] == line.id else "",
            "asking": bool(asked_for) and asked_for == str(line.id),
        }
        for line in page.sealed
        if line.name not in {"title", "text"}  # stand at the head of the page for whoever may read the matter
    ]


def typed_text(post: QueryDict, page: MatterPage) -> list[dict[str, str]]:
    """Return what was typed into a form that no longer stands, to be read and copied."""
    method = methods.get_method(page.matter.version_ref_id)
    lang = choices.language()
    found = []
    for name, value in post.items():
        if not isinstance(value, str) or not value.strip():
            continue
        if name == "reason":
            found.append({"title": _("理由"), "text": value})
        elif name.startswith(GIVEN) and (spec := method.fields.get(name.removeprefix(GIVEN))):
            found.append({"title": spec.title.say(lang), "text": value})
    return found
