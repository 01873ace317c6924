"""Forms of the pages of rosters and duties: shape is checked here, rules by the use cases."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from bihuan.activities.duties.api import LogPage
from bihuan.kernel.api import clock
from bihuan.web.portal.forms import PortalForm


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("没有写日期。"),
            "invalid": gettext_lazy("日期看不懂，请写成 2024-03-01。"),
        },
    )


class MakeForm(PortalForm):
    """From when to when, and which shifts."""

    since = _day(gettext_lazy("从哪天"))
    until = _day(gettext_lazy("到哪天"))
    shifts = forms.CharField(
        label=gettext_lazy("班次"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("一行一种：工作日 09:00–11:00 2人。日子可写每天、工作日、休息日、周三 周五。"),
        error_messages={"required": gettext_lazy("没有写班次。")},
    )


class NoteForm(PortalForm):
    """A call or a need: what, and who, if they say so."""

    text = forms.CharField(
        label=gettext_lazy("什么事"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("没有写是什么事。")},
    )
    at = forms.TimeField(
        label=gettext_lazy("来电时间"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("不写就是现在。"),
        error_messages={"invalid": gettext_lazy("钟点看不懂，请写成 09:30。")},
    )
    name = forms.CharField(label=gettext_lazy("来电人姓名"), max_length=40, required=False)
    phone = forms.CharField(
        label=gettext_lazy("电话"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("姓名和电话加密保存，打码显示，办结后自动删除。"),
    )
    unit = forms.CharField(label=gettext_lazy("单位"), max_length=60, required=False)
    proposal = forms.CharField(label=gettext_lazy("拟办意见"), max_length=500, required=False)
    result = forms.CharField(
        label=gettext_lazy("处理结果"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("当场办结的写在这里；没办结就留空。"),
    )

    def given(self, page: LogPage) -> dict[str, Any]:
        """Return what was typed, as the use case takes it; a time of day is that of the duty."""
        found = {name: self.cleaned_data[name] for name in ("text", "name", "phone", "unit", "proposal", "result")}
        at: time | None = self.cleaned_data["at"]
        starts = page.duty.starts_at.astimezone(clock.ZONE)
        came = None
        if at is not None:
            came = datetime.combine(starts.date(), at, clock.ZONE)
            came = came if came >= starts.replace(second=0) else came + timedelta(days=1)
        return {**found, "came_at": came}
