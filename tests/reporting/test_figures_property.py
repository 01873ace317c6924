"""Whatever is done in whatever order, folded at whatever moments: a reading is what the entries say."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.kernel.api import BadInput, Refused, clock
from bihuan.matters import api as matters
from bihuan.matters.models import Matter
from bihuan.methods.api import publish, save_draft
from bihuan.people.api import SYSTEM
from bihuan.reporting.api import Check, FigureValue, check_figures, definitions, figures
from bihuan.reporting.figures.facts import AMOUNT, DIMS
from bihuan.reporting.figures.folding import fold
from bihuan.reporting.figures.reading import latest
from bihuan.reporting.figures.recount import recount
from tests.matters.conftest import BUILDINGS, COMMUNITY, METHOD, Town, make_town

OWN = """
  项目:
    lamps: {标题: {zh: 公共设施, en: Facilities}, 归月: 办结, 当: '!is_open && category == "facility"'}
    lamps_solved: {标题: {zh: 其中解决, en: Solved}, 归月: 办结, 当: 'category == "facility" && outcome == "solved"'}
    refused_ones:
      标题: {zh: 不予办理, en: Refused}
      归月: 办结
      当: 'outcome == "refused"'
      理由: refuse
    lamps_rate: {标题: {zh: 公共设施解决率, en: Solved}, 分子: lamps_solved, 分母: lamps, 剔除: [refused_ones]}
    people_helped: {标题: {zh: 受益人数, en: Helped}, 归月: 办结, 合计: people_affected, 当: 'outcome == "solved"'}
    hours: {标题: {zh: 用时, en: Hours}, 归月: 办结, 用时: 小时}
    measures: {标题: {zh: 措施, en: Measures}, 次数: [measure]}
