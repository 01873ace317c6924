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
            "要加一个数，写 {指标 late}；“【附件】名称”以下都是附件。"
        ),
    )
    joint = forms.CharField(
        label=gettext_lazy("联合发文的其他机关"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("按顺序写，用“、”隔开；主办机关排在最前面，不用再写。"),
    )
    upward = forms.BooleanField(label=gettext_lazy("上行文（报给上级）"), required=False)
    signers = forms.CharField(
        label=gettext_lazy("签发人"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("上行文要写；几个签发人用“、”隔开。"),
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("紧急程度"),
        required=False,
        choices=[("", gettext_lazy("不标")), ("urgent", gettext_lazy("加急")), ("critical", gettext_lazy("特急"))],
        error_messages={"invalid_choice": gettext_lazy("没有这个选项。请在列出的选项中选一个。")},
    )
    annotation = forms.CharField(
        label=gettext_lazy("附注"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("印在成文日期下面，如“此件公开发布”。"),
    )
    sealed = forms.BooleanField(label=gettext_lazy("留出盖章的位置"), required=False)
    both_sides = forms.BooleanField(label=gettext_lazy("双面印刷（版记放在偶数页）"), required=False)
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

    picture = forms.BooleanField(label=gettext_lazy("也同意用照片"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {
            "written": gettext_lazy("书面"),
            "spoken": gettext_lazy("当面口头"),
            "phone": gettext_lazy("电话"),
            "message": gettext_lazy("微信或短信"),
        }
        self.fields["how"].choices = [(key, titles[key]) for key in HOW]  # type: ignore[attr-defined]
