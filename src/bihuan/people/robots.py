"""Group robots: who may have a work group told, where their messages may go, and what went wrong on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.areas.models import Area
from bihuan.kernel.api import (
    BadInput,
    Delivery,
    PermanentFailure,
    Problem,
    Refused,
    append,
    clock,
    deliver_by,
    hit,
    new_id,
    retry,
    robot_address,
    withdraw,
)
from bihuan.kernel.models import OutboxItem
from bihuan.people import ciphers, registry
from bihuan.people.actor import Actor
from bihuan.people.models import Robot
from bihuan.people.permissions import PEOPLE_MANAGE
from bihuan.people.rule import access, require, visible

CHANNEL = "robot"  # the target is a robot's id: the address itself is decrypted at delivery only
KINDS = ("card", "new")
EVERY = (10, 30, 60, 240)  # minutes
MOST_IN_AREA = 20
MOST_FAILED = 50


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a test message: ``said`` is what the other side answered, in words."""

    ok: bool
    said: str


def add_robot(
    *,
    actor: Actor,
    area_code: str,
    name: str,
    address: str,
    kinds: Iterable[str],
    every_minutes: int = 30,
    robot_id: UUID | None = None,
) -> Robot:
    """Add a robot of an area's work group; it tells of what happens from now on.

    Args:
        actor: Needs PEOPLE_MANAGE in ``area_code``.
        area_code: What happens in this area and below it is told.
        name: What the group is called, at most 40 characters.
        address: The webhook's address as the group shows it; kept encrypted.
        kinds: Of ``KINDS``; at least one.
        every_minutes: How often new reports are summed up, one of ``EVERY``.
        robot_id: UUIDv7 made by the client; the same again changes nothing.

    Raises:
        PermissionDenied: without the permission.
        BadInput: with every field that is wrong. Refused: the area has too many.
    """
    require(actor, PEOPLE_MANAGE, area_code)
    wanted, name, address = [kind for kind in KINDS if kind in set(kinds)], " ".join(name.split()), address.strip()
    problems = _problems(area_code, name, address, wanted, every_minutes)
    if problems:
        raise BadInput(problems)
    now = clock.now()
    with transaction.atomic():
        if robot_id is not None and (before := Robot.objects.filter(pk=robot_id, area_code=area_code).first()):
            return before
        if robot_id is not None and Robot.objects.filter(pk=robot_id).exists():
            raise BadInput(Problem("id", _("这个编号已用于另一条记录"), _("请换一个编号重试")))
        if Robot.objects.filter(area_code=area_code, deleted_at__isnull=True).count() >= MOST_IN_AREA:
            raise Refused(Problem("area_code", _("这个区域的群机器人太多了"), _("请先删除不用的")))
        robot = Robot.objects.create(
            id=robot_id or new_id(now),
            area_code=area_code,
            name=name,
            address_cipher=ciphers.encrypt(ciphers.ROBOT, address),
            address_masked=mask_address(address),
            kinds=wanted,
            every_minutes=every_minutes,
            told_until=now,
            summed_until=now,
            created_at=now,
        )
        _write(robot, actor, registry.ROBOT_ADDED, {"name": name, "kinds": wanted, "host": mask_address(address)})
    return robot


def _problems(area_code: str, name: str, address: str, kinds: list[str], every: int) -> list[Problem]:
    problems = []
    if not Area.objects.filter(code=area_code, active=True).exists():
        problems.append(Problem("area_code", _("没有这个区域"), _("请填写系统中已有区域的编码")))
    if not 1 <= len(name) <= 40:
        problems.append(Problem("name", _("名称应为 1 到 40 个字"), _("写群的名称，如“电建社区工作群”")))
    if not kinds:
        problems.append(Problem("kinds", _("还没有选发什么"), _("请至少选一种")))
    if every not in EVERY:
        problems.append(Problem("every_minutes", _("没有这个间隔"), _("请在列出的几种中选择")))
    try:
        robot_address(address)
    except PermanentFailure:
        hosts = _("、").join(settings.ROBOT_HOSTS)
        how = _("请从群设置里复制机器人的 Webhook 地址：以 https:// 开头，主机是 %(hosts)s") % {"hosts": hosts}
        problems.append(Problem("address", _("不能用这个地址"), how))
    if len(address) > 1000:
        problems.append(Problem("address", _("地址太长"), _("请核对是否复制了多余的内容")))
    return problems


def mask_address(address: str) -> str:
    """Return what is shown of a webhook's address: its host and the end of its key."""
    url = urlsplit(address)
    values = [value for part in parse_qs(url.query).values() for value in part]
    tail = (values[-1] if values else url.path)[-4:]
    return f"{url.hostname} …{tail}"[:80]


def set_robot_active(*, actor: Actor, robot_id: UUID, active: bool, reason: str = "") -> Robot:
    """Pause a robot, or let it go on; what happened meanwhile is not told afterwards.

    Raises:
        Http404: no such robot for this actor.
    """
    robot = _robot(actor, robot_id)
    with transaction.atomic():
        robot = Robot.objects.select_for_update().get(pk=robot.pk)
        if robot.active == active or robot.deleted_at is not None:
            return robot
        now = clock.now()
        robot.active, robot.told_until, robot.summed_until = active, now, now
        robot.save(update_fields=["active", "told_until", "summed_until"])
        verb = registry.ROBOT_RESUMED if active else registry.ROBOT_PAUSED
        _write(robot, actor, verb, {"reason": reason.strip()[:120]})
    return robot


