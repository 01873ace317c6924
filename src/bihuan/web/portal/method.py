"""What the portal asks of a work method: the words of its choices, and what the public may read."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.kernel.api import NotFound, Refused
from bihuan.matters.api import contact_days
from bihuan.methods.api import get_method, method_for

Titles = dict[str, tuple[str, str]]


def say(pair: tuple[str, str]) -> str:
    """Return the text in the reader's language; the Chinese one where there is no other."""
    return pair[1] if pair[1] and (get_language() or "").startswith("en") else pair[0]


def _pair(text: Any) -> tuple[str, str]:
    return (text.zh, text.en) if text is not None else ("", "")


def urgencies(area_code: str) -> list[tuple[str, str]]:
    """Return the choices of urgency for a report in an area, as its method names them; none where it has none."""
    try:
        _version, method = method_for(area_code)
    except (NotFound, Refused):
        return []
    spec = method.fields.get("urgency")
    return [(key, say(_pair(text))) for key, text in spec.options.items()] if spec is not None else []


def _phone_days(area_code: str) -> int:
    try:
        return contact_days(method_for(area_code)[0].pk)
    except (NotFound, Refused):
        return 180


def phone_use(area_code: str) -> str:
    """Say for what a phone number is used, who sees it and how long it is kept."""
    return _(
        "只用来就这件事与您核实、告知进展和回访。加密保存，只显示 138****5678，谁看过都有记录；办结 %(days)s 天后清除。"
    ) % {"days": _phone_days(area_code)}


@lru_cache(maxsize=256)
def _public_words(version_id: UUID) -> tuple[Titles, Titles]:
    file = get_method(version_id).file
    steps = {
        key: _pair(step.public) if step.public is not None else _pair(step.title) for key, step in file.steps.items()
    }
    outcomes = {
        key: _pair(item.public) if item.public is not None else _pair(item.title) for key, item in file.outcomes.items()
    }
    return steps, outcomes


def step_words(version_id: UUID, step: str) -> str:
    """Return what the public reads of a step."""
    return say(_public_words(version_id)[0].get(step, ("", "")))


def outcome_words(version_id: UUID, outcome: str) -> str:
    """Return what the public reads of how a matter ended."""
    return say(_public_words(version_id)[1].get(outcome, ("", "")))


@lru_cache(maxsize=256)
def _results(version_id: UUID) -> dict[str, str]:
    return {key: str(item.result) for key, item in get_method(version_id).file.outcomes.items()}


def is_solved(version_id: UUID, outcome: str) -> bool:
    """Tell whether an outcome means that it was really solved or answered, not only closed."""
    return _results(version_id).get(outcome, "") in {"solved", "answered"}


def reads_english() -> bool:
    """Tell whether the reader reads English."""
    return (get_language() or "").startswith("en")


def form_field(version_id: UUID, key: str, *, needed: bool) -> forms.Field:
    """Return a form field for what the method asks for under ``key``."""
    spec = get_method(version_id).fields[key]
    common: dict[str, Any] = {
        "label": say(_pair(spec.title)),
        "help_text": say(_pair(spec.hint)),
        "required": needed,
        "error_messages": {"required": _("这一项需要填写。")},
    }
    options = [(name, say(_pair(text))) for name, text in spec.options.items()]
    match spec.type:
        case "choice":
            return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **common)
        case "choices":
            return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **common)
        case "yes_no":
            answers = [("true", _("是")), ("false", _("否"))]
            return forms.ChoiceField(choices=answers, widget=forms.RadioSelect, **common)
        case "number":
            return forms.IntegerField(**common)
        case "amount":
            return forms.FloatField(**common)
        case "date":
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **common)
        case "long_text":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=spec.longest or 500, **common)
        case _:
            return forms.CharField(max_length=spec.longest or 120, **common)
