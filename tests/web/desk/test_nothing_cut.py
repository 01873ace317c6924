"""What a page does not list it counts, and says so in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.fieldwork import covering, diary, today

from . import seed
from .conftest import SignedIn
from .test_rounds import METHOD, PATROL, patrol


def test_the_page_of_a_round_lists_what_presses_and_sums_up_all(
    town: seed.Town, as_: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    patrol(town, 12)
    monkeypatch.setattr(covering, "MOST_ROWS", 10)
    page = as_("secretary").get(f"/desk/rounds/?{PATROL}").content.decode()
    assert page.count('<tr id="t-') == 10
    assert f'id="t-{seed.building(12)}"' not in page  # done: the least pressing
    assert "列出最要紧的 10 处；另有 38 处没有列出，上面的数字都算在内。" in page
    assert "<b>48</b>" in page
    assert "<b>47</b><span>待去</span>" in page


def test_the_form_of_a_visit_says_how_many_places_are_not_listed(
    as_: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_("worker")
    address = f"/desk/visits/new/?plan={METHOD}:patrol"
    assert "没有列出" not in client.get(address).content.decode()
    monkeypatch.setattr(today, "MOST_TARGETS", 2)
    page = client.get(address).content.decode()
    assert "先列出最该去的；另有" in page


def test_a_rare_entry_of_the_diary_is_looked_for_and_the_page_says_how_far(
    town: seed.Town, as_: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    patrol(town, 12, seed.NOON - timedelta(days=7), result="found")
    monkeypatch.setattr(diary, "LOOK", timedelta(days=2))
    page = as_("secretary").get("/desk/visits/?result=found").content.decode()
    assert "这一页从最近的找起，找到" in page
    assert "更早的" in page
