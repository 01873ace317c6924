"""Posts given and ended, and deputies named. Nobody does it to themselves, nor gives a right they do not hold."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Problem, Refused, clock
from bihuan.people import record, registry
from bihuan.people.actor import Actor
from bihuan.people.models import Person, Post, Role
from bihuan.people.permissions import PEOPLE_MANAGE, PEOPLE_READ, TITLES
from bihuan.people.roles import APPOINTS_ALL
from bihuan.people.rule import access, can, require
from bihuan.people.writing import create_post


def give_post(
    *,
    actor: Actor,
    person_id: UUID,
    role: str,
    area_code: str,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    deputy_of: UUID | None = None,
    entry_id: UUID | None = None,
) -> Post:
    """Give a person a post; as a deputy, for as long as the post stood in for lasts.

    Raises:
        Http404, PermissionDenied: when the person is not seen, or the area is not the actor's.
        BadInput, Refused: when role, area or dates are wrong, the post is held already, grants more than the actor
            holds there, or is one's own.
    """
    person = access(actor, PEOPLE_READ, Person.objects.filter(erased_at__isnull=True), pk=person_id)
    not_oneself(actor, person)
    since = since or clock.today()
    chief = Post.objects.filter(pk=deputy_of).first() if deputy_of else None
    problems = post_problems(actor, role, area_code, since, until)
    if deputy_of and (
        chief is None or chief.deputy_of_id is not None or chief.role_id != role or chief.area_code != area_code
    ):
        problems.append(Problem("deputy_of", _("只能代理同一区域、同一岗位的人"), _("请选择这个岗位现在的任职人")))
    if problems:
        raise BadInput(problems)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        return create_post(
            actor=actor,
            person=person,
            role=role,
            area_code=area_code,
            since=since,
            until=until,
            chief=chief,
            now=clock.now(),
            entry_id=entry_id,
        )


def name_deputy(
    *,
    actor: Actor,
    person_id: UUID,
    post_ids: Collection[UUID],
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> list[Post]:
    """Have a person stand in for one holder's posts: all of them or none. Role and place are the posts' own.

    Args:
        actor: Needs PEOPLE_MANAGE where each post is held; not the person.
        person_id: The deputy.
        post_ids: Posts of one holder, in force, none itself a deputy's.
        since: First day; today by default.
        until: Last day, when known; else as long as the posts last.

    Raises:
        Http404, PermissionDenied: as ``access``, for the person and for each post.
        BadInput, Refused: as ``give_post``; when the holder is the deputy, or there are several holders.
    """
    person = access(actor, PEOPLE_READ, Person.objects.filter(erased_at__isnull=True), pk=person_id)
    not_oneself(actor, person)
    since = since or clock.today()
    chiefs = _posts(actor, Post.objects.active(clock.today()), post_ids)
    holders = {post.person_id for post in chiefs}
    problems = [p for post in chiefs for p in post_problems(actor, post.role_id, post.area_code, since, until)]
    if len(holders) != 1 or person.pk in holders or any(post.deputy_of_id for post in chiefs):
        problems.append(Problem("stands_for", _("只能代理另一位现任者的岗位"), _("请从列表中选择被代理的人")))
    if problems:
        raise BadInput(list(dict.fromkeys(problems)))
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        return [
            create_post(
                actor=actor,
                person=person,
                role=post.role_id,
                area_code=post.area_code,
                since=since,
                until=until,
                chief=post,
                now=clock.now(),
            )
            for post in chiefs
        ]


def _posts(actor: Actor, posts: QuerySet[Post], ids: Collection[UUID]) -> list[Post]:
    """Load posts for an act, each as ``access`` with PEOPLE_MANAGE does; Http404 for none."""
    found = [access(actor, PEOPLE_MANAGE, posts.select_related("person"), pk=pk) for pk in dict.fromkeys(ids)]
    if not found:
        raise Http404
    return sorted(found, key=lambda post: post.area_code)


def manage_everywhere(actor: Actor, person: Person, *, home: str = "") -> str:
    """Require PEOPLE_MANAGE wherever a person holds a post, or lives where they hold none; returns one of the areas.

    Whoever may change a person's account could act as them, so a community's secretary may not with a district
    official who also serves there.

    Args:
        actor: Who acts.
        person: On whom.
        home: The area that counts for somebody without a post; ``home_code`` by default.

    Raises:
        PermissionDenied: where the right is missing anywhere.
    """
    held = list(Post.objects.active(clock.today()).filter(person=person).values_list("area_code", flat=True))
    areas = held or [home or person.home_code]
    for area_code in areas:
        require(actor, PEOPLE_MANAGE, area_code)
    return areas[0]


def not_oneself(actor: Actor, person: Person) -> None:
    """Refuse to act on one's own posts and account, which somebody else must do."""
    if actor.kind == "person" and actor.person_id == person.pk:
        raise Refused(Problem("", _("不能改动自己的岗位和账号"), _("请由上级或其他管理员办理")))


