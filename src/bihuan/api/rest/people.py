"""People and posts by the machine interface: for people signed in alone. No key reads, appoints or erases anybody."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api.access import FILE, Session, caller, file_of
from bihuan.api.rest.given import Day, EntryId, Name
from bihuan.api.rest.inputs import FILE_BODY, READ, WRITE, AreaCode, FileName, In, Reason, ReasonIn, Typed
from bihuan.api.rest.territory import ReportOut, report_of
from bihuan.people.api import (
    PEOPLE_MANAGE,
    PEOPLE_READ,
    Actor,
    SignIn,
    access,
    answer_by,
    correct_person,
    end_posts,
    erase_person,
    erasures_asked,
    give_post,
    import_people,
    make_sign_in,
    name_deputy,
    posts_left,
    posts_seen,
    record_person,
    refuse_erasure,
    visible,
)
from bihuan.people.models import Person, Post, User

router = Router(tags=["people"])
_READS, _MANAGES = Session(needs=PEOPLE_READ), Session(needs=PEOPLE_MANAGE)
Phone = Annotated[str, Field(max_length=24)]
Role = Annotated[str, Field(max_length=40)]


class PostOut(Schema):
    """One post. ``deputy``: held for somebody else; ``until`` is the last day."""

    id: UUID
    person_id: UUID
    person_name: str
    role: str
    area_code: str
    since: date
    until: date | None
    deputy: bool


class AskedOut(Schema):
    """Somebody who asked to be erased, and by when an answer is due."""

    person_id: UUID
    person_name: str
    answer_by: date | None


class PeopleOut(Schema):
    """The posts that the caller sees, person by person; ``more``: there are more people than 200, search for them."""

    posts: list[PostOut]
    more: bool
    asked: list[AskedOut]


class PersonOut(Schema):
    """One person. The number is masked; ``username`` is "" without a sign-in."""

    id: UUID
    name: str
    phone: str
    unit: str
    username: str
    answer_by: date | None
    posts: list[PostOut]


class PostIn(In):
    """A post: role, area, first and last day."""

    role: Role
    area_code: AreaCode
    since: Day | None = None
    until: Day | None = None


class PersonIn(PostIn):
    """A person with a first post. The number is kept encrypted."""

    id: EntryId
    name: Name
    phone: Phone = ""
    organisation: str = Field("", max_length=80)


class CorrectIn(In):
    """What is right; an empty number leaves the one there is."""

    name: Name
    phone: Phone = ""
    drop_phone: bool = False


class DeputyIn(In):
    """Whose posts the person stands in for: all of one holder."""

    post_ids: list[UUID] = Field(min_length=1, max_length=100)
    since: Day | None = None
    until: Day | None = None


class EndIn(In):
    """Which posts end, with one last day."""

    post_ids: list[UUID] = Field(min_length=1, max_length=100)
    until: Day
    reason: Reason = ""


class EndedOut(Schema):
    """What ended. ``left``: how many posts those people still hold; 0 means that no right is left."""

    posts: list[PostOut]
    left: int


class SignInIn(In):
    """A sign-in; the name is found by itself where it is empty."""

    username: str = Field("", max_length=60)
    drop_second_factor: bool = False


class SignInOut(Schema):
    """The first password is in this answer alone; ``made``: false where an account got a new one."""

    username: str
    password: str
    made: bool


class DoneOut(Schema):
    """It is done."""

    person_id: UUID


def _post(row: Post) -> dict[str, Any]:
    names = ("id", "person_id", "area_code", "since", "until")
    told = {name: getattr(row, name) for name in names}
    return told | {"person_name": row.person.name, "role": row.role_id, "deputy": row.deputy_of_id is not None}


def _person(actor: Actor, row: Person) -> dict[str, Any]:
    posts = visible(actor, PEOPLE_READ, Post.objects.filter(person=row)).select_related("person")
    return {
        "id": row.pk,
        "name": row.name,
        "phone": row.phone_masked,
        "unit": row.organisation.name if row.organisation else "",
        "username": User.objects.filter(person=row).values_list("username", flat=True).first() or "",
        "answer_by": answer_by(row),
        "posts": [_post(post) for post in posts.order_by("-since", "area_code", "pk")[:200]],
    }


@router.get("/people", auth=_READS, response={200: PeopleOut, **READ})
def get_people(
    request: HttpRequest,
    text: Typed = "",
    role: Typed = "",
    *,
    past: bool = False,
) -> Any:
    """Who holds posts where the caller reads people; ``past``: the ended ones instead."""
    actor = caller(request)
    posts, more = posts_seen(actor, text=text, role=role, past=past)
    asked = [
        {"person_id": one.pk, "person_name": one.name, "answer_by": answer_by(one)} for one in erasures_asked(actor)
    ]
    return Status(200, {"posts": [_post(post) for post in posts], "more": more, "asked": asked})


@router.get("/people/{uuid:person_id}", auth=_READS, response={200: PersonOut, **READ})
def get_person(request: HttpRequest, person_id: UUID) -> Any:
    """One person, with the posts that the caller sees."""
    actor = caller(request)
    rows = Person.objects.filter(erased_at__isnull=True).select_related("organisation")
    return Status(200, _person(actor, access(actor, PEOPLE_READ, rows, pk=person_id)))


@router.post("/people", auth=_MANAGES, response={200: PersonOut, **WRITE})
def post_person(request: HttpRequest, payload: PersonIn) -> Any:
    """Record a person with a first post; the same id again is the same person."""
    actor, given = caller(request), payload.model_dump()
    return Status(200, _person(actor, record_person(actor=actor, person_id=given.pop("id"), **given)))


@router.post(
    "/people/import",
    auth=Session(most=FILE, needs=PEOPLE_MANAGE),
    response={200: ReportOut, **WRITE},
    openapi_extra=FILE_BODY,
)
def post_people_import(
    request: HttpRequest,
    name: FileName = "people.xlsx",
    *,
    dry_run: bool = True,
) -> Any:
    """Bring people and posts in from an Excel or CSV file (the body, its bytes as they are): all rows, or none."""
    report = import_people(actor=caller(request), data=file_of(request), filename=name, dry_run=dry_run)
    return Status(200, report_of(report))


@router.post("/people/{uuid:person_id}/correct", auth=_MANAGES, response={200: PersonOut, **WRITE})
def post_person_correct(request: HttpRequest, person_id: UUID, payload: CorrectIn) -> Any:
    """Correct a name or a number; the person is told."""
    actor = caller(request)
    return Status(200, _person(actor, correct_person(actor=actor, person_id=person_id, **payload.model_dump())))


@router.post("/people/{uuid:person_id}/posts", auth=_MANAGES, response={200: PostOut, **WRITE})
def post_give_post(request: HttpRequest, person_id: UUID, payload: PostIn) -> Any:
    """Give a person a post."""
    return Status(200, _post(give_post(actor=caller(request), person_id=person_id, **payload.model_dump())))


@router.post("/people/{uuid:person_id}/deputy", auth=_MANAGES, response={200: EndedOut, **WRITE})
def post_person_deputy(request: HttpRequest, person_id: UUID, payload: DeputyIn) -> Any:
    """Have a person stand in for all that somebody holds; ``left`` counts the person's other posts."""
    posts = name_deputy(actor=caller(request), person_id=person_id, **payload.model_dump())
    return Status(200, {"posts": [_post(post) for post in posts], "left": posts_left(posts)})


