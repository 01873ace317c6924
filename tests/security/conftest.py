"""The sample district, loaded once for the module inside a transaction that is thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

STAFF = {
    "resident": "jumin", "grid worker": "wanggeyuan", "grid leader": "wanggezhang", "police": "jingwu",
    "property": "wuye", "council member": "yishihui", "partner unit": "lianjian", "volunteer": "zhiyuanzhe",
    "committee member": "liangwei", "secretary": "shuji", "street staff": "jiedao", "district staff": "quji",
    "administrator": "guanli",
}  # fmt: skip
OTHER = "410802006001"
OUTSIDERS = {"other community's secretary": "secretary", "other community's grid worker": "grid_worker"}
ROLES = ["stranger", *STAFF, *OUTSIDERS]


@dataclass
class Town:
    """The loaded sample: a client for each role, and one object for each kind of address."""

    clients: dict[str, Client]
    values: dict[str, Any]


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """Load the sample and two people of another community; roll everything back at the end."""
    with django_db_blocker.unblock():
        rolled_back = transaction.atomic()
        rolled_back.__enter__()
        patched = pytest.MonkeyPatch()
        patched.setenv("BIHUAN_SOFFICE", "/nowhere/soffice")  # each role asks for a PDF: a drawing takes seconds
        # A file that one row has deleted would be wanting in the next: only what is in the database is rolled back.
        patched.setattr("bihuan.reporting.bringin.keeping.drop", lambda *_files: None)
        try:
            yield _town()
        finally:
            patched.undo()
            transaction.set_rollback(True)
            rolled_back.__exit__(None, None, None)


def _town() -> Town:
    from bihuan.demo.load import load
    from bihuan.people.models import User

    loaded = load()
    accounts = {role: User.objects.get(username=name) for role, name in STAFF.items()}
    accounts |= {title: _outsider(title, role) for title, role in OUTSIDERS.items()}
    clients = {"stranger": Client()}
    for role, user in accounts.items():
        clients[role] = Client()
        clients[role].force_login(user, backend="bihuan.people.backends.PasswordBackend")
    return Town(clients, _values(loaded))


def _outsider(title: str, role: str) -> Any:
    from django.utils import timezone

    from bihuan.kernel.api import new_id
    from bihuan.people.models import Person, Post, User

    now = timezone.now()
    person = Person.objects.create(id=new_id(), name="外区某", created_at=now)
    Post.objects.create(person=person, role_id=role, area_code=OTHER, since=now.date())
    return User.objects.create(username=f"outsider-{role}", person=person)


def _values(loaded: Any) -> dict[str, Any]:
    """Return one sample value for each name that stands in an address, all of 电建社区."""
    from bihuan.demo import cast
    from bihuan.kernel.models import Notification, StoredFile
    from bihuan.matters.models import Matter
    from bihuan.meetings.models import AgendaItem, Meeting
    from bihuan.methods.models import MethodVersion
    from bihuan.people.models import Post

    # One that lies with a colleague of the grid worker who asks, by a fixed order: the table must not change by chance.
    own = Post.objects.filter(person__user__username=STAFF["grid worker"]).values("area_code")
    recorded = Matter.objects.filter(community_code=cast.COMMUNITY, step="recorded").exclude(area_code__in=own)
    matter = recorded.order_by("number").first()
    closed = Matter.objects.filter(community_code=cast.COMMUNITY, is_open=False).first()
    meeting = Meeting.objects.filter(area_code=cast.COMMUNITY).order_by("starts_at").first()
    item = AgendaItem.objects.filter(meeting=meeting).first()
    version = MethodVersion.objects.filter(area_code=cast.COMMUNITY).first()
    workers = Post.objects.filter(role_id="grid_worker", area_code__startswith=cast.COMMUNITY)
    post = workers.filter(person__user__isnull=True).order_by("area_code").first()  # none of those who ask
    notice = Notification.objects.first()
    photo = StoredFile.objects.filter(public=False).first() or StoredFile.objects.first()
    robot, delivery = _robot()
    assert all((matter, closed, meeting, item, version, post, photo, notice))
    return {
        "matter_id": matter.pk, "number": closed.number, "action": "triage", "meeting_id": meeting.pk,
        "item_id": item.pk, "act": "end", "what": "minutes", "version_id": version.pk, "old_id": version.pk,
        "new_id": version.pk, "person_id": post.person_id, "post_id": post.pk, "notice_id": notice.pk,
        "file_id": photo.pk, "code": cast.COMMUNITY, "door": loaded.door_path.split("/")[2],
        "follow": loaded.follow_path.split("/")[2], "line": "x", "community": cast.COMMUNITY, "token": "x" * 22,
        "key": version.key, "register_key": "livelihood_card", "view_id": _view(), "import_id": _run(),
        "form_id": _form(),
        "robot_id": robot, "delivery_id": delivery, "pairing_id": _pairing(),
        **_bulletin(), **_held(), **_visited(post.person_id), "place_id": _placed(), **_interfaces(),
        "objection_id": _objected(),
    }  # fmt: skip


def _bulletin() -> dict[str, Any]:
    """Return a notice that is shown, by two people, and the link of an objection to it."""
    from bihuan.demo import cast
    from bihuan.kernel.api import new_id
    from bihuan.people.api import ANONYMOUS, actor_of
    from bihuan.people.models import Person
    from bihuan.reporting.bulletins import api

    writer, signer = (
        actor_of(Person.objects.get(user__username=STAFF[role])) for role in ("committee member", "secretary")
    )
    row = api.draft(actor=writer, entry_id=new_id(), area_code=cast.COMMUNITY, template="notice")
    given: dict[str, Any] = {"bulletin_id": row.pk}
    api.edit(actor=writer, entry_id=new_id(), title="关于补植树木的公示", text="在北侧补植三棵树。", **given)
    api.check(actor=writer, entry_id=new_id(), **given)
    api.sign(actor=signer, entry_id=new_id(), **given)
    api.publish(actor=signer, entry_id=new_id(), **given)
    done = api.object_to(actor=ANONYMOUS, entry_id=new_id(), text="挡光", contact="13800000000", **given)
    lines = api.bulletin_page(writer, row.pk).objections
    return {
        **given, "bulletin_act": "withdraw", "objection": done.token, "bulletin_objection_id": lines[0].id,
    }  # fmt: skip


def _view() -> Any:
    """Return the secretary's own view of a register."""
    from bihuan.demo import cast
    from bihuan.kernel.api import new_id
    from bihuan.people.api import actor_of
    from bihuan.people.models import Person
    from bihuan.reporting.api import View, save_view

    secretary = actor_of(Person.objects.get(user__username=STAFF["secretary"]))
    kept = save_view(
        actor=secretary, id=new_id(), key="livelihood_card", area=cast.COMMUNITY, name="本月未办结", view=View()
    )
    return kept.pk


