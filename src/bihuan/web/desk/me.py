"""One's own account: posts, password, second factor, and what is told by e-mail. It needs no permission."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.areas.models import Area
from bihuan.fieldwork.api import is_paired
from bihuan.kernel.api import BadInput, Refused, clock
from bihuan.people.api import (
    Actor,
    actor_for,
    answer_by,
    ask_erasure,
    ask_mail,
    choose_mail,
    confirm_mail,
    knows_whom_to_ask,
    mailing_of,
    resets_of,
    role_titles,
    stop_mail,
    take_back_erasure,
)
from bihuan.people.models import Mailing, Person, Post
from bihuan.web.desk import choices
from bihuan.web.desk.people import told
from bihuan.web.desk.posts import held_posts

KINDS = (
    ("turn", gettext_lazy("轮到我办")),
    ("card", gettext_lazy("督办牌和提级")),
    ("progress", gettext_lazy("进展")),
)


class AddressForm(forms.Form):
    """Where to."""

    address = forms.CharField(
        label=gettext_lazy("邮箱"),
        max_length=254,
        help_text=gettext_lazy("会发一封带确认码的邮件，输入确认码后才使用。加密保存，随时可以取消"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CodeForm(forms.Form):
    """The code that came back."""

    code = forms.CharField(
        label=gettext_lazy("确认码"),
        max_length=12,
        help_text=gettext_lazy("邮件里的 6 位数字，30 分钟内有效"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class KindsForm(forms.Form):
    """Of what."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("哪些用邮件告诉我"),
        required=False,
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("全都不选就只在站内告诉。邮件里不写群众的姓名和原话"),
    )


class AskErasureForm(forms.Form):
    """Which community answers, where nothing else tells."""

    area_code = forms.ChoiceField(label=gettext_lazy("您所在的社区"), required=False)

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        """Ask for the community only where posts and home do not tell it."""
        super().__init__(*args, **kwargs)
        field = self.fields["area_code"]
        if known:
            del self.fields["area_code"]
        elif isinstance(field, forms.ChoiceField):
            communities = Area.objects.filter(level=Area.Level.COMMUNITY, active=True).values_list("code", "name")
            field.choices = [("", _("请选择")), *communities]


FORMS: dict[str, type[forms.Form]] = {"ask": AddressForm, "confirm": CodeForm, "choose": KindsForm}


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Show my posts, my sign-in, and how I am told."""
    return _show(request)


def _show(
    request: HttpRequest,
    refused: tuple[str, forms.Form] | None = None,
    status: int = 200,
    asking: forms.Form | None = None,
) -> HttpResponse:
    actor = actor_for(request)
    posts: list[Post] = []
    mailing: Mailing | None = None
    if actor.person_id is not None:
        mine = Post.objects.active(clock.today()).filter(person_id=actor.person_id)
        posts = list(mine.select_related("person__organisation").order_by("area_code", "role__order"))
        mailing = mailing_of(actor.person_id)
    context = {
        **_own(actor, asking),
        "actor": actor,
        "account": request.user,
        "rows": held_posts(posts, role_titles(choices.language())),
        "mail": mail_words(mailing),
        **{f"{name}_form": _form(name, mailing, refused) for name in FORMS},
    }
    response = render(request, "web/desk/people/me.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _own(actor: Actor, asking: forms.Form | None) -> dict[str, Any]:
    """Return what the page tells of one's own data: who reset the sign-in, and where a request to be erased stands."""
    if actor.person_id is None:
        return {"resets": [], "answer_by": None, "ask_erasure_form": None, "paired": False}
    person = Person.objects.get(pk=actor.person_id)
    form = asking or AskErasureForm(known=knows_whom_to_ask(person.pk), auto_id="erasure_%s")
    return {
        "resets": resets_of(person.pk),
        "answer_by": answer_by(person),
        "ask_erasure_form": form,
        "paired": is_paired(actor),
    }


@require_POST
def me_erase(request: HttpRequest) -> HttpResponse:
    """Ask to be erased, or take the request back."""
    actor = actor_for(request)
    if actor.person_id is None:
        return HttpResponseRedirect(reverse("desk:me"))
    back = request.POST.get("do") == "take_back"
    form = AskErasureForm(request.POST, known=back or knows_whom_to_ask(actor.person_id), auto_id="erasure_%s")
    if form.is_valid():
        try:
            if back:
                take_back_erasure(actor=actor)
                messages.success(request, _("已收回，什么都没有删除。"))
            else:
                ask_erasure(actor=actor, area_code=form.cleaned_data.get("area_code", ""))
                messages.success(request, _("已提出，记录在案。答复会告诉您。"))
            return HttpResponseRedirect(reverse("desk:me") + "#mine")
        except (BadInput, Refused) as error:
            told(form, error)
    return _show(request, status=422, asking=None if back else form)


def _form(name: str, mailing: Mailing | None, refused: tuple[str, forms.Form] | None) -> forms.Form:
    if refused is not None and refused[0] == name:
        return refused[1]
    return FORMS[name](initial={"kinds": mailing.kinds if mailing else []}, auto_id=f"mail_{name}_%s")


def mail_words(mailing: Mailing | None) -> dict[str, Any]:
    """Return where a person's e-mail stands: the confirmed address, and the one that waits for its code."""
    if mailing is None:
        return {"address": "", "asked": ""}
    waits = mailing.code_until is not None and mailing.code_until > clock.now()
    return {
        "address": mailing.address_masked if mailing.confirmed_at else "",
        "asked": mailing.asked_masked if waits else "",
    }


@never_cache
@require_POST
def me_mail(request: HttpRequest) -> HttpResponse:
    """Ask for a code, confirm it, choose what is told, or stop."""
    actor = actor_for(request)
    do = request.POST.get("do", "")
    if do == "stop":
        stop_mail(actor=actor)
        messages.success(request, _("不再用邮件告诉您，邮箱已删除。"))
        return HttpResponseRedirect(_back())
    if do not in FORMS:
        return HttpResponseRedirect(_back())
    form = FORMS[do](request.POST, auto_id=f"mail_{do}_%s")
    if form.is_valid():
        try:
            messages.success(request, _act(actor, do, form.cleaned_data))
            return HttpResponseRedirect(_back())
        except (BadInput, Refused) as error:
            told(form, error)
    return _show(request, (do, form), status=422)


def _back() -> str:
    return reverse("desk:me") + "#mail"


def _act(actor: Actor, do: str, given: dict[str, Any]) -> str:
    if do == "ask":
        ask_mail(actor=actor, address=given["address"])
        return _("确认码已发出，请到邮箱里查看。")
    if do == "confirm":
        confirm_mail(actor=actor, code=given["code"])
        return _("邮箱已确认。")
    choose_mail(actor=actor, kinds=given["kinds"])
    return _("已保存。")


urlpatterns = [
    path("me/", me, name="me"),
    path("me/mail/", me_mail, name="me_mail"),
    path("me/erase/", me_erase, name="me_erase"),
]
