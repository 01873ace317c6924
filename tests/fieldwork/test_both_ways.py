"""The shipped scenario of rounds, played by the simulator and by the database: the same facts, the same answers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

import bihuan.library
from bihuan.areas.models import Area
from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Place
from bihuan.fieldwork.states import STATES, WHY
from bihuan.kernel.api import clock, new_id
from bihuan.matters import api as matters
from bihuan.methods.api import load, simulate
from tests.fieldwork.rounds import BOTH, BUILDINGS, COMMUNITY, METHOD, OWN, Town, build
from tests.matters.test_statements import statements

SHIPPED = Path(bihuan.library.__file__).parent / "yiwang_sanbu_wuqin"
SCENARIO = SHIPPED / "scenarios" / "五勤-巡查走访.yaml"
PLACES = {"东围墙": "wall", "排水沟": "road", "3单元501": "household", "3单元502": "household", "3单元503": "household"}
WHO = {"李网格": "worker", "赵网格长": "leader", "刘物业": "property", "周志愿": "volunteer"}
LEVEL = {"赵网格长": 2}  # of the rounds by levels
STATE_OF = {words[0]: key for key, words in STATES.items()}
WHY_OF = {words[0]: key for key, words in WHY.items()}


def shipped_rounds() -> str:
    """Return the shipped method's own sections of the field."""
    kept, taking = [], False
    for line in (SHIPPED / "method.yaml").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            taking = line.startswith(OWN)
        if taking:
            kept.append(line)
    return "\n".join(kept) + "\n"


@dataclass
class Stage:
    """The scenario's places and people as rows; what each step says is done, and asked, through the use cases."""

    town: Town
    places: dict[str, UUID] = field(default_factory=dict)
    found: dict[str, UUID] = field(default_factory=dict)  # place → the matter that a visit there found
    asked: int = 0

    def where(self, name: str) -> dict[str, Any]:
        if name in self.places:
            return {"area_code": BUILDINGS[2], "place_id": self.places[name]}
        return {"area_code": Area.objects.get(short_name=name).code}

    def level(self, who: str, key: str) -> int:
        return LEVEL.get(who, 1) if key == "household_visit" else 1

    def visit(self, who: str, told: dict[str, Any]) -> None:
        together = [one for one in BOTH if one["role"] in told.get("同去", [])]
        done = fieldwork.record_visit(
            actor=self.town.actor(WHO[who]),
            id=new_id(),
            round=told["计划"],
            happened_at=clock.now(),
            together=together,
            result="nobody" if told.get("无人") else "nothing",
            **self.where(told["地点"]),
        )
        assert done.not_counted == WHY_OF.get(told.get("不算", ""), ""), told
        if told.get("发现"):
            self.found[told["地点"]] = self.finding(who, done.visit_id)

    def finding(self, who: str, visit_id: UUID) -> UUID:
        told: dict[str, Any] = {"text": "灯不亮", "category": "facility", "urgency": "normal"}
        return fieldwork.record_finding(
            actor=self.town.actor(WHO[who]), id=new_id(), visit_id=visit_id, **told
        ).matter_id

    def ask(self, who: str, matter_id: UUID) -> None:
        """Bring a matter to where its reporter is asked, by others, and ask."""
        self.advance("leader", matter_id, "triage", category="facility", urgency="normal", level="spot")
        self.advance("leader", matter_id, "settle", answer="换好了")
        self.advance(WHO[who], matter_id, "ask_by_visit", satisfaction="satisfied")

    def advance(self, key: str, matter_id: UUID, action: str, **data: Any) -> None:
        matters.advance(actor=self.town.actor(key), matter_id=matter_id, action=action, entry_id=new_id(), data=data)

    def stands(self, who: str, key: str, name: str, state: str) -> None:
        found = self.town.coverage(key, level=self.level(who, key))[name].standing.state
        assert found == state, (clock.now(), key, name)
        self.asked += 1

    def play(self, step: dict[str, Any]) -> None:
        who = step["谁"]
        told = step.get("巡访")
        if told and "动作" in told:
            self.ask(who, self.found[told["地点"]])
        elif told:
            self.visit(who, told)
        for key, names in step.get("应巡", {}).items():
            for name in names:
                self.stands(who, key, name, "due")
        for key, states in step.get("巡访情况", {}).items():
            for name, state in states.items():
                self.stands(who, key, name, STATE_OF[state])


@pytest.fixture
def stage(db: None) -> Stage:
    stage = Stage(build(shipped_rounds()))
    for name, kind in PLACES.items():
        row = Place.objects.create(id=new_id(), area_code=BUILDINGS[2], kind=kind, name=name, head_hash=bytes(32))
        stage.places[name] = row.pk
    return stage


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def test_the_shipped_scenario_is_as_true_of_the_database_as_of_the_simulator(stage: Stage) -> None:
    source = SCENARIO.read_text(encoding="utf-8")
    method = load((SHIPPED / "method.yaml").read_text(encoding="utf-8")).method
    assert method is not None
    played = simulate(method, source)
    assert played.ok, [problem.text() for problem in played.problems]
    for step in yaml.safe_load(source)["经过"]:
        at = step["时间"]
        with stage.town.at(moment(at) if isinstance(at, str) else at.replace(tzinfo=clock.ZONE)):
            stage.play(step)
    assert stage.asked > 10


APRIL = datetime.datetime(2024, 4, 13, 10, 0, tzinfo=clock.ZONE)


def household(stage: Stage, name: str = "3单元502", level: int = 1) -> tuple[str, str]:
    row = stage.town.coverage("household_visit", level=level)[name]
    return row.standing.state, row.last_act