"""
KEY = "yiwang-sanbu-wuqin"
SINCE, UNTIL = 202402, 202408
AREAS = ("4108", "410802", "410802004", COMMUNITY, "410802006", BUILDINGS[0], BUILDINGS[1])


@pytest.fixture
def town(db: None) -> Town:
    made = make_town()
    source = METHOD.read_text(encoding="utf-8").rstrip("\n") + OWN
    with clock.at(made.now):
        draft, *_rest = save_draft(actor=SYSTEM, source=source, area_code="410802")
        made.version = publish(actor=SYSTEM, version_id=draft.pk)
    return made


WHO = {
    "settle": "leader", "confirm": "resident", "deny": "resident", "finish": "cadre", "sign_off": "neighbour",
    "refuse": "secretary", "reopen": "resident", "measure": "cadre", "suspend": "cadre", "note": "secretary",
}  # fmt: skip


class Undone(Exception):
    """Ends an example: what it wrote goes with it."""


NUMBER = st.integers(0, 7)
ACTS = st.one_of(
    st.tuples(st.just("report"), st.integers(0, 3), st.integers(0, 40)),
    st.tuples(st.just("triage"), NUMBER, st.sampled_from(["spot", "grid", "joint"])),
    st.tuples(
        st.sampled_from(
            list(WHO)
        ),
        NUMBER,
        st.just(""),
    ),
    st.tuples(st.just("merge"), NUMBER, NUMBER),
    st.tuples(st.just("days"), st.integers(1, 40), st.just("")),
    st.tuples(st.just("fold"), st.integers(1, 4), st.just("")),
)  # fmt: skip


def play(town: Town, ids: list[UUID], act: tuple[str, Any, Any]) -> None:
    """Do one act; what the method does not allow now is not done."""
    name, one, two = act
    if name == "report":
        place = [BUILDINGS[0], BUILDINGS[0], BUILDINGS[1], "410802006001001"][one]
        channel = ["door", "web"][two % 2]
        ids.append(
            town.report(text=f"第{len(ids)}处", area_code=place, channel=channel, people_affected=two or None).matter_id
        )
    elif name == "days":
        with clock.at(town.later(days=one)):
            while matters.tick_due(town.now):
                pass
    elif name == "fold":
        fold(one)
    elif one < len(ids):
        try:
            with transaction.atomic():
                _move(town, ids, name, ids[one], two)
        except (Refused, BadInput, Http404):
            pass


def _move(town: Town, ids: list[UUID], name: str, matter: UUID, two: Any) -> None:
    if name == "triage":
        category = "facility" if two == "spot" else "environment"
        town.do("leader", matter, "triage", category=category, urgency="normal", level=two)
    elif name == "acting":
        given = {"result": {"carried": True}, "resolution": "修", "parties": town.one_one_one()}
        town.do("secretary", matter, "grid_resolve", meeting="meeting:grid_meeting", data=given)
    elif name == "merge":
        if two < len(ids):
            town.do("leader", matter, "merge", into=str(ids[two]), reason="同一处")
    else:
        given = {"answer": "好了", "reason": "看过了", "measure": "找人", "satisfaction": "satisfied", "note": "记"}
        wanted = {
            "settle": ["answer"], "confirm": ["satisfaction"], "deny": ["reason"], "finish": ["answer"], "sign_off": [],
            "refuse": ["answer", "reason"], "reopen": ["reason"], "measure": ["measure"], "suspend": ["reason"],
            "note": ["note"],
        }[name]  # fmt: skip
        town.do(WHO[name], matter, name, **{key: given[key] for key in wanted})


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(acts=st.lists(ACTS, min_size=4, max_size=24))
def test_a_reading_is_a_recount_whatever_was_done(town: Town, acts: list[tuple[str, Any, Any]]) -> None:
    began = town.now
    try:
        with transaction.atomic():
            ids: list[UUID] = []
            for act in [("report", 0, 3), ("report", 3, 0), *acts]:
                play(town, ids, act)
            found = check_figures()
            assert [str(one) for one in found.differences] == []
            assert found.unfoldable == []
            agree()
            while fold(3):
                pass
            assert not Matter.objects.filter(counted=False).exists()
            assert check_figures().ok
            agree()
            raise Undone
    except Undone:
        pass
    finally:
        town.now = began


def agree() -> None:
    """Compare every figure, in every area and split, with what the entries alone make."""
    totals: Counter[tuple[str, str, str, str]] = Counter()
    middles: dict[tuple[str, str], list[int]] = {}
    for (measure, area, dim, month, value), (n, amount) in recount("", Check()).items():
        if SINCE <= month <= UNTIL:
            totals[measure, area, dim, value] += amount
            if dim == AMOUNT:
                middles.setdefault((measure, area), []).extend([int(value)] * n)
    known = definitions() | definitions(latest(KEY))
    for area in AREAS:
        for split in ("", *DIMS) if len(area) <= 12 else ("",):  # of a building no split is kept
            for one in figures(SYSTEM, area, SINCE, UNTIL, list(known), split=split):
                if not one.split_rest:  # the rest is the whole without its parts
                    _same(totals, middles, known[one.key], one, area)


def _same(totals: Any, middles: Any, definition: Any, one: FigureValue, area: str) -> None:
    part = (one.split, one.split_value) if one.split else ("", "")
    if one.kind == "median":
        amounts = middles.get((definition.measure, area))
        if not one.split:
            assert one.value == (Fraction(median(amounts)) if amounts else None), one.key
    elif one.kind == "rate":
        above, below = (totals[name, area, *part] for name in (definition.numerator, definition.denominator))
        assert (one.numerator, one.denominator) == (above, below), one.key
        assert [left.n for left in one.excluded] == [totals[name, area, *part] for name, _title in definition.excluded]
    else:
        assert one.value == totals[definition.measure, area, *part], (one.key, area, part)


def test_the_acts_reach_what_the_figures_are_about(town: Town) -> None:
    """A property over acts that are all refused would prove nothing."""
    ids: list[UUID] = []
    for act in [
        ("report", 0, 3), ("triage", 0, "spot"), ("settle", 0, ""), ("confirm", 0, ""), ("fold", 4, ""),
        ("reopen", 0, ""), ("report", 1, 5), ("refuse", 1, ""), ("report", 1, 0), ("merge", 2, 0),
        ("report", 1, 2), ("triage", 3, "grid"), ("acting", 3, ""), ("measure", 3, ""), ("finish", 3, ""),
        ("sign_off", 3, ""), ("confirm", 3, ""), ("days", 30, ""),
    ]:  # fmt: skip
        play(town, ids, act)
    found = {one.key: one for one in figures(SYSTEM, COMMUNITY, SINCE, UNTIL, method_key=KEY)}
    assert found["collected"].value == 3
    assert found["reopened"].value == 1
    assert found["solved"].value == 1
    assert found[f"{KEY}:measures"].value == 1
    assert found[f"{KEY}:people_helped"].value == 2
    assert found[f"{KEY}:refused_ones"].value == 1