def _run() -> Any:
    """Return a file that the secretary is about to bring in."""
    from bihuan.demo import cast
    from bihuan.kernel.api import new_id
    from bihuan.people.api import actor_of
    from bihuan.people.models import Person
    from bihuan.reporting.api import start_run

    secretary = actor_of(Person.objects.get(user__username=STAFF["secretary"]))
    data = "登记日期,楼号,反映问题\n2023-03-05,12号楼,路灯不亮\n".encode()
    return start_run(actor=secretary, id=new_id(), area=cast.COMMUNITY, name="旧台账.csv", data=data).pk


def _form() -> Any:
    """Return a blank form that the secretary is about to have filled."""
    from bihuan.demo import cast
    from bihuan.kernel.api import new_id
    from bihuan.people.api import actor_of
    from bihuan.people.models import Person
    from bihuan.reporting.api import look_at_form
    from tests.reporting.blank_forms import blank

    secretary = actor_of(Person.objects.get(user__username=STAFF["secretary"]))
    return look_at_form(
        actor=secretary, id=new_id(), area_code=cast.COMMUNITY, name="月报.xlsx", data=blank("key_figures"),
        since=202403, until=202403,
    ).pk  # fmt: skip


def _robot() -> tuple[Any, Any]:
    """Return a group robot of 电建社区, and a message to it that was given up."""
    from bihuan.demo import cast
    from bihuan.kernel.api import enqueue
    from bihuan.kernel.models import OutboxItem
    from bihuan.people.api import SYSTEM, add_robot

    robot = add_robot(
        actor=SYSTEM, area_code=cast.COMMUNITY, name="工作群", address="http://127.0.0.1:1/send?key=x", kinds=["card"]
    )
    enqueue("robot", robot.pk.hex, {"text": "x"}, "matrix")
    item = OutboxItem.objects.get(dedupe_key="matrix")
    OutboxItem.objects.filter(pk=item.pk).update(state="failed")
    return robot.pk, item.pk


def _objected() -> Any:
    """Return an objection to the published results of a meeting of 电建社区."""
    from bihuan.demo import cast
    from bihuan.kernel.api import clock, new_id
    from bihuan.meetings.models import Meeting, Objection

    meeting = Meeting.objects.filter(area_code=cast.COMMUNITY, state="published").order_by("starts_at").first()
    return Objection.objects.create(id=new_id(), meeting=meeting, text="路灯太亮", created_at=clock.now()).pk


def _interfaces() -> dict[str, Any]:
    """Return a key and a hook of 电建社区, and what stands in Open311's addresses."""
    from bihuan.api.api import make_hook, make_key
    from bihuan.demo import cast
    from bihuan.people.api import actor_of
    from bihuan.people.models import Person

    actor = actor_of(Person.objects.get(user__username=STAFF["secretary"]))
    key = make_key(actor=actor, name="市平台", area_code=cast.COMMUNITY, scopes=["areas:read"]).row
    hook = make_hook(actor=actor, area_code=cast.COMMUNITY, url="https://example.org/", events=["matter.opened"]).row
    return {"key_id": key.pk, "hook_id": hook.pk, "fmt": "json", "service_code": "none", "service_request_id": "none"}


