"""What the package tells the layers below at start: its verbs and how its rows are guarded."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from bihuan.areas.codes import subtree_q
from bihuan.kernel.api import register_job, register_verb
from bihuan.people.models import Organisation, Person, Post
from bihuan.people.permissions import PEOPLE_READ
from bihuan.people.rule import register_scope

RECORDED = "person.recorded"
CHANGED = "person.changed"
POST_GIVEN = "person.post_given"
POST_ENDED = "person.post_ended"
SIGN_IN_MADE = "person.sign_in_made"
PHONE_VERIFIED = "person.phone_verified"


def register() -> None:
    """Register verbs, scopes and the hourly sweep; harmless when called again."""
    from bihuan.people.residents import sweep_unproven  # it writes with the verbs named here

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
    register_job("people.sweep_unproven", sweep_unproven, 3600)
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
