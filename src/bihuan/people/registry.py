"""What the package tells the layers below at start: its verbs and how its rows are guarded."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from bihuan.areas.codes import subtree_q
from bihuan.kernel.api import register_channel, register_heads, register_job, register_relay, register_verb
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
ROBOT_ADDED = "robot.added"
ROBOT_PAUSED = "robot.paused"
ROBOT_RESUMED = "robot.resumed"
ROBOT_DELETED = "robot.deleted"


def register() -> None:
    """Register verbs, scopes, jobs and channels; harmless when called again."""
    _register_verbs()
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
    register_verb(CHANGED, zh="{actor}修改了人员信息", en="{actor} changed the person's data")
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
    return subtree_q("home_code", code) | Q(
        pk__in=Post.objects.filter(subtree_q("area_code", code)).values("person_id")
    )


def _codes_of(person: Person) -> Iterable[str]:
    return [person.home_code, *Post.objects.filter(person=person).values_list("area_code", flat=True)]
