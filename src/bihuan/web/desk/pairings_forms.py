"""Forms of the pairing pages: they check shape; the use cases enforce the rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import override

from bihuan.fieldwork.api import (
    PairingPage,
    SchemeRef,
    UnitPerson,
    consent_title,
    end_reasons,
)
from bihuan.kernel.api import new_id
from bihuan.web.desk.fields import local_now_text
from bihuan.web.desk.places import Place, Places, resolve

Choice = tuple[str, str]
LONG = 2000


def moment(label: str, hint: str = "") -> forms.DateTimeField:
    """Return the field for when something happened, now by default."""
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        initial=local_now_text,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


def _secret(field: forms.CharField) -> forms.CharField:
    """Have a field never filled in by the browser from what it once saw."""
    field.widget.attrs["autocomplete"] = "off"
    return field


def people_choices(people: tuple[UnitPerson, ...], chosen: UUID | None = None) -> list[Choice]:
    """Return who of the units may go; those who are taken say so, and stay choosable where they are the one."""
    found = []
    for one in people:
        words = f"{one.unit} · {one.name}"
        taken = one.taken and one.person_id != chosen
        found.append((str(one.person_id), _("%(who)s（已结对）") % {"who": words} if taken else words))
    return found


class _Plain(forms.Form):
    """A form without colons, with the id of the entry it will write."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.initial.setdefault("entry_id", new_id())


