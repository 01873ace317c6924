"""Forms of the activities' and teams' pages: shape is checked here, rules by the use cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.activities.api import ActivityPage, KindOption
from bihuan.kernel.api import photo_limits
from bihuan.web.portal.forms import PhotosField, PortalForm

MOST_PEOPLE = 100_000
_LOCAL = "%Y-%m-%dT%H:%M"


def _moment(**more: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL)
    wrong = gettext_lazy("没有写时间，或者看不懂。请选日期和钟点。")
    return forms.DateTimeField(
        widget=widget,
        input_formats=[_LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"required": wrong, "invalid": wrong},
        **more,
    )


def _needed(words: Any) -> dict[str, Any]:
    return {"required": words}


class WhatForm(PortalForm):
    """What an activity is, where and when."""

    title = forms.CharField(
        label=gettext_lazy("活动名称"), max_length=60, error_messages=_needed(gettext_lazy("没有写活动名称。"))
    )
    starts_at = _moment(label=gettext_lazy("什么时候开始"))
    ends_at = _moment(label=gettext_lazy("什么时候结束"))
    place = forms.CharField(
        label=gettext_lazy("在哪里"), max_length=80, error_messages=_needed(gettext_lazy("没有写在哪里。"))
    )
    festival = forms.CharField(
        label=gettext_lazy("什么节日"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("如元宵节、端午节、重阳节"),
    )
    text = forms.CharField(
        label=gettext_lazy("办什么、带什么"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("名额"),
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=gettext_lazy("不限人数就留空；满了以后，后来的人排候补。"),
    )
    sign_up_until = _moment(
        label=gettext_lazy("报名截止"), required=False, help_text=gettext_lazy("不写就到活动开始为止。")
    )

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the use cases take it."""
        names = ("title", "starts_at", "ends_at", "place", "festival", "text", "capacity", "sign_up_until")
        return {name: self.cleaned_data[name] for name in names}


class AnnounceForm(WhatForm):
    """An activity to be announced: its kind and area, and perhaps the team that holds it."""

    kind = forms.ChoiceField(label=gettext_lazy("办哪种活动"))
    team = forms.ChoiceField(label=gettext_lazy("由哪支队伍来办"), required=False)
    field_order = ("kind", "title", "starts_at", "ends_at", "place", "festival", "text", "team", "capacity")

    def __init__(
        self, *args: Any, kinds: Sequence[KindOption], teams: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kind, team = self.fields["kind"], self.fields["team"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 - declared as one
        assert isinstance(team, forms.ChoiceField)  # noqa: S101 - declared as one
        kind.choices = [(one.value, f"{one.area_name} · {one.title}") for one in kinds]
        kind.help_text = kinds[0].note if len(kinds) == 1 else ""
        team.choices = [("", _("（不由队伍来办）")), *teams]
        if not teams:
            del self.fields["team"]


class ChangeForm(WhatForm):
    """What was announced, to be changed; moved, those who signed up are told why."""

    reason = forms.CharField(
        label=gettext_lazy("为什么改"), max_length=200, required=False, help_text=gettext_lazy("报了名的人会看到。")
    )


def change_form(page: ActivityPage, data: Mapping[str, Any] | None = None) -> ChangeForm:
    """Return the form that changes an activity, as it is now or as it was typed."""
    row = page.activity
    names = ("title", "starts_at", "ends_at", "place", "festival", "text", "capacity", "sign_up_until")
    return ChangeForm(data, auto_id="id_change_%s", initial={name: getattr(row, name) for name in names})


class HoldForm(PortalForm):
    """How many came who are on no list, what it was like, photos if there are any."""

    uncounted = forms.IntegerField(
        label=gettext_lazy("另外还来了多少人"),
        min_value=0,
        max_value=MOST_PEOPLE,
        required=False,
        help_text=gettext_lazy("没报名、直接来的人，数个大概就行，不用记名。"),
    )
    summary = forms.CharField(
        label=gettext_lazy("办得怎么样"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("会公开，请不要写别人的姓名和电话。没有要写的就留空。"),
    )  # fmt: skip
    photos = PhotosField(label=gettext_lazy("照片"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        photos = self.fields["photos"]
        if isinstance(photos, PhotosField):
            photos.tell(said=photo_limits())


class SomebodyForm(PortalForm):
    """Somebody who asked at the door or by phone to be signed up."""

    name = forms.CharField(
        label=gettext_lazy("怎么称呼"), max_length=40, error_messages=_needed(gettext_lazy("没有写怎么称呼。"))
    )
    people = forms.IntegerField(label=gettext_lazy("几个人"), min_value=1, max_value=10, initial=1)


class FoundForm(PortalForm):
    """A team to be founded."""

    kind = forms.ChoiceField(label=gettext_lazy("哪类队伍"))
    name = forms.CharField(
        label=gettext_lazy("队名"), max_length=60, error_messages=_needed(gettext_lazy("没有写队名。"))
    )

    def __init__(self, *args: Any, kinds: Sequence[KindOption], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 - declared as one
        kind.choices = [(one.value, f"{one.area_name} · {one.title}") for one in kinds]
        kind.help_text = kinds[0].note if len(kinds) == 1 else ""


class MemberForm(PortalForm):
    """Somebody who joins a team, with what they bring."""

    name = forms.CharField(
        label=gettext_lazy("怎么称呼"), max_length=40, error_messages=_needed(gettext_lazy("没有写怎么称呼。"))
    )
    talent = forms.CharField(
        label=gettext_lazy("才艺"), max_length=40, required=False, help_text=gettext_lazy("本人愿意说的：二胡、舞蹈……")
    )
