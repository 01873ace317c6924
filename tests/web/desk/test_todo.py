"""The to-do list: exactly what one must do next, each a link to the act."""

from __future__ import annotations

from datetime import timedelta

from bihuan.kernel.api import clock, new_id
from bihuan.kernel.models import Notification
from tests.web.counting import counted, hold

from . import seed
from .conftest import SignedIn


def test_nothing_to_do_is_shown_as_a_good_report(as_: SignedIn) -> None:
    page = as_("worker").get("/desk/").content.decode()
    assert "没有待办" in page
    assert "零报告也是好报告" in page


def test_a_new_report_waits_for_the_grid_worker_of_its_building_with_a_link_to_the_act(
    town: seed.Town, as_: SignedIn
) -> None:
    reported = town.report(12, "路灯不亮，晚上看不清。")
    page = as_("worker").get("/desk/").content.decode()
    assert f"/desk/matters/{reported.matter_id}/?do=triage#do" in page
    assert "分类登记" in page
    assert "路灯不亮" in page


def test_another_buildings_grid_worker_has_nothing_to_do(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮，晚上看不清。")
    assert "路灯不亮" not in as_("worker_far").get("/desk/").content.decode()


def test_what_is_due_first_stands_first(town: seed.Town, as_: SignedIn) -> None:
    with clock.at(seed.NOON - timedelta(days=1)):
        town.report(12, "先报的路灯。")
    town.report(12, "特急的井盖。", urgency="critical")
    page = as_("worker").get("/desk/").content.decode()
    assert page.index("特急的井盖") < page.index("先报的路灯")


def test_the_todo_link_opens_the_acts_own_form(town: seed.Town, as_: SignedIn) -> None:
    reported = town.report(12, "路灯不亮，晚上看不清。")
    page = as_("worker").get(f"/desk/matters/{reported.matter_id}/?do=triage").content.decode()
    assert 'name="f_category"' in page
    assert 'name="f_level"' in page


def test_a_bent_cursor_is_told_and_the_list_is_shown(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮，晚上看不清。")
    page = as_("worker").get("/desk/?after=nonsense").content.decode()
    assert "翻页标记无效" in page
    assert "路灯不亮" in page


def test_the_list_speaks_english(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮，晚上看不清。")
    page = as_("worker", "en").get("/desk/").content.decode()
    assert "To do" in page
    assert "Sort into the ledger" in page
    assert "待办" not in page


def test_the_number_of_statements_does_not_grow_with_the_list(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮，晚上看不清。")
    client = as_("worker")
    _page, one = counted(client, "/desk/")
    for number in range(9, 17):
        town.report(number, f"{number}号楼的下水道堵了。")
    page, nine = counted(client, "/desk/")
    assert page.content.decode().count("?do=triage") == 9
    assert one == nine
    hold("desk:todo", nine)


def test_who_calls_meetings_sees_what_waits_for_one(town: seed.Town, as_: SignedIn) -> None:
    for number in (12, 13):
        town.triage(town.report(number, f"{number}号楼的路灯不亮。").matter_id)
    page = as_("leader").get("/desk/").content.decode()
    assert "网格会议" in page
    assert "2 件等着商议" in page
    assert 'href="/desk/meetings/"' in page
    assert "等着商议" not in as_("worker").get("/desk/").content.decode()


def test_a_line_of_the_bell_counts_as_read_once_opened_and_leads_to_the_matter(town: seed.Town, as_: SignedIn) -> None:
    notice = Notification.objects.create(
        id=new_id(),
        person_id=town.people["worker"].pk,
        kind="matter.told",
        params={"title": "路灯", "number": "1", "message": "你好"},
        link="/desk/ledger/",
        created_at=clock.now(),
    )
    client = as_("worker")
    assert "路灯" in client.get("/desk/bell/").content.decode()
    opened = client.get(f"/desk/bell/{notice.pk}/")
    assert opened.headers["Location"] == "/desk/ledger/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_nobody_opens_another_persons_bell(town: seed.Town, as_: SignedIn) -> None:
    notice = Notification.objects.create(
        id=new_id(), person_id=town.people["worker"].pk, kind="matter.told", link="/desk/", created_at=clock.now()
    )
    as_("leader").get(f"/desk/bell/{notice.pk}/")
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_lines_are_marked_read_together(town: seed.Town, as_: SignedIn) -> None:
    for _ in range(3):
        Notification.objects.create(
            id=new_id(), person_id=town.people["worker"].pk, kind="matter.told", link="/desk/", created_at=clock.now()
        )
    as_("worker").post("/desk/bell/read/")
    assert not Notification.objects.filter(person_id=town.people["worker"].pk, read_at=None).exists()


def test_what_is_owed_stands_first_and_what_is_only_allowed_is_folded_with_a_link_to_each_act(
    town: seed.Town, as_: SignedIn
) -> None:
    reported = town.report(12, "路灯不亮，晚上看不清。")
    town.triage(reported.matter_id)
    town.do(
        "leader", reported.matter_id, "grid_resolve", meeting="meeting:grid_meeting", data={"result": {"carried": True}}
    )
    people = {"lead": "cadre", "tracker": "worker", "supervisor": "neighbour"}
    parties = {role: [town.people[key].pk] for role, key in people.items()}
    town.do("secretary", reported.matter_id, "assign", data={"parties": parties})
    page = as_("cadre").get("/desk/").content.decode()
    owed, allowed = page.split('id="todo-may"')
    assert "该办" in owed
    assert f"/desk/matters/{reported.matter_id}/?do=finish#do" in owed
    assert '<details class="unfold"><summary>' in owed
    for act in ("measure", "extend", "hand_back", "suspend"):
        assert f"/desk/matters/{reported.matter_id}/?do={act}#do" in allowed
    english = as_("cadre", "en").get("/desk/").content.decode()
    for words in ("To be done", "Not owed: when it is needed", "Record a measure"):
        assert words in english