class ProposeForm(_Plain):
    """Which household, and who of which unit goes there."""

    def __init__(
        self, *args: Any, schemes: dict[str, SchemeRef], places: Places, people: tuple[UnitPerson, ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.schemes, self.places = schemes, places
        self.found: Place | None = None
        ref = next(iter(schemes.values()))
        if len(schemes) > 1:
            self.fields["scheme"] = forms.ChoiceField(
                label=_("哪一项帮扶"), choices=[(key, one.title) for key, one in schemes.items()]
            )
        self.fields["place"] = forms.CharField(
            label=_("在哪栋楼"),
            max_length=80,
            help_text=_("写楼号就行，如 12。"),
            widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
        )
        self.fields["door"] = forms.CharField(
            label=_("哪一户"), max_length=60, help_text=_("只写门牌，如 3单元501；不写姓名。")
        )
        self.fields["name"] = _secret(
            forms.CharField(label=_("联系人姓名"), max_length=40, help_text=_("加密保存；别处只显示姓，如“张**”。"))
        )
        self.fields["phone"] = _secret(
            forms.CharField(label=_("电话"), max_length=20, required=False, help_text=_("加密保存；没有就不填。"))
        )
        self.fields["phone"].widget.attrs["inputmode"] = "tel"
        self.fields["needs"] = forms.MultipleChoiceField(
            label=_("需要哪些帮助"),
            required=False,
            choices=list(ref.help.items()),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["person_id"] = forms.ChoiceField(
            label=_("哪个单位、谁上门"), choices=[("", _("请选择")), *people_choices(people)]
        )

    def clean_place(self) -> str:
        """Find the building as it was typed."""
        typed = str(self.cleaned_data["place"])
        found = [place for place in resolve(self.places, typed) if len(place.code) >= 12]
        if len(found) != 1:
            names = _("、").join(place.full for place in found[:6])
            raise forms.ValidationError(
                _("有好几个地方叫这个，请写全：%(names)s。") % {"names": names} if found else _("没有找到这栋楼。")
            )
        self.found = found[0]
        return typed

    @property
    def scheme(self) -> SchemeRef:
        """The scheme that was chosen, or the only one."""
        return self.schemes[self.cleaned_data.get("scheme") or next(iter(self.schemes))]


class ConsentForm(_Plain):
    """How, when, and by whom it was witnessed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, page: PairingPage, staff: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", page.pairing.version)
        self.fields["how"] = how_field(page.ref, _("本人怎样同意"))
        self.fields["happened_at"] = moment(_("什么时候"), _("补录纸上的同意书，写签字的时间。"))
        self.fields["witness_id"] = forms.ChoiceField(
            label=_("见证人"),
            required=False,
            choices=[("", _("不在名单里（写姓名）")), *staff],
            help_text=_("名单里有就选，没有就在下面写姓名。"),
        )
        self.fields["witness"] = _secret(
            forms.CharField(
                label=_("见证人姓名"),
                required=False,
                max_length=40,
                help_text=_("如邻居、楼栋长。加密保存；去结对的人不能自己作见证。"),
            )
        )


def how_field(ref: SchemeRef, label: str) -> forms.ChoiceField:
    """Return the ways of the scheme in which a household says yes or no."""
    ways = [(how, consent_title(how)) for how in ref.spec.consent]
    return forms.ChoiceField(label=label, choices=ways, widget=forms.RadioSelect, initial=ways[0][0])


class ChangeForm(_Plain):
    """Who goes, what is needed, and a name or phone that was wrong."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, page: PairingPage, people: tuple[UnitPerson, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pairing = page.pairing
        self.initial.setdefault("version", pairing.version)
        self.initial.update({"person_id": str(pairing.person_id or ""), "needs": pairing.needs})
        same = tuple(one for one in people if one.unit == page.row.unit)
        self.fields["person_id"] = forms.ChoiceField(
            label=_("谁上门"),
            choices=people_choices(same, pairing.person_id),
            help_text=_("只能换成同一单位的人；换单位要结束后重新征得同意。"),
            required=False,
        )
        self.fields["needs"] = forms.MultipleChoiceField(
            label=_("需要哪些帮助"),
            required=False,
            choices=list(page.ref.help.items()),
            widget=forms.CheckboxSelectMultiple,
        )
        wrong = _("写错了才填；原来的随即删除。")
        self.fields["name"] = _secret(
            forms.CharField(label=_("更正姓名"), required=False, max_length=40, help_text=wrong)
        )
        self.fields["phone"] = _secret(
            forms.CharField(label=_("更正电话"), required=False, max_length=20, help_text=wrong)
        )


class EndForm(_Plain):
    """When and why it ended."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, page: PairingPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", page.pairing.version)
        self.fields["reason"] = forms.ChoiceField(
            label=_("为什么结束"), choices=[("", _("请选择")), *end_reasons().items()]
        )
        self.fields["note"] = forms.CharField(
            label=_("说明"),
            required=False,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("选“其他”时要写。加密保存，不要写姓名和电话。"),
        )
        self.fields["happened_at"] = moment(_("什么时候结束的"))


class WithdrawForm(_Plain):
    """How the household said so."""

    def __init__(self, *args: Any, page: PairingPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"] = how_field(page.ref, _("本人怎样表示的"))


class VisitForm(_Plain):
    """A visit to the household: when, what help, what was said, and a need that becomes a matter."""

    finding_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, page: PairingPage, ask: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("finding_id", new_id())
        self.fields["happened_at"] = moment(_("什么时候"))
        self.fields["met"] = forms.ChoiceField(
            label=_("见到了吗"),
            choices=[("yes", _("见到了")), ("nobody", _("家中无人"))],
            widget=forms.RadioSelect,
            initial="yes",
        )
        self.fields["help_kind"] = forms.ChoiceField(
            label=_("给了什么帮助"), required=False, choices=[("", _("只是看望")), *page.ref.help.items()]
        )
        self.fields["text"] = forms.CharField(
            label=_("记一笔"),
            required=False,
            max_length=LONG,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("只有结对的人和管理结对的人看得到；结对的信息删除时一起删除。"),
        )
        self.fields["need"] = forms.CharField(
            label=_("新的需要"),
            required=False,
            max_length=LONG,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("会登记成事项，看到的人更多：写“一户居民”，不写姓名、电话和门牌。"),
        )
        if ask:
            self.fields["checked"] = forms.BooleanField(label=_("已核对，认不出是哪一户"), required=False)


REVEALED = {"name", "phone", "witness", "note"}


class LookForm(forms.Form):
    """Why somebody wants to see a value in the clear."""

    name = forms.ChoiceField(choices=[(name, name) for name in sorted(REVEALED)])
    other = forms.CharField(required=False, max_length=160)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"] = forms.ChoiceField(choices=look_reasons())

    def clean(self) -> dict[str, Any]:
        """Ask for words where the reason is none of the usual ones."""
        data = super().clean() or {}
        if data.get("why") == "other" and not (data.get("other") or "").strip():
            self.add_error("other", _("请写明原因：它会记在查看记录里，本人看得到。"))
        return data

    def reason(self) -> str:
        """Return the reason as it is kept."""
        with override("zh-hans"):  # one language in the record; readers get it in theirs
            words = dict(look_reasons())[self.cleaned_data["why"]]
        more = str(self.cleaned_data.get("other", "")).strip()
        return more if self.cleaned_data["why"] == "other" else f"{words} {more}".strip()


def look_reasons() -> list[Choice]:
    """Return the usual reasons for looking."""
    words = [_("上门前预约"), _("送去帮助"), _("核对信息"), _("其他（请写明）")]
    return list(zip(("visit", "help", "check", "other"), words, strict=True))
