"""What the package tells the layers below at start: its verbs and how its rows are guarded."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from bihuan.areas.codes import subtree_q
from bihuan.kernel.api import (
    register_channel,
    register_heads,
    register_job,
    register_notice,
    register_relay,
    register_verb,
)
from bihuan.people.models import Organisation, Person, Post, Robot
from bihuan.people.permissions import PEOPLE_MANAGE, PEOPLE_READ
from bihuan.people.rule import register_scope

RECORDED = "person.recorded"
CHANGED = "person.changed"
POST_GIVEN = "person.post_given"
POST_ENDED = "person.post_ended"
SIGN_IN_MADE = "person.sign_in_made"
PHONE_VERIFIED = "person.phone_verified"
ERASED = "person.erased"
ERASURE_ASKED = "person.erasure_asked"
ERASURE_TAKEN_BACK = "person.erasure_taken_back"
ERASURE_REFUSED = "person.erasure_refused"
TOLD_CHANGED = "person.told_changed"
TOLD_RESET = "person.told_reset"
TOLD_RESET_ALL = "person.told_reset_all"
TOLD_ERASURE_ASKED = "person.told_erasure_asked"
TOLD_ERASURE_REFUSED = "person.told_erasure_refused"
ROBOT_ADDED = "robot.added"
ROBOT_PAUSED = "robot.paused"
ROBOT_RESUMED = "robot.resumed"
ROBOT_DELETED = "robot.deleted"


def register() -> None:
    """Register verbs, scopes, jobs and channels; harmless when called again."""
    _register_verbs()
    _register_notices()
    _register_scopes()
    _register_work()


def _register_work() -> None:
    # These write with the verbs named here, so they come after.
    from bihuan.people import mailing, robots
    from bihuan.people.residents import sweep_unproven
    from bihuan.people.robotlines import feed_robots

    register_job("people.sweep_unproven", sweep_unproven, 3600)
    register_job("people.sweep_codes", mailing.sweep_codes, 600)
    register_job("people.robots", feed_robots, 15)
    register_relay(mailing.relay)
    register_channel(mailing.CHANNEL, mailing.deliver, keeps=False)
    register_channel(robots.CHANNEL, robots.deliver, keeps=True)
    register_heads("person", _person_heads)
    register_heads("robot", _robot_heads)


def _person_heads(ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    rows = Person.objects.filter(pk__in=list(ids)).values_list("pk", "version", "head_hash")
    return {key: (version, bytes(head)) for key, version, head in rows}


def _robot_heads(ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    rows = Robot.objects.filter(pk__in=list(ids)).values_list("pk", "version", "head_hash")
    return {key: (version, bytes(head)) for key, version, head in rows}


def _register_verbs() -> None:
    register_verb(RECORDED, zh="{actor}登记了人员", en="{actor} recorded the person")
    register_verb(CHANGED, zh="{actor}更正了其姓名或手机号", en="{actor} corrected the person's name or phone number")
    register_verb(
        POST_GIVEN,
        zh="{actor}任命其担任{area}的{role}，自{since}起[，至{until}止]",
        en="{actor} appointed the person {role} of {area} from {since}[ until {until}]",
    )
    register_verb(
        POST_ENDED,
        zh="{actor}结束了其在{area}的{role}岗位，任至{until}[，原因：{reason}]",
        en="{actor} ended the person's post as {role} of {area}, last day {until}[, because: {reason}]",
    )
    register_verb(
        SIGN_IN_MADE,
        zh="{actor}为其开通或重置了账号",
        en="{actor} made or reset the person's sign-in",
    )
    register_verb(
        PHONE_VERIFIED,
        zh="{actor}以手机验证码登录并核实了号码",
        en="{actor} signed in by a code and so verified the phone number",
    )
    register_verb(
        ERASED,
        zh="{actor}删除了其个人信息和账号，岗位同时结束[，原因：{reason}]",
        en="{actor} erased the person's data and account and ended the posts[, because: {reason}]",
    )
    register_verb(
        ERASURE_ASKED,
        zh="{actor}请求删除本人的账号和个人信息",
        en="{actor} asked for the erasure of their own account and data",
    )
    register_verb(
        ERASURE_TAKEN_BACK,
        zh="{actor}收回了删除本人信息的请求",
        en="{actor} took back the request to be erased",
    )
    register_verb(
        ERASURE_REFUSED,
        zh="{actor}没有同意删除本人信息的请求，理由：{reason}",
        en="{actor} refused the person's request to be erased, because: {reason}",
    )
    register_verb(ROBOT_ADDED, zh="{actor}添加了群机器人“{name}”", en="{actor} added the group robot “{name}”")
    register_verb(
        ROBOT_PAUSED,
        zh="{actor}暂停了群机器人[，原因：{reason}]",
        en="{actor} paused the group robot[, because: {reason}]",
    )
    register_verb(
        ROBOT_RESUMED,
        zh="{actor}恢复了群机器人[，原因：{reason}]",
        en="{actor} resumed the group robot[, because: {reason}]",
    )
    register_verb(
        ROBOT_DELETED,
        zh="{actor}删除了群机器人[，原因：{reason}]",
        en="{actor} deleted the group robot[, because: {reason}]",
    )


def _register_notices() -> None:
    """What the bell says. No notice to somebody else names the person: it would outlive their erasure."""
    register_notice(
        TOLD_CHANGED,
        zh="{actor}更正了您登记的姓名或手机号，如果不对请当面核实",
        en="{actor} corrected your recorded name or phone number; if it is wrong, ask them",
        group="card",
    )
    register_notice(
        TOLD_RESET,
        zh="{actor}重设了您的登录密码。不是您要求的，请立即改密码并向上级反映",
        en="{actor} reset your password. If you did not ask for it, change it now and report it",
        group="card",
    )
    register_notice(
        TOLD_RESET_ALL,
        zh="{actor}重设了您的登录密码，并取消了两步验证和通行密钥。不是您要求的，请立即改密码并向上级反映",
        en="{actor} reset your password and removed your second factors. If you did not ask for it, change it now "
        "and report it",
        group="card",
    )
    register_notice(
        TOLD_ERASURE_ASKED,
        zh="有人请求删除本人的账号和个人信息，请在{day}前答复",
        en="Somebody asks for the erasure of their own account and data; answer by {day}",
        group="turn",
    )
    register_notice(
        TOLD_ERASURE_REFUSED,
        zh="{actor}没有同意删除您的信息，理由：{reason}",
        en="{actor} refused to erase your data, because: {reason}",
        private={"reason": ("请登录查看", "sign in to read it")},
    )


def _register_scopes() -> None:
    register_scope(Robot, read=PEOPLE_MANAGE, area_field="area_code")
    register_scope(Organisation, read=PEOPLE_READ, area_field="area_code")
    register_scope(
        Post,
        read=PEOPLE_READ,
        area_field="area_code",
        party_q=lambda person_id: Q(person_id=person_id),
        party_ids=lambda post: (post.person_id,),
    )
    register_scope(
        Person,
        read=PEOPLE_READ,
        area_q=_person_in,
        area_codes=_codes_of,
        party_q=lambda person_id: Q(pk=person_id),
        party_ids=lambda person: (person.pk,),
    )


def _person_in(code: str) -> Q:
    # A subquery, not a join: a person with two posts in the area must not appear twice.
    held = Post.objects.filter(subtree_q("area_code", code)).values("person_id")
    return subtree_q("home_code", code) | subtree_q("erasure_area", code) | Q(pk__in=held)


def _codes_of(person: Person) -> Iterable[str]:
    # Who asked a place to be erased is seen there until it answers, though they live nowhere that is known.
    return [
        person.home_code,
        person.erasure_area,
        *Post.objects.filter(person=person).values_list("area_code", flat=True),
    ]
