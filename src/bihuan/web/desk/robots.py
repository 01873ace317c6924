"""Desk page: the robots of work groups within one's own area, and what did not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.areas import api as areas
from bihuan.kernel.api import BadInput, Refused, new_id
from bihuan.people.api import (
    PEOPLE_MANAGE,
    Actor,
    actor_for,
    add_robot,
    delete_robot,
    failed_deliveries,
    require,
    retry_delivery,
    robots_for,
    set_robot_active,
    try_robot,
)
from bihuan.people.models import Robot
from bihuan.web.desk import choices
from bihuan.web.desk.area_form import AreaForm
from bihuan.web.portal.secrets import form_id

KINDS = (("card", gettext_lazy("督办牌和提级，一件一条")), ("new", gettext_lazy("新反映，隔一段时间汇总一条")))
WORDS = {"card": gettext_lazy("督办牌和提级"), "new": gettext_lazy("新反映汇总")}
EVERY = (
    ("10", gettext_lazy("10 分钟")),
    ("30", gettext_lazy("30 分钟")),
    ("60", gettext_lazy("1 小时")),
    ("240", gettext_lazy("4 小时")),
)


class RobotForm(AreaForm):
    """A robot: which group, where its messages go, of what."""

    name = forms.CharField(label=gettext_lazy("群的名称"), max_length=40)
    field_order: Sequence[str] = ("name", "area_code")
    address = forms.CharField(
        label=gettext_lazy("Webhook 地址"),
        max_length=1000,
        help_text=gettext_lazy(
            "在企业微信或钉钉的群设置里添加机器人后复制。拿到它就能往群里发消息，所以加密保存，不再显示；钉钉请选“自定义关键词”，关键词填“闭环”"
        ),  # noqa: E501
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("发什么"),
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只写编号和地点，不写群众的姓名、电话和原话"),
    )
    every_minutes = forms.TypedChoiceField(
        label=gettext_lazy("新反映多久汇总一次"), choices=EVERY, coerce=int, initial="30"
    )

    def __init__(self, places: Sequence[choices.Choice], *args: Any, **kwargs: Any) -> None:
        """Offer the areas."""
        super().__init__(places, *args, **kwargs)
        self.fields["area_code"].help_text = _("这个区域和它下面发生的事会发到群里")


@require_http_methods(["GET", "HEAD", "POST"])
def robots(request: HttpRequest) -> HttpResponse:
    """List the robots, add one."""
    actor = actor_for(request)
    require(actor, PEOPLE_MANAGE)
    if request.method != "POST":
        return _show(request, actor)
    form = RobotForm(choices.place_options(actor.areas_with(PEOPLE_MANAGE)), request.POST)
    if form.is_valid():
        try:
            robot = add_robot(actor=actor, robot_id=form_id(request.POST.get("form_id", "")), **form.cleaned_data)
        except (BadInput, Refused) as error:
            for problem in error.problems:
                field = problem.field if problem.field in form.fields else None
                form.add_error(field, f"{problem.why}。{problem.how}。")
        else:
            messages.success(request, _("已添加“%(name)s”。请点“发一条试试”。") % {"name": robot.name})
            return HttpResponseRedirect(reverse("desk:robots"))
    return _show(request, actor, form=form, status=422)


def _show(
    request: HttpRequest,
    actor: Actor,
    *,
    form: RobotForm | None = None,
    refused: tuple[UUID, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = robots_for(actor)
    named = areas.names({robot.area_code for robot in found})
    places = choices.place_options(actor.areas_with(PEOPLE_MANAGE))
    initial: dict[str, Any] = {"kinds": ["card", "new"]}
    context = {
        "rows": [_row(robot, named, refused) for robot in found],
        "failed": _failed(found),
        "form": form or RobotForm(places, initial=initial),
        "form_id": new_id(),
    }
    return render(request, "web/desk/people/robots.html", context, status=status)


def _row(robot: Robot, named: dict[str, str], refused: tuple[UUID, str] | None) -> dict[str, Any]:
    every = dict(EVERY).get(str(robot.every_minutes), "")
    return {
        "robot": robot,
        "area": named.get(robot.area_code, robot.area_code),
        "kinds": _("、").join(str(WORDS[kind]) for kind in robot.kinds if kind in WORDS),
        "every": every if "new" in robot.kinds else "",
        "wrong": refused[1] if refused is not None and refused[0] == robot.pk else "",
    }


def _failed(found: list[Robot]) -> list[dict[str, Any]]:
    by_target = {robot.pk.hex: robot.name for robot in found}
    return [
        {
            "id": item.pk,
            "name": by_target.get(item.target, ""),
            "text": str(item.payload.get("text", "")),
            "error": item.last_error,
            "at": item.due_at,
        }
        for item in failed_deliveries(found)
    ]


@require_POST
def robot_try(request: HttpRequest, robot_id: UUID) -> HttpResponse:
    """Send a test message now and say what came of it."""
    try:
        tried = try_robot(actor=actor_for(request), robot_id=robot_id)
    except Refused as error:
        messages.warning(request, "。".join(f"{problem.why}。{problem.how}" for problem in error.problems))
    else:
        (messages.success if tried.ok else messages.error)(request, tried.said)
    return HttpResponseRedirect(reverse("desk:robots"))


@require_POST
def robot_pause(request: HttpRequest, robot_id: UUID) -> HttpResponse:
    """Pause a robot, or let it go on."""
    active = request.POST.get("active") == "1"
    reason = request.POST.get("reason", "")
    robot = set_robot_active(actor=actor_for(request), robot_id=robot_id, active=active, reason=reason)
    said = _("已恢复“%(name)s”。暂停期间的事不会补发。") if active else _("已暂停“%(name)s”。")
    messages.success(request, said % {"name": robot.name})
    return HttpResponseRedirect(reverse("desk:robots"))


@require_POST
def robot_delete(request: HttpRequest, robot_id: UUID) -> HttpResponse:
    """Delete a robot, with a reason."""
    actor = actor_for(request)
    try:
        delete_robot(actor=actor, robot_id=robot_id, reason=request.POST.get("reason", ""))
    except BadInput as error:
        wrong = "。".join(f"{problem.why}。{problem.how}" for problem in error.problems)
        return _show(request, actor, refused=(robot_id, f"{wrong}。"), status=422)
    messages.success(request, _("已删除群机器人，地址已抹去。"))
    return HttpResponseRedirect(reverse("desk:robots"))


@require_POST
def robot_retry(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Let a message that was given up be tried again."""
    if retry_delivery(actor=actor_for(request), item_id=delivery_id):
        messages.success(request, _("已放回待发送，几秒内会再试。"))
    else:
        messages.warning(request, _("这条消息已经不用重发了。"))
    return HttpResponseRedirect(reverse("desk:robots"))


urlpatterns = [
    path("robots/", robots, name="robots"),
    path("robots/<uuid:robot_id>/try/", robot_try, name="robot_try"),
    path("robots/<uuid:robot_id>/pause/", robot_pause, name="robot_pause"),
    path("robots/<uuid:robot_id>/delete/", robot_delete, name="robot_delete"),
    path("robots/failed/<uuid:delivery_id>/retry/", robot_retry, name="robot_retry"),
]
