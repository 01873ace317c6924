"""What leaves for work groups: events without personal data; and what a person still answers for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from bihuan.kernel.api import clock
from bihuan.kernel.models import OutboxItem
from bihuan.matters.api import tick_due
from bihuan.matters.models import Matter
from bihuan.matters.outward import events, fresh, ties
from bihuan.people.api import Actor, add_robot, answers_for, feed_robots

from .conftest import BUILDINGS, COMMUNITY, OTHER, Town

pytestmark = pytest.mark.django_db
WORDS = "张大妈家楼上漏水，电话 13812345678"


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


def _late(town: Town) -> tuple[Matter, list[str]]:
    """Let a matter become so late that cards hang; return it with the lines told of it."""
    done = town.report(text=WORDS)
    begin = town.now
    for _day in range(20):
        town.later(days=1)
        with clock.at(town.now):
            tick_due(town.now)
    matter = Matter.objects.get(pk=done.matter_id)
    return matter, [line.text for line in events(COMMUNITY, begin, town.now)]


def test_a_card_is_one_line_with_number_and_place_and_no_words_of_a_resident(town: Town) -> None:
    matter, lines = _late(town)
    assert lines
    assert any("黄牌" in line or "红牌" in line for line in lines)
    number = "电建-" + matter.number.partition("-")[2]
    assert all(number in line and "1号楼" in line for line in lines)
    assert not [line for line in lines if "张" in line or "138" in line or "漏水" in line]


def test_a_matter_that_is_not_public_is_told_without_its_building(town: Town) -> None:
    matter, _lines = _late(town)
    Matter.objects.filter(pk=matter.pk).update(public=False)
    lines = [line.text for line in events(COMMUNITY, matter.created_at, town.now)]
    assert lines
    assert all("1号楼" not in line and "电建社区" in line for line in lines)


def test_another_area_and_another_time_tell_nothing(town: Town) -> None:
    matter, lines = _late(town)
    assert len(list(events(BUILDINGS[0], matter.created_at, town.now))) == len(lines)
    assert not list(events(OTHER, matter.created_at, town.now))
    assert not list(events(COMMUNITY, town.now, town.now + timedelta(days=1)))


def test_lines_of_one_area_cost_two_statements(town: Town, django_assert_max_num_queries) -> None:
    matter, _lines = _late(town)
    with django_assert_max_num_queries(2):
        list(events(COMMUNITY, matter.created_at, town.now))


def test_new_reports_are_summed_up_by_place(town: Town) -> None:
    begin = town.now
    town.later(minutes=1)
    town.report(text=WORDS)
    town.report(text=WORDS + "！")
    town.report(text="路灯不亮了", area_code=BUILDINGS[1])
    line = fresh(COMMUNITY, begin, begin + timedelta(minutes=30))
    assert "近 30 分钟新反映 3 件" in line
    assert "1号楼 2 件" in line
    assert "漏水" not in line
    assert fresh(OTHER, begin, town.now) == ""
    assert "3 件" in fresh("410802", begin, town.now)


def test_a_robots_outbox_fills_from_the_record_and_once(town: Town) -> None:
    with clock.at(town.now):
        manager: Actor = town.secretary
        robot = add_robot(
            actor=manager, area_code=COMMUNITY, name="群", address="https://oapi.dingtalk.com/robot/send?access_token=x",
            kinds=["card", "new"],
        )  # fmt: skip
    town.later(minutes=1)
    town.report(text=WORDS)
    for _hour in range(24 * 12):
        town.later(hours=1)
        with clock.at(town.now):
            tick_due(town.now)
        feed_robots(town.now)
    texts = [item["text"] for item in OutboxItem.objects.filter(channel="robot").values_list("payload", flat=True)]
    assert sum("新反映 1 件" in text for text in texts) == 1
    cards = [text for text in texts if "牌" in text]
    assert cards
    assert len(cards) == len(set(cards))
    assert robot.pk.hex in OutboxItem.objects.filter(channel="robot").first().target


def test_who_leads_an_open_matter_answers_for_it_until_it_is_closed(town: Town) -> None:
    done = town.report()
    town.to_acting(done.matter_id)
    cadre = town.id_of("cadre")
    assert any("电建-2024-0001" in line for line in answers_for(cadre))
    assert ties(town.id_of("resident")) == []  # the reporter answers for nothing
    Matter.objects.filter(pk=done.matter_id).update(is_open=False)
    assert answers_for(cadre) == []
