"""Forms of the bulletins' pages: shape is checked here, rules by the use cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from bihuan.reporting.bulletins.api import HOW
from bihuan.web.portal.forms import PortalForm

LONGEST = 20_000


class DraftForm(PortalForm):
    """Which text of which area and period is begun."""

    area = forms.ChoiceField(
        label=gettext_lazy("哪个区域"),
        error_messages={"invalid_choice": gettext_lazy("没有这个选项。请在列出的选项中选一个。")},
    )
    template = forms.ChoiceField(
        label=gettext_lazy("写什么"),
        error_messages={"invalid_choice": gettext_lazy("没有这个选项。请在列出的选项中选一个。")},
    )
    period = forms.CharField(
        label=gettext_lazy("期间"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("写成 2024-03、2024-Q1、2024 或 2024-01..2024-04；不写就是本月、本季或今年以来。"),
    )

    method = forms.ChoiceField(
        label=gettext_lazy("只数哪个工作法的事项"),
        required=False,
        help_text=gettext_lazy("民生简报只数民生问题：隐患、项目另写一份。"),
        error_messages={"invalid_choice": gettext_lazy("没有这个选项。请在列出的选项中选一个。")},
    )
    category = forms.ChoiceField(
        label=gettext_lazy("只数哪一类"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("没有这个选项。请在列出的选项中选一个。")},
    )

    def __init__(
        self,
        *args: Any,
        areas: Sequence[tuple[str, str]],
        templates: Sequence[tuple[str, str]],
        methods: Sequence[tuple[str, str]],
        kinds: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        methods = [("", gettext("按模板")), ("all", gettext("全部工作法")), *methods]
        kinds = [("", gettext("全部类别")), *kinds]
        offered = {"area": areas, "template": templates, "method": methods, "category": kinds}
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class EditForm(PortalForm):
    """What it says."""

    title = forms.CharField(
        label=gettext_lazy("题目"), max_length=120, error_messages={"required": gettext_lazy("没有写题目。")}
    )
    to = forms.CharField(label=gettext_lazy("主送"), max_length=200, required=False)
    copies = forms.CharField(label=gettext_lazy("抄送"), max_length=200, required=False)
    text = forms.CharField(
        label=gettext_lazy("正文"),
        max_length=LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=gettext_lazy(
            "一行一段；“# ”开头是标题，“- ”开头是列表，“| 甲 | 乙 |”是表格。{收集=5} 是有出处的数，核对时会重新查；"
            "要加一个数，写 {指标 late}。"
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ConsentForm(PortalForm):
    """Who agreed to be told of, how, when."""

    name = forms.CharField(
        label=gettext_lazy("谁同意的"),
        max_length=40,
        error_messages={"required": gettext_lazy("没有写是谁同意的，或写得太长。")},
    )
    how = forms.ChoiceField(label=gettext_lazy("怎样同意的"), choices=[])
    given_on = forms.DateField(
        label=gettext_lazy("哪一天"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("没有写日期。"),
            "invalid": gettext_lazy("看不懂这个日期。请选日期。"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {
            "written": gettext_lazy("书面"),
            "spoken": gettext_lazy("当面口头"),
            "phone": gettext_lazy("电话"),
            "message": gettext_lazy("微信或短信"),
        }
        self.fields["how"].choices = [(key, titles[key]) for key in HOW]  # type: ignore[attr-defined]
