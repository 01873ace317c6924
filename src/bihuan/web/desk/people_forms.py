"""Forms of the people pages: they check shape; what may be done is decided by ``people.actions``."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.areas import api as areas
from bihuan.people.models import Post


class PostForm(forms.Form):
    """A post: role, area, first and last day."""

    role = forms.ChoiceField(label=gettext_lazy("岗位"))
    area_code = forms.CharField(
        label=gettext_lazy("区域编码"),
        max_length=30,
        help_text=gettext_lazy("岗位的权限在这个区域和它下面的所有区域有效"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    since = forms.DateField(
        label=gettext_lazy("任职日期"),
        required=False,
        help_text=gettext_lazy("不填就是今天"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("任期至"),
        required=False,
        help_text=gettext_lazy("最后一天；没有任期就不填"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, titles: dict[str, str], **kwargs: Any) -> None:
        """Offer the roles there are."""
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("请选择")), *titles.items()]

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


class DeputyForm(PostForm):
    """A post, perhaps as somebody's deputy."""

    deputy_of = forms.ChoiceField(
        label=gettext_lazy("代理"),
        required=False,
        help_text=gettext_lazy("代理同一区域、同一岗位的人；对方卸任，代理同时结束"),
    )

    def __init__(self, *args: Any, posts: list[Post], titles: dict[str, str], **kwargs: Any) -> None:
        """Offer the posts of the actor's area to stand in for."""
        super().__init__(*args, titles=titles, **kwargs)
        field = self.fields["deputy_of"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("不是代理"))] + [
            (str(post.pk), f"{post.person.name} · {titles.get(post.role_id, post.role_id)} · {post.area_code}")
            for post in posts
        ]


class EndForm(forms.Form):
    """The end of a post."""

    until = forms.DateField(
        label=gettext_lazy("最后一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=120, required=False)


class EraseForm(forms.Form):
    """Why a person is erased."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=120,
        help_text=gettext_lazy("写进记录，请不要写姓名和电话。如：本人要求、已搬离、登记有误"),
    )
