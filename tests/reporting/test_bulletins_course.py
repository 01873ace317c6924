"""A bulletin from its draft to its publication."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator

import docx
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bihuan.kernel.api import BadInput, NotFound, Refused, clock, new_id, verify
from bihuan.kernel.models import Notification
from bihuan.matters import api as matters
from bihuan.methods.api import install
from bihuan.methods.models import MethodUse
from bihuan.people.api import SYSTEM
from bihuan.reporting.api import figures, fold_pending
from bihuan.reporting.bulletins import api
from bihuan.reporting.models import Bulletin
from tests.meetings.world import COMMUNITY, LIBRARY, World
from tests.reporting.bulletin_course import draft, published, ready, report, staged


@pytest.fixture
def world(db: None) -> Iterator[World]:
    yield from staged()


def test_a_bulletin_is_filled_from_what_was_done(world: World) -> None:
    report(world)
    row = draft(world)
    page = api.bulletin_page(world.actor("cadre"), row.pk)
    assert row.title == "2024年3月民生工作简报"
    assert "共收集民生问题{收集=2}件" in page.text
    assert "收集{收集=2}件，{收集·比上期=比上期增加2件}" in page.text
    assert page.may["check"] is not None  # blanks
    numbers = [piece for block in page.blocks for piece in block.pieces if piece.question == "收集"]
    assert numbers[0].text == "2"
    assert numbers[0].ask == {"word": "figure", "key": "collected", "when": ""}
    assert row.period_from == datetime.date(2024, 3, 1)


def _hazard(world: World, category: str = "fire") -> None:
    """Install the hazards' method beside, and record one of a kind."""
    text = (LIBRARY.parent.parent / "yinhuan_liuding" / "method.yaml").read_text(encoding="utf-8")
    if not MethodUse.objects.filter(key="yinhuan-liuding").exists():
        install(actor=SYSTEM, source=text, area_code=COMMUNITY)
    matters.record(
        actor=world.actor("worker"), id=new_id(clock.now()), text="楼道堆放杂物", area_code=COMMUNITY + "003",
        channel="patrol", category=category, method_key="yinhuan-liuding",
    )  # fmt: skip


def _said(world: World, row: Bulletin) -> str:
    return api.bulletin_page(world.actor("cadre"), row.pk).text


def test_a_livelihood_bulletin_counts_the_livelihood_problems_of_its_method_only(world: World) -> None:
    report(world)
    _hazard(world)
    row = draft(world)
    assert "共收集民生问题{收集=2}件" in _said(world, row)
    assert "消防" not in _said(world, row)  # nor in the table of kinds
    assert row.rules_json["only"] == {"method": "yiwang-sanbu-wuqin"}
    assert "一网三步五勤" in api.bulletin_page(world.actor("cadre"), row.pk).only
    assert "共收集民生问题{收集=3}件" in _said(world, draft(world, method="all"))
    assert "共收集民生问题{收集=1}件" in _said(world, draft(world, method="yinhuan-liuding"))


def test_a_methods_own_template_counts_and_lists_its_own_matters(world: World) -> None:
    report(world)
    _hazard(world)
    _hazard(world, "gas")
    text = _said(world, draft(world, "yinhuan-liuding:monthly"))
    assert "登记隐患{收集=2}处，其中重大隐患{重大隐患=0}处" in text
    assert "| 消防 | {收集·消防=1} |" in text
    assert "路灯" not in text
    assert "楼道堆放杂物" in text  # the register of its own


def test_a_list_of_the_period_holds_what_was_recorded_in_it_alone(world: World) -> None:
    _hazard(world)
    march = {"since": datetime.date(2024, 3, 1), "until": datetime.date(2024, 3, 31)}
    february = {"since": datetime.date(2024, 2, 1), "until": datetime.date(2024, 2, 29)}
    assert "楼道堆放杂物" in _said(world, draft(world, "yinhuan-liuding:monthly", **march))
    row = draft(world, "yinhuan-liuding:monthly", **february)
    assert "零报告" in _said(world, row)
    text = "{台账 hazards 20 本期}\n{台账 hazards 20}"
    api.edit(actor=world.actor("cadre"), entry_id=new_id(), bulletin_id=row.pk, title="月报", text=text)
    assert _said(world, row).startswith("本期没有。\n|")


