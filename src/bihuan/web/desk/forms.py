"""Forms made from the method file: what an action asks for becomes fields, nothing is coded per method.

Forms check shape only; what may be done is decided again by ``matters.api.advance``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import override

from bihuan.kernel.api import new_id
from bihuan.matters.api import Photo
from bihuan.methods.api import Offer
from bihuan.web.desk.fields import Choice, closing_hour, field_for, photos_field, plain

PARTY = "party_"
PHOTO = "photo_"
GIVEN = "f_"


class ActionForm(forms.Form):
    """One offer of the engine as a form.

    Args:
        offer: what the engine offers this actor.
        method: the method, for the titles and types of fields, parties and photos.
        people: by party role, who may be named: (id, name and post).
        fields_now: values the matter already holds, so that nothing known is asked again.
        parties_now: who answers for it now, likewise: by party role, persons as hex.
        version: the version of the matter that the person sees.
    """

    entry_id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    required_css_class = "is-required"

    def __init__(
        self,
        *args: Any,
        offer: Offer,
        method: Any,
        language: str,
        people: Mapping[str, Sequence[Choice]],
        fields_now: Mapping[str, Any],
        parties_now: Mapping[str, Sequence[str]],
        version: int,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("prefix", None)
        kwargs.setdefault("auto_id", f"id_{offer.action}_%s")
        super().__init__(*args, **kwargs)
        self.offer = offer
        self.method = method
        self.label_suffix = ""
        self.initial.setdefault("entry_id", new_id())
        self.initial.setdefault("version", version)
        for role in offer.assigns:
            held = [str(UUID(hex=person)) for person in parties_now.get(role, ())]
            self._add_party(role, people.get(role, ()), held, language)
        for key in offer.gives:
            self._add_given(key, fields_now.get(key), language)
        if offer.does == "merge":
            self.fields["into"] = forms.CharField(
                label=_("并入哪一件"), max_length=32, help_text=_("填编号，如 电建-2024-0017。")
            )
        if offer.does == "extend" or sets_limit(method, offer.action):
            self._add_until(required=extends_freely(method, offer))
        for tag, least in offer.photos.items():
            self.fields[PHOTO + tag] = photos_field(self._photo_title(tag, language), least=least)
        if offer.reason:
            self.fields["reason"] = forms.CharField(
                label=_("理由"),
                required=offer.reason == "required",
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def _add_party(self, role: str, people: Sequence[Choice], held: list[str], language: str) -> None:
        rule = self.method.responsibility.get(role)
        title = rule.title.say(language) if rule else role
        several = bool(rule and rule.count > 1)
        hint = "" if people else _("这里还没有可以指定的人：请先在“人员”里给人安排岗位。")
        if several:
            self.fields[PARTY + role] = forms.MultipleChoiceField(
                label=title, choices=list(people), help_text=hint, widget=forms.CheckboxSelectMultiple
            )
            self.initial.setdefault(PARTY + role, held)
            return
        choices = [("", _("请选择")), *people]
        self.fields[PARTY + role] = forms.ChoiceField(label=title, choices=choices, help_text=hint)
        if held:
            self.initial.setdefault(PARTY + role, held[0])
        elif len(people) == 1:
            self.initial.setdefault(PARTY + role, people[0][0])

    def _add_given(self, key: str, known: Any, language: str) -> None:
        spec = self.method.fields.get(key)
        if spec is None:
            return
        self.fields[GIVEN + key] = field_for(spec, required=key in self.offer.required, language=language)
        if known not in (None, ""):
            said = ("yes" if known else "no") if isinstance(known, bool) else known
            self.initial.setdefault(GIVEN + key, said)

    def _add_until(self, *, required: bool) -> None:
        self.fields["until"] = forms.DateField(
            label=_("延长到") if self.offer.does == "extend" else _("办理时限"),
            required=required,
            help_text=_("到这一天的下班时间。") if required else _("到这一天的下班时间。不填则按工作法的规定。"),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )

    def _photo_title(self, tag: str, language: str) -> str:
        names = {
            "before": _("处理前的照片"),
            "after": _("处理后的照片"),
            "scene": _("现场照片"),
            "paper": _("纸质材料照片"),
        }
        return names.get(tag, tag)

    def event_data(self) -> dict[str, Any]:
        """Return what ``advance`` takes as ``data``; empty answers left out. Call after ``is_valid()``."""
        data: dict[str, Any] = {}
        parties: dict[str, list[str]] = {}
        for name, value in self.cleaned_data.items():
            if name.startswith(PARTY) and value:
                people = value if isinstance(value, list) else [value]
                parties[name.removeprefix(PARTY)] = [UUID(person).hex for person in people]
            elif name.startswith(GIVEN) and value not in (None, "", []):
                key = name.removeprefix(GIVEN)
                data[key] = plain(value, yes_no=self.method.fields[key].type == "yes_no")
        if parties:
            data["parties"] = parties
        if self.cleaned_data.get("reason"):
            data["reason"] = self.cleaned_data["reason"]
        if self.cleaned_data.get("until"):
            data["until"] = closing_hour(self.cleaned_data["until"])
        return data

    def photos(self) -> list[Photo]:
        """Return the uploads with their tags."""
        return [
            Photo(upload, name.removeprefix(PHOTO))
            for name, uploads in self.cleaned_data.items()
            if name.startswith(PHOTO)
            for upload in uploads
        ]


def sets_limit(method: Any, action: str) -> bool:
    """Whether an act starts a clock whose due time may be given with it."""
    steps: set[str] = set()
    for place in method.places.values():
        if move := place.moves.get(action):
            steps.update(route.step for route in move.spec.to)
    return any(
        clock.limit.given and (action in clock.start.after or steps & set(clock.start.enter))
        for clock in method.clocks.values()
    )


def extends_freely(method: Any, offer: Offer) -> bool:
    """Whether an extension has no length of its own, so that the day must be given."""
    for place in method.places.values():
        if offer.does == "extend" and (move := place.moves.get(offer.action)):
            return move.spec.by_how_much is None
    return False


REASONS = ("contact", "visit", "verify", "other")


class RevealForm(forms.Form):
    """Why somebody wants to see a personal value in the clear."""

    sealed_id = forms.IntegerField(widget=forms.HiddenInput)
    other = forms.CharField(label="", required=False, max_length=160)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["why"] = forms.ChoiceField(label=_("为什么要看"), choices=reveal_reasons())
        self.fields["other"].label = _("说明")

    def clean(self) -> dict[str, Any]:
        """Ask for words where the reason is none of the usual ones."""
        data = super().clean() or {}
        if data.get("why") == "other" and not (data.get("other") or "").strip():
            self.add_error("other", _("请写明原因：它会记在查看记录里，当事人看得到。"))
        return data

    def reason(self) -> str:
        """Return the reason as it is kept."""
        with override("zh-hans"):  # one language in the record; readers get it in theirs
            words = dict(reveal_reasons())[self.cleaned_data["why"]]
        more = self.cleaned_data.get("other", "").strip()
        return more if self.cleaned_data["why"] == "other" else f"{words} {more}".strip()


def reveal_reasons() -> list[Choice]:
    """Return the usual reasons for reading somebody's number."""
    words = [_("联系反映人了解情况"), _("上门前预约"), _("核对身份"), _("其他（请写明）")]
    return list(zip(REASONS, words, strict=True))
