"""A form that is for one area: chosen among one's own and those below, never typed as a code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from bihuan.web.desk import choices


class AreaForm(forms.Form):
    """Whose area it is. ``initial``: one's own, the topmost where there are several."""

    area_code = forms.ChoiceField(label=gettext_lazy("区域"), help_text=gettext_lazy("只在这个区域和它下面有效"))

    def __init__(self, places: Sequence[choices.Choice], *args: Any, **kwargs: Any) -> None:
        """Offer the places (``choices.place_options``)."""
        super().__init__(*args, **kwargs)
        field = self.fields["area_code"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared as one
        field.choices = list(places)
        if places:
            self.initial.setdefault("area_code", places[0][0])