def test_a_bulletin_is_narrowed_to_a_kind_and_its_numbers_are_read_again_so(world: World) -> None:
    _hazard(world)
    _hazard(world, "gas")
    row = draft(world, "yinhuan-liuding:monthly", category="gas")
    assert "登记隐患{收集=1}处" in _said(world, row)
    cadre = world.actor("cadre")
    text = "燃气{收集=1}件，全部{指标 collected 工作法:yinhuan-liuding 类别:fire}件，{若 late 为零 类别:fire}好。"
    with pytest.raises(BadInput, match="一行的开头"):
        api.edit(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, title="月报", text=text)
    text = text.partition("，{若")[0]
    api.edit(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, title="月报", text=text)
    assert _said(world, row) == "燃气{收集=1}件，全部{收集2=1}件"
    _hazard(world, "gas")
    found = {one.name: (one.written, one.now) for one in api.bulletin_page(cadre, row.pk).differences}
    assert found == {"收集": ("1", "2")}


@pytest.mark.parametrize(
    ("given", "said"),
    [({"method": "no-such"}, "没有用工作法"), ({"method": "all", "category": "nothing"}, "没有类别")],
)
def test_narrowing_to_what_is_not_there_is_refused(world: World, given: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput) as error:
        draft(world, **given)
    assert said in error.value.problems[0].why
    row = draft(world)
    for text in ("{指标 collected 区域:410802006001}", "{指标 collected 工作法:no-such}"):
        with pytest.raises(BadInput):
            api.edit(actor=world.actor("cadre"), entry_id=new_id(), bulletin_id=row.pk, title="月报", text=text)


def test_narrowed_figures_are_the_same_folded_or_not_and_have_medians_and_parts(world: World) -> None:
    report(world)
    _hazard(world)
    cadre, only = world.actor("cadre"), {"method": "yinhuan-liuding", "category": "fire"}

    def read() -> list[tuple[str, object]]:
        found = figures(cadre, COMMUNITY, 202403, 202403, ["collected", "handling_time"], "category", only=only)
        return [(one.split_value, one.value) for one in found]

    before = read()
    assert before == [("", 1), ("fire", 1), ("", None)]
    fold_pending()
    assert read() == before
    assert figures(cadre, COMMUNITY, 202403, 202403, ["collected"], only={"method": "no-such"})[0].value == 0


def test_a_month_without_problems_is_a_zero_report(world: World) -> None:
    assert "本期零报告" in api.bulletin_page(world.actor("cadre"), draft(world).pk).text


def test_the_same_draft_sent_twice_is_one(world: World) -> None:
    key = new_id()
    first, second = (
        api.draft(actor=world.actor("cadre"), entry_id=key, area_code=COMMUNITY, template="monthly") for _ in "ab"
    )
    assert first.pk == second.pk == key
    assert Bulletin.objects.count() == 1


def test_what_changed_since_is_shown_before_it_is_checked(world: World) -> None:
    report(world)
    row = draft(world)
    text = api.bulletin_page(world.actor("cadre"), row.pk).text.replace("【请填写：下一步打算】", "继续做好。")
    cadre = world.actor("cadre")
    api.edit(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, title=row.title, text=text, to="焦西街道")
    report(world, 1)
    found = {one.name: (one.written, one.now) for one in api.bulletin_page(cadre, row.pk).differences}
    assert found["收集"] == ("2", "3")
    with pytest.raises(Refused) as error:
        api.check(actor=cadre, entry_id=new_id(), bulletin_id=row.pk)
    assert any("写的是 2，现在是 3" in problem.why for problem in error.value.problems)
    api.refill(actor=cadre, entry_id=new_id(), bulletin_id=row.pk)
    page = api.bulletin_page(cadre, row.pk)
    assert page.differences == ()
    assert "{收集=3}" in page.text
    assert api.check(actor=cadre, entry_id=new_id(), bulletin_id=row.pk).state == "checked"