def _pairing() -> Any:
    """Return a household of 电建社区 that is paired with who signs in as the partner unit."""
    from bihuan.demo import cast
    from bihuan.fieldwork.api import consent_to_pairing, propose_pairing
    from bihuan.fieldwork.models import Pairing
    from bihuan.kernel.api import new_id
    from bihuan.people.api import SYSTEM
    from bihuan.people.models import Person

    partner = Person.objects.get(user__username=STAFF["partner unit"])
    own = Pairing.objects.filter(person_id=partner.pk, state="active").first()
    if own is not None:  # the sample's
        return own.pk
    done = propose_pairing(
        actor=SYSTEM, id=new_id(), key="yiqi", area_code=f"{cast.COMMUNITY}048", door="9单元909", name="甘守义",
        phone="13900010048", person_id=partner.pk, needs=["life"],
    )  # fmt: skip
    consent_to_pairing(actor=SYSTEM, pairing_id=done.pairing_id, entry_id=new_id(), how="signed", witness="邻居杨大姐")
    return done.pairing_id


def _held() -> dict[str, Any]:
    """Return an activity of 电建社区 that is coming up, a sign-up's link, and a team."""
    from datetime import timedelta

    from bihuan.activities import api as activities
    from bihuan.demo import cast
    from bihuan.kernel.api import clock, new_id
    from bihuan.people.api import ANONYMOUS, SYSTEM

    starts = clock.now() + timedelta(days=7)
    where: dict[str, Any] = {"actor": SYSTEM, "area_code": cast.COMMUNITY}
    activity = activities.announce(
        **where, entry_id=new_id(), kind="festival", title="重阳节文艺汇演", place="小区广场", starts_at=starts,
        ends_at=starts + timedelta(hours=2),
    )  # fmt: skip
    team = activities.found_team(**where, entry_id=new_id(), kind="arts", name="邻里合唱队")
    member = activities.join_team(actor=SYSTEM, entry_id=new_id(), team_id=team.pk, name="孙二胡")
    done = activities.sign_up(actor=ANONYMOUS, id=new_id(), activity_id=activity.pk, name="王阿姨")
    secrets = {"sign_up": done.token, "sign_up_id": done.sign_up.pk, "member_id": member.pk}
    secrets |= _on_duty(team.pk)
    return {"activity_id": activity.pk, "team_id": team.pk, **secrets, "activity_act": "call_off"}


def _on_duty(team_id: Any) -> dict[str, Any]:
    """Return a roster of a team, a duty that is under way, a call during it, and hours that were published."""
    from bihuan.activities.duties import api as duties
    from bihuan.activities.models import Duty, Service
    from bihuan.kernel.api import clock, new_id
    from bihuan.people.api import SYSTEM

    today, given = clock.today(), {"actor": SYSTEM, "entry_id": new_id()}
    text = "每天 00:00-00:00 1人"
    roster = duties.publish_roster(**given, team_id=team_id, since=today, until=today, text=text)
    duty = Duty.objects.get(roster=roster)
    call = duties.note_call(
        actor=SYSTEM, entry_id=new_id(), duty_id=duty.pk, text="楼道灯不亮", phone="13900010048", name="甘守义"
    )
    duties.hand_over(actor=SYSTEM, entry_id=new_id(), duty_id=duty.pk)
    duties.publish_hours(actor=SYSTEM, entry_id=new_id(), team_id=team_id)
    hours = Service.objects.get(duty=duty).pk
    return {"roster_id": roster.pk, "duty_id": duty.pk, "call_id": call.pk, "service_id": hours}


def _visited(person_id: Any) -> dict[str, Any]:
    """Return a visit of a grid worker of 电建社区 who does not ask, and its voice note."""
    import io

    from bihuan.fieldwork.api import Sound, record_visit
    from bihuan.kernel.api import clock, new_id
    from bihuan.people.api import actor_of
    from bihuan.people.models import Person, Post
    from tests.kernel.sounds_made import webm

    posts = Post.objects.filter(person_id=person_id, role_id="grid_worker").order_by("area_code")
    area = posts[0].area_code
    visit, sound = new_id(), new_id()
    record_visit(
        actor=actor_of(Person.objects.get(pk=person_id)), id=visit, area_code=area, happened_at=clock.now(),
        text="门口的灯修好了", sounds=[Sound(io.BytesIO(webm()), file_id=sound)],
    )  # fmt: skip
    return {"visit_id": visit, "sound_id": sound}


def _placed() -> Any:
    """Return a place of the rounds of 电建社区."""
    from bihuan.demo import cast
    from bihuan.fieldwork.api import register_place
    from bihuan.kernel.api import new_id
    from bihuan.people.api import SYSTEM

    return register_place(
        actor=SYSTEM, id=new_id(), area_code=cast.COMMUNITY, kind="wall", name="测试用的围墙"
    ).place_id