def post_problems(
    actor: Actor, role: str, area_code: str, since: datetime.date, until: datetime.date | None
) -> list[Problem]:
    """Return what is wrong with a post that somebody may give; PermissionDenied where they may not."""
    require(actor, PEOPLE_MANAGE)
    problems = []
    found = Role.objects.filter(pk=role).first()
    if found is None:
        problems.append(Problem("role", _("没有这个岗位"), _("请从列表中选择岗位")))
    if not Area.objects.filter(code=area_code, active=True).exists():
        problems.append(Problem("area_code", _("没有这个区域"), _("请填写系统中已有区域的编码")))
    else:
        require(actor, PEOPLE_MANAGE, area_code)
        if found is not None and (above := rights_above(actor, found.grants, area_code)):
            problems.append(above)
    if until is not None and until < since:
        problems.append(Problem("until", _("任期止日早于起日"), _("请核对两个日期")))
    return problems


def rights_above(actor: Actor, grants: Collection[str], area_code: str) -> Problem | None:
    """Return what is wrong with giving a role that grants more in an area than the actor holds there; None if nothing.

    Without this, a role that may manage people and little else could appoint its way to everything. The site's
    administrator appoints all the same: somebody must be able to install the first secretary.
    """
    if actor.kind == "system" or actor.roles_in(area_code) & APPOINTS_ALL:
        return None
    missing = [key for key in sorted(grants) if not can(actor, key, area_code)]
    if not missing:
        return None
    english = (get_language() or "").startswith("en")
    named = _("、").join(TITLES[key][1 if english else 0] for key in missing)
    why = _("这个岗位的权限比您自己的大：%(what)s") % {"what": named}
    return Problem("role", why, _("请由上级或管理员任命"))


def end_post(
    *, actor: Actor, post_id: UUID, until: datetime.date, reason: str = "", entry_id: UUID | None = None
) -> Post:
    """End a post; ``until`` is its last day (today: rights end tonight; earlier: at once).

    Raises:
        Http404, PermissionDenied: as ``access`` with PEOPLE_MANAGE.
        BadInput: when the day lies before the post began.
        Refused: when it is one's own, or has ended before.
    """
    post = access(actor, PEOPLE_MANAGE, Post.objects.select_related("person"), pk=post_id)
    _may_end(actor, post, until)
    with transaction.atomic():
        _end(actor, post, until, reason, entry_id)
    return post


def end_posts(*, actor: Actor, post_ids: Collection[UUID], until: datetime.date, reason: str = "") -> list[Post]:
    """End several posts with one last day: all of them or none.

    Raises:
        Http404, PermissionDenied, BadInput, Refused: as ``end_post``, of any of them.
    """
    posts = _posts(actor, Post.objects.all(), post_ids)
    for post in posts:
        _may_end(actor, post, until)
    with transaction.atomic():
        for post in posts:
            _end(actor, post, until, reason, None)
    return posts


def posts_left(posts: Sequence[Post]) -> int:
    """Return how many posts in force or to come their holders keep besides these; 0 means that no right is left."""
    holders = {post.person_id for post in posts}
    others = Post.objects.filter(person_id__in=holders).exclude(pk__in=[post.pk for post in posts])
    return others.exclude(until__lt=clock.today()).count()


def _may_end(actor: Actor, post: Post, until: datetime.date) -> None:
    not_oneself(actor, post.person)
    if until < post.since:
        raise BadInput(Problem("until", _("结束日期早于任职日期"), _("任职始于 %(day)s") % {"day": post.since}))
    if post.until is not None and post.until < clock.today():
        raise Refused(Problem("until", _("这个岗位已于 %(day)s 结束") % {"day": post.until}, _("不必再办")))


def _end(actor: Actor, post: Post, until: datetime.date, reason: str, entry_id: UUID | None) -> None:
    person = Person.objects.select_for_update().get(pk=post.person_id)
    Post.objects.filter(pk=post.pk).update(until=until)
    record.write(
        person,
        verb=registry.POST_ENDED,
        actor=actor.ref(actor.role_for(PEOPLE_MANAGE, post.area_code)),
        area_code=post.area_code,
        now=clock.now(),
        body={
            "post": str(post.pk),
            "role": post.role_id,
            "area": post.area_code,
            "until": until.isoformat(),
            "reason": reason.strip()[:120],
        },
        entry_id=entry_id,
    )
    post.until = until