def test_a_number_changed_by_hand_is_found(world: World) -> None:
    row = draft(world)
    cadre = world.actor("cadre")
    text = "收集{收集=9}件，另有{别处=4}件。"
    api.edit(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, title=row.title, text=text)
    found = {one.name: (one.written, one.now) for one in api.bulletin_page(cadre, row.pk).differences}
    assert found == {"收集": ("9", "0"), "别处": ("4", "")}
    kept = api.check(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, keep="含上月补报")
    assert kept.state == "checked"


def test_a_figure_put_in_while_editing_is_filled_in(world: World) -> None:
    report(world)
    row = draft(world)
    cadre = world.actor("cadre")
    text = "收集{收集=2}件，超期{指标 late}件。\n{分列 collected 按 渠道}"
    api.edit(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, title=row.title, text=text)
    page = api.bulletin_page(cadre, row.pk)
    assert page.text.startswith("收集{收集=2}件，超期{超期=0}件。\n| 渠道 | 件数 |")
    with pytest.raises(BadInput):
        api.edit(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, title=row.title, text="{指标 nothing}")


def test_the_author_does_not_sign_and_numbers_run_by_area_and_year(world: World) -> None:
    numbers = []
    for _n in range(2):
        row = ready(world, draft(world, who="secretary"))
        with pytest.raises(Refused):
            api.sign(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk)
        numbers.append(api.sign(actor=world.actor("other"), entry_id=new_id(), bulletin_id=row.pk).number)
    assert numbers == ["电建社区〔2024〕1号", "电建社区〔2024〕2号"]


def test_what_was_signed_is_changed_no_more(world: World) -> None:
    row = ready(world, draft(world))
    api.sign(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk)
    with pytest.raises(Refused):
        api.edit(actor=world.actor("cadre"), entry_id=new_id(), bulletin_id=row.pk, title="别的", text="别的")


def test_an_edit_after_the_check_is_checked_again(world: World) -> None:
    row = ready(world, draft(world))
    cadre = world.actor("cadre")
    assert api.edit(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, title="改了", text="改了").state == "draft"
    with pytest.raises(Refused):
        api.sign(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk)


def test_two_who_edit_at_once_do_not_overwrite_each_other(world: World) -> None:
    row = draft(world)
    cadre = world.actor("cadre")
    api.edit(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, title="甲", text="甲", expected_version=1)
    with pytest.raises(Refused):
        api.edit(actor=cadre, entry_id=new_id(), bulletin_id=row.pk, title="乙", text="乙", expected_version=1)


def test_who_may_not_is_refused(world: World) -> None:
    row = draft(world)
    with pytest.raises(PermissionDenied):
        draft(world, who="worker")
    with pytest.raises(PermissionDenied):
        draft(world, who="outsider")
    with pytest.raises(Http404):
        api.bulletin_page(world.actor("outsider"), row.pk)
    with pytest.raises(Http404):
        api.bulletin_page(world.actor("worker"), row.pk)
    checked = ready(world, row)
    with pytest.raises(PermissionDenied):
        api.sign(actor=world.actor("leader"), entry_id=new_id(), bulletin_id=checked.pk)
    with pytest.raises(NotFound):
        draft(world, "nothing")


def test_published_it_is_anybodys_and_its_chain_holds(world: World) -> None:
    row = ready(world, draft(world))
    assert api.published_bulletin(row.pk) is None
    api.sign(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk)
    assert api.published_bulletin(row.pk) is None
    api.publish(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk)
    page = api.published_bulletin(row.pk)
    assert page is not None
    assert page.unchanged
    assert [line.title for line in api.published_bulletins(COMMUNITY).rows] == [row.title]
    assert verify(("bulletin", row.pk)).ok
    Bulletin.objects.filter(pk=row.pk).update(title="别的题目")
    changed = api.published_bulletin(row.pk)
    assert changed is not None
    assert not changed.unchanged