def found_in_march(stage: Stage) -> tuple[UUID, UUID]:
    """A visit of the quarter before, and the matter it found at the household."""
    with stage.town.at(datetime.datetime(2024, 3, 29, 19, 0, tzinfo=clock.ZONE)):
        given = {"round": "household_visit", "together": (), **stage.where("3单元502")}
        visit = stage.town.visit(**given).visit_id
        return visit, stage.finding("李网格", visit)


def test_asking_about_a_report_of_no_known_household_covers_none(stage: Stage) -> None:
    with stage.town.at(APRIL):
        told: dict[str, Any] = {"text": "灯不亮", "area_code": BUILDINGS[2]}
        done = matters.report(actor=stage.town.actor("resident"), id=new_id(), **told)
        stage.ask("李网格", done.matter_id)
        assert household(stage) == ("due", "")


def test_who_only_met_the_matter_later_is_not_visited_by_asking_about_it(stage: Stage) -> None:
    visit, matter = found_in_march(stage)
    with stage.town.at(APRIL):
        met = stage.town.visit(round="", id=new_id(), **stage.where("3单元503")).visit_id
        fieldwork.record_finding(
            actor=stage.town.actor(), id=new_id(), visit_id=met, text="这户也说灯不亮", join=matter
        )
        stage.ask("李网格", matter)
        assert household(stage, "3单元503") == ("due", "")
        assert household(stage) == ("done", "act.ask_by_visit")


def test_it_opens_the_second_level_there_whenever_it_arrives(stage: Stage) -> None:
    _visit, matter = found_in_march(stage)
    with stage.town.at(APRIL):
        stage.advance("leader", matter, "triage", category="facility", urgency="normal", level="spot")
        stage.advance("leader", matter, "settle", answer="换好了")
    with stage.town.at(APRIL, days=2):
        given = {"round": "household_visit", "together": (), **stage.where("3单元502")}
        second = stage.town.visit("leader", **given)
        assert second.not_counted == "after_level"
        matters.advance(
            actor=stage.town.actor(), matter_id=matter, action="ask_by_visit", entry_id=new_id(),
            data={"satisfaction": "satisfied"}, happened_at=APRIL + datetime.timedelta(days=1),
        )  # fmt: skip
        assert household(stage, level=2)[0] == "done"
        third = stage.town.visit("leader", **given, id=new_id())
        assert third.not_counted == "too_soon"


def test_a_visit_corrected_takes_the_acts_on_what_it_found_along(stage: Stage) -> None:
    visit, matter = found_in_march(stage)
    with stage.town.at(APRIL):
        stage.ask("李网格", matter)
        second = stage.town.visit("leader", round="household_visit", together=(), **stage.where("3单元502"))
        assert second.counted
        other = {"place_id": str(stage.places["3单元503"])}
        for changes, there, here in ((other, "due", "done"), ({"withdrawn": True}, "due", "due")):
            fieldwork.correct_visit(
                actor=stage.town.actor(), visit_id=visit, entry_id=new_id(), reason="记错了门", changes=changes
            )
            assert household(stage)[0] == there
            assert household(stage, "3单元503")[0] == here
        assert household(stage, level=2)[0] == "after_level"


def test_a_day_that_is_past_knows_the_act_only_from_its_day_on(stage: Stage) -> None:
    _visit, matter = found_in_march(stage)
    with stage.town.at(APRIL):
        stage.ask("李网格", matter)
    with stage.town.at(APRIL, days=30):

        def past(day: datetime.date) -> tuple[str, str]:
            view = fieldwork.coverage(stage.town.actor("secretary"), COMMUNITY, METHOD, "household_visit", until=day)
            return next((row.standing.state, row.last_act) for row in view.rows if row.name == "3单元502")

        assert past(APRIL.date()) == ("done", "act.ask_by_visit")
        assert past(APRIL.date() - datetime.timedelta(days=1)) == ("due", "visit")


def test_an_act_that_covers_a_household_takes_at_most_twelve_statements(stage: Stage) -> None:
    _visit, matter = found_in_march(stage)
    with stage.town.at(APRIL):
        stage.advance("leader", matter, "triage", category="facility", urgency="normal", level="spot")
        stage.advance("leader", matter, "settle", answer="换好了")
        actor, data = stage.town.actor(), {"satisfaction": "satisfied"}
        told: dict[str, Any] = {"matter_id": matter, "action": "ask_by_visit", "entry_id": new_id(), "data": data}
        statements(lambda: matters.advance(actor=actor, **told), 12)
        assert household(stage)[0] == "done"


def test_the_interval_lies_between_visits_and_no_act_keeps_one_away(stage: Stage) -> None:
    """Seven days between two visits: the act of yesterday is none, in the scenario as in the database."""
    _visit, matter = found_in_march(stage)
    with stage.town.at(APRIL):
        stage.ask("李网格", matter)
    with stage.town.at(APRIL, days=1):
        given = {"round": "household_visit", "together": (), **stage.where("3单元502")}
        assert stage.town.visit(**given).counted
    method = load((SHIPPED / "method.yaml").read_text(encoding="utf-8")).method
    assert method is not None
    played = simulate(
        method,
        "场景: 隔一天\n工作法: yiwang-sanbu-wuqin\n人物: {李网格: [grid_worker]}\n经过:\n"
        "  - {时间: 2024-03-29 19:00, 谁: 李网格, 巡访: {计划: household_visit, 地点: 3单元502, 发现: 是}}\n"
        "  - {时间: 2024-04-13 10:00, 谁: 李网格, 巡访: {动作: ask_by_visit, 地点: 3单元502}}\n"
        "  - {时间: 2024-04-14 10:00, 谁: 李网格, 巡访: {计划: household_visit, 地点: 3单元502}}\n",
    )
    assert played.ok, [problem.text() for problem in played.problems]