def delete_robot(*, actor: Actor, robot_id: UUID, reason: str) -> None:
    """Delete a robot: its address is wiped, what was on its way is given up; the row stays for the record.

    Raises:
        Http404: no such robot for this actor. BadInput: without a reason.
    """
    robot = _robot(actor, robot_id)
    reason = reason.strip()[:120]
    if not reason:
        raise BadInput(Problem("reason", _("删除须写明原因"), _("如“群已解散”")))
    with transaction.atomic():
        robot = Robot.objects.select_for_update().get(pk=robot.pk)
        if robot.deleted_at is not None:
            return
        robot.deleted_at, robot.active, robot.address_cipher, robot.address_masked = clock.now(), False, None, ""
        robot.save(update_fields=["deleted_at", "active", "address_cipher", "address_masked"])
        _write(robot, actor, registry.ROBOT_DELETED, {"reason": reason})
        withdraw(CHANNEL, robot.pk.hex)


def try_robot(*, actor: Actor, robot_id: UUID) -> Tried:
    """Send a test message now and say what came of it. Waits for the other side, at most ten seconds.

    Raises:
        Http404: no such robot for this actor. Refused: tried too often.
    """
    robot = _robot(actor, robot_id)
    decision = hit("robot-try", robot.pk.hex, 5, 300)
    if not decision.allowed:
        raise Refused(Problem("", _("试得太频繁了"), _("请过几分钟再试")))
    text = _("【闭环】这是一条测试消息：%(name)s 已接通。") % {"name": robot.name}
    try:
        _send(robot, Delivery(new_id(), CHANNEL, robot.pk.hex, {"text": text}, 1))
    except PermanentFailure as error:
        return Tried(ok=False, said=_("对方不接受：%(error)s") % {"error": error})
    except (OSError, RuntimeError) as error:
        return Tried(ok=False, said=_("没有发出去：%(error)s") % {"error": str(error)[:200]})
    return Tried(ok=True, said=_("对方已收下，请到群里看一眼。"))


def retry_delivery(*, actor: Actor, item_id: UUID) -> bool:
    """Let a message that failed be tried again; False where it has not failed (any more).

    Raises:
        Http404: no such message of a robot that this actor manages.
    """
    item = OutboxItem.objects.filter(pk=item_id, channel=CHANNEL).exclude(target="").first()
    if item is None:
        raise Http404(_("没有找到，或者您没有查看的权限"))
    _robot(actor, UUID(hex=item.target))
    return retry(item.pk)


def robots_for(actor: Actor) -> list[Robot]:
    """Return the robots an actor manages, by area and name."""
    mine = visible(actor, PEOPLE_MANAGE, Robot.objects.filter(deleted_at__isnull=True))
    return list(mine.order_by("area_code", "name", "pk")[:200])


def failed_deliveries(robots: Iterable[Robot]) -> list[OutboxItem]:
    """Return the messages of these robots that were given up, the latest first."""
    targets = [robot.pk.hex for robot in robots]
    found = OutboxItem.objects.filter(channel=CHANNEL, target__in=targets, state=OutboxItem.State.FAILED)
    return list(found.order_by("-due_at")[:MOST_FAILED])


def deliver(item: Delivery) -> None:
    """Send a message to its robot, whose address is decrypted now.

    Raises:
        PermanentFailure: when the robot was paused or deleted. Whatever the channel "webhook" raises.
    """
    robot = Robot.objects.filter(pk=UUID(hex=item.target), active=True, deleted_at__isnull=True).first()
    if robot is None:
        raise PermanentFailure("the robot was paused or deleted")
    _send(robot, item)


def _send(robot: Robot, item: Delivery) -> None:
    if robot.address_cipher is None:
        raise PermanentFailure("the robot has no address")
    address = ciphers.decrypt(ciphers.ROBOT, robot.address_cipher)
    deliver_by("webhook", Delivery(item.id, "webhook", address, item.payload, item.attempt))


def _robot(actor: Actor, robot_id: UUID) -> Robot:
    return access(actor, PEOPLE_MANAGE, Robot.objects.filter(deleted_at__isnull=True), pk=robot_id)


def _write(robot: Robot, actor: Actor, verb: str, body: dict[str, Any]) -> None:
    now = clock.now()
    entry = append(
        subject_type="robot",
        subject_id=robot.pk,
        seq=robot.version + 1,
        prev_hash=bytes(robot.head_hash),
        verb=verb,
        actor=actor.ref(actor.role_for(PEOPLE_MANAGE, robot.area_code)),
        area_code=robot.area_code,
        happened_at=now,
        recorded_at=now,
        body=body,
        entry_id=new_id(now),
    )
    robot.version, robot.head_hash = entry.seq, entry.hash
    Robot.objects.filter(pk=robot.pk).update(version=entry.seq, head_hash=entry.hash)
