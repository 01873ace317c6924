"""Forms of the people pages: they check shape; what may be done is decided by the use cases of ``people``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.areas import api as areas
from bihuan.web.desk.choices import Choice


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _offer(form: forms.Form, name: str, choices: Sequence[Choice]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared as one
    field.choices = list(choices)


class TermForm(forms.Form):
    """First and last day of a post."""

    since = _day(label=gettext_lazy("任职日期"), required=False, help_text=gettext_lazy("不填就是今天"))
    until = _day(label=gettext_lazy("任期至"), required=False, help_text=gettext_lazy("最后一天；没有任期就不填"))


class PostForm(TermForm):
    """A post: role, area, first and last day. The area is chosen from a list where the list is not too long."""

    role = forms.ChoiceField(label=gettext_lazy("岗位"))
    area_code = forms.CharField(
        label=gettext_lazy("区域编码"),
        max_length=30,
        help_text=gettext_lazy("岗位的权限在这个区域和它下面的所有区域有效"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order: Sequence[str] = ("role", "area_code", "since", "until")

    def __init__(self, *args: Any, titles: dict[str, str], places: Sequence[Choice], **kwargs: Any) -> None:
        """Offer the roles there are, and the places where the actor may appoint; none: the code is typed."""
        super().__init__(*args, **kwargs)
        _offer(self, "role", [("", _("请选择")), *titles.items()])
        if places:
            first = [] if len(places) == 1 else [("", _("请选择"))]
            self.fields["area_code"].label = _("区域")
            # Only how it is asked: whether one may appoint there is the use case's to say.
            self.fields["area_code"].widget = forms.Select(choices=[*first, *places])

    def clean_area_code(self) -> str:
        """Read a code as people type it."""
        return areas.normalise(self.cleaned_data["area_code"])


class PersonForm(PostForm):
    """A person with a first post."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("加密保存，页面上只显示前三位和后四位；开通账号后可用验证码登录"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    organisation = forms.CharField(label=gettext_lazy("单位"), max_length=80, required=False)
    field_order = ("name", "phone", "organisation", "role", "area_code", "since", "until")


class CorrectForm(forms.Form):
    """A person's name and number: what is known stands there, the number is only typed when it is another."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    phone = forms.CharField(
        label=gettext_lazy("新手机号"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("不填就不改"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    drop_phone = forms.BooleanField(label=gettext_lazy("号码已不用，删去"), required=False)


class DeputyForm(TermForm):
    """Somebody's deputy: role and places are the ones of who is stood in for."""

    stands_for = forms.ChoiceField(label=gettext_lazy("代理谁"), help_text=gettext_lazy("对方的岗位结束，代理同时结束"))
    field_order = ("stands_for", "since", "until")

    def __init__(self, *args: Any, chiefs: Sequence[Choice], **kwargs: Any) -> None:
        """Offer the holders of posts in the actor's area."""
        super().__init__(*args, **kwargs)
        _offer(self, "stands_for", [("", _("请选择")), *chiefs])


class EndForm(forms.Form):
    """The end of posts that are told together; of one alone there is nothing to choose."""

    places = forms.MultipleChoiceField(
        label=gettext_lazy("哪几处"), widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("留下的不要勾选")
    )
    until = _day(label=gettext_lazy("最后一天"))
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=120, required=False)

    def __init__(self, *args: Any, places: Sequence[Choice], **kwargs: Any) -> None:
        """Offer the places; without a choice to make the field is not there."""
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            _offer(self, "places", places)
            self.fields["places"].initial = [key for key, _name in places]
        else:
            del self.fields["places"]


class EraseForm(forms.Form):
    """Why a person is erased."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=120,
        help_text=gettext_lazy("写进记录，请不要写姓名和电话。如：本人要求、已搬离、登记有误"),
    )


class RefuseForm(forms.Form):
    """Why a request to be erased is refused."""

    reason = forms.CharField(
        label=gettext_lazy("不同意的理由"),
        max_length=120,
        help_text=gettext_lazy("会原样告诉本人，并写进记录。如：还有正在承办的事，请先移交"),
    )