def test_withdrawn_it_says_why_and_shows_no_more(world: World) -> None:
    row = published(world)
    with pytest.raises(BadInput):
        api.withdraw(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk, reason=" ")
    api.withdraw(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk, reason="数字有误")
    page = api.published_bulletin(row.pk)
    assert page is not None
    assert (page.withdrawn, page.blocks, page.row.reason) == (True, (), "数字有误")
    assert api.published_bulletins(COMMUNITY).rows == ()


def test_sent_back_its_author_is_told_why(world: World) -> None:
    row = ready(world, draft(world))
    api.send_back(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk, reason="再核实")
    assert Bulletin.objects.get(pk=row.pk).state == "draft"
    assert Notification.objects.filter(person_id=world.id("cadre"), kind="bulletin.sent_back").exists()


def test_every_act_is_told_in_the_timeline(world: World) -> None:
    row = published(world)
    told = [line.text for line in api.bulletin_page(world.actor("cadre"), row.pk).timeline]
    assert told == [
        "刘书平起草了“2024年3月民生工作简报”",
        "刘书平修改了内容",
        "刘书平核对了数字",
        "张红梅签发，文号 电建社区〔2024〕1号",
        "张红梅发布",
    ]


def test_the_printed_document_has_its_number_and_plain_numbers(world: World) -> None:
    report(world)
    row = published(world)
    opened = docx.Document(io.BytesIO(api.as_docx(row)))
    text = "\n".join(paragraph.text for paragraph in opened.paragraphs)
    assert "电建社区〔2024〕1号" in text
    assert "共收集民生问题2件" in text
    assert "{" not in text
    assert "2024年3月11日" in text


def test_while_figures_are_worked_out_anew_the_page_stands(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = draft(world)

    def anew(*_given: object, **_more: object) -> list[object]:
        raise Refused([])

    monkeypatch.setattr("bihuan.reporting.bulletins.reader.figures", anew)
    assert api.bulletin_page(world.actor("cadre"), row.pk).differences == ()
    with pytest.raises(Refused):
        api.check(actor=world.actor("cadre"), entry_id=new_id(), bulletin_id=row.pk)


def test_a_document_to_a_superior_is_not_checked_without_its_signer(world: World) -> None:
    row = draft(world, "supervision")
    cadre = world.actor("cadre")
    text = api.bulletin_page(cadre, row.pk).text.replace(
        "【请填写：工作要求】", "继续做好。\n【附件】督办事项表\n见附表。"
    )
    said = {"bulletin_id": row.pk, "title": row.title, "text": text, "to": "区委"}
    api.edit(actor=cadre, entry_id=new_id(), head={"upward": True, "joint": "物业公司，警务站"}, **said)
    with pytest.raises(Refused, match="签发人"):
        api.check(actor=cadre, entry_id=new_id(), bulletin_id=row.pk)
    api.edit(actor=cadre, entry_id=new_id(), head={"signers": "张红梅、刘书平", "urgency": "urgent"}, **said)
    row = api.check(actor=cadre, entry_id=new_id(), bulletin_id=row.pk)
    made = api.document_of(row)
    assert made.signers == ("张红梅", "刘书平")
    assert made.issuers == ("电建社区", "物业公司", "警务站")
    assert made.urgency == "加急"
    assert [title for title, _blocks in made.annexes] == ["督办事项表"]
    api.sign(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk)
    row = api.publish(actor=world.actor("secretary"), entry_id=new_id(), bulletin_id=row.pk)
    page = api.published_bulletin(row.pk)
    assert page is not None
    assert page.unchanged
    Bulletin.objects.filter(pk=row.pk).update(rules_json={**row.rules_json, "head": {"signers": ["别人"]}})
    page = api.published_bulletin(row.pk)
    assert page is not None
    assert not page.unchanged  # who signs is part of what was recorded


@pytest.mark.parametrize("head", [{"urgency": "secret"}, {"signers": "甲" * 21}, {"annotation": "长" * 121}])
def test_a_bent_head_of_a_document_is_refused(world: World, head: dict[str, str]) -> None:
    row = draft(world, "supervision")
    with pytest.raises(BadInput):
        api.edit(
            actor=world.actor("cadre"), entry_id=new_id(), bulletin_id=row.pk, title="通报", text="一。", head=head
        )
