"""What kind of problem was found: its category says which method settles it, in one list for every method in use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bihuan.fieldwork.api import DayForm

_OF = "/"  # a value is METHOD/CATEGORY; a method alone is METHOD/


def add_kinds(form: forms.Form, asked: Sequence[DayForm]) -> None:
    """Add the fields ``category`` and ``urgency``, with what each method in use offers; none where none offers any."""
    choices: list[Any] = [("", _("先不选"))]
    several = len(asked) > 1
    for one in asked:
        lines = [(f"{one.method_key}{_OF}{option.key}", option.title) for option in one.categories]
        if several and not one.default:
            lines.insert(0, (f"{one.method_key}{_OF}", _("%(method)s：先不分类") % {"method": one.title}))
        choices += [(one.title, lines)] if several else lines
    if several or len(choices) > 1:
        hint = _("选在哪一种工作法下面，就按哪一种办。") if several else ""
        form.fields["category"] = forms.ChoiceField(label=_("类别"), choices=choices, required=False, help_text=hint)
    urgencies = {option.key: option.title for one in asked for option in one.urgencies}
    if urgencies:
        form.fields["urgency"] = forms.ChoiceField(
            label=_("紧急程度"), choices=[("", _("先不选")), *urgencies.items()], required=False
        )


def kinds_of(form: forms.Form) -> dict[str, Any]:
    """Return ``method_key`` (None: as the round says), ``category`` and ``urgency`` of a form that was cleaned."""
    method, _of, category = str(form.cleaned_data.get("category") or "").partition(_OF)
    urgency = str(form.cleaned_data.get("urgency") or "")
    return {"method_key": method or None, "category": category, "urgency": urgency}