@router.post("/people/posts/end", auth=_MANAGES, response={200: EndedOut, **WRITE})
def post_posts_end(request: HttpRequest, payload: EndIn) -> Any:
    """End posts with one last day: all of them or none."""
    posts = end_posts(actor=caller(request), **payload.model_dump())
    return Status(200, {"posts": [_post(post) for post in posts], "left": posts_left(posts)})


@router.post("/people/{uuid:person_id}/sign-in", auth=_MANAGES, response={200: SignInOut, **WRITE})
def post_person_sign_in(request: HttpRequest, person_id: UUID, payload: SignInIn) -> Any:
    """Make or reset a person's sign-in; its first password is in this answer alone."""
    made: SignIn = make_sign_in(actor=caller(request), person_id=person_id, **payload.model_dump())
    return Status(200, made)


@router.post("/people/{uuid:person_id}/erase", auth=_MANAGES, response={200: DoneOut, **WRITE})
def post_person_erase(request: HttpRequest, person_id: UUID, payload: ReasonIn) -> Any:
    """Erase a person: name, numbers, account; not while they answer for something."""
    erase_person(actor=caller(request), person_id=person_id, reason=payload.reason)
    return Status(200, {"person_id": person_id})


@router.post("/people/{uuid:person_id}/erase/refuse", auth=_MANAGES, response={200: DoneOut, **WRITE})
def post_erasure_refuse(request: HttpRequest, person_id: UUID, payload: ReasonIn) -> Any:
    """Refuse somebody's request to be erased, with the reason that they are told."""
    refuse_erasure(actor=caller(request), person_id=person_id, reason=payload.reason)
    return Status(200, {"person_id": person_id})
