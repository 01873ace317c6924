"""No word goes into a visit's entry that no method says; what a phone took along long ago is known still."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Finding, Visit
from bihuan.kernel.api import BadInput, Problem, new_id
from bihuan.methods.api import install
from bihuan.people.api import SYSTEM
from tests.fieldwork.rounds import BUILDINGS, ROUNDS, Town, build, source

NUMBER = "13800138000"  # of somebody, where a word of the method belongs


@pytest.fixture
def town(db: None) -> Town:
    return build()


def newer(rounds: str) -> None:
    """Publish another version in the place of the one in use."""
    install(actor=SYSTEM, source=source(rounds), area_code="410802", default_for_reports=True)


def without_exits() -> str:
    return "\n".join(line for line in ROUNDS.splitlines() if "exits:" not in line)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"round": NUMBER}, "round"),
        ({"checklist": {NUMBER: "ok"}}, "checklist"),
        ({"round": "", "checklist": {"exits": "ok"}}, "checklist"),
        ({"round": "walls", "checklist": {"exits": "ok"}}, "checklist"),
        ({"level": 2}, "level"),
        ({"round": "census", "level": 3}, "level"),
        ({"round": "", "level": 2}, "level"),
        ({"help_kind": "life"}, "help_kind"),
        ({"together": [{"role": NUMBER, "name": ""}]}, "together"),
    ],
)
def test_a_word_that_no_method_says_is_refused_with_where_why_and_how(
    town: Town, given: dict[str, Any], field: str
) -> None:
    with town.at(), pytest.raises(BadInput) as caught:
        town.visit(**given)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert all(problem.why and problem.how for problem in caught.value.problems)
    assert not Visit.objects.exists()


def test_every_such_word_is_told_at_once_and_keeps_no_other_visit_out(town: Town) -> None:
    with town.at():
        bad = town.given(checklist={NUMBER: "ok"}, level=7, help_kind="life")
        good = town.given(id=new_id(), area_code=BUILDINGS[1], checklist={"exits": "ok"}, level=1)
        with pytest.raises(BadInput) as caught:
            fieldwork.record_visit(actor=town.actor(), **bad)
        done = fieldwork.record_visits(actor=town.actor(), visits=[bad, good])
    assert [problem.field for problem in caught.value.problems] == ["checklist", "level", "help_kind"]
    assert isinstance(done[0], Problem)
    assert done[0].field == "0.checklist"
    assert isinstance(done[1], fieldwork.RecordedVisit)


def test_a_phone_with_the_version_of_last_week_gets_its_visits_in(town: Town) -> None:
    with town.at():
        newer(without_exits())
        ticked = town.visit(checklist={"exits": "bad", "walls": "ok"})
        found = fieldwork.record_finding(
            actor=town.actor(), id=new_id(), visit_id=ticked.visit_id, text="堆了杂物", item="exits"
        )
    assert ticked.created
    assert Visit.objects.get(pk=ticked.visit_id).checklist == {"exits": "bad", "walls": "ok"}
    assert Finding.objects.get(pk=found.finding_id).item == "exits"


def test_a_round_that_is_no_more_is_recorded_by_who_had_it_on_the_phone(town: Town) -> None:
    with town.at():
        newer(ROUNDS.replace("    walls:\n", "    fences:\n"))
        done = town.visit(round="walls", area_code="", place_id=town.walls[0].pk, level=1)
        with pytest.raises(BadInput):
            town.visit(id=new_id(), round="fences2")
    assert (done.created, done.not_counted) == (True, "no_round")


def test_a_draft_that_nobody_published_is_no_version(town: Town) -> None:
    from bihuan.methods.models import MethodVersion

    draft = MethodVersion.objects.get(pk=town.version.pk)
    draft.pk, draft.number, draft.state = new_id(), 9, MethodVersion.State.DRAFT
    draft.source = source(ROUNDS.replace("exits:", "drafted:"))
    draft.save(force_insert=True)
    with town.at(), pytest.raises(BadInput):
        town.visit(checklist={"drafted": "ok"})


def test_a_finding_of_no_item_of_the_checklist_is_refused(town: Town) -> None:
    with town.at():
        patrol = town.visit()
        own = town.visit(id=new_id(), round="", together=())
        for visit, item in ((patrol, NUMBER), (patrol, "长" * 60), (own, "exits")):
            with pytest.raises(BadInput) as caught:
                fieldwork.record_finding(
                    actor=town.actor(), id=new_id(), visit_id=visit.visit_id, text="堆了杂物", item=item
                )
            assert [problem.field for problem in caught.value.problems] == ["item"]
    assert not Finding.objects.exists()


def test_correcting_a_visit_brings_in_no_such_word_either(town: Town) -> None:
    with town.at():
        visit = town.visit()
        with pytest.raises(BadInput):
            fieldwork.correct_visit(
                actor=town.actor(), visit_id=visit.visit_id, entry_id=new_id(), reason="看错了",
                changes={"checklist": {NUMBER: "ok"}},
            )  # fmt: skip


# --- who came along ------------------------------------------------------------------------------------------------


def _along(town: Town, key: str, role: str = "property") -> dict[str, Any]:
    return {"together": [{"role": role, "name": "", "person": town.id(key).hex}]}


def test_a_colleague_of_the_place_may_be_named_by_id(town: Town) -> None:
    with town.at():
        town.visit(**_along(town, "leader", "grid_leader"))
        town.visit(id=new_id(), area_code=BUILDINGS[1], **_along(town, "secretary", "secretary"))
    assert Visit.objects.count() == 2


def test_nobody_turns_the_id_of_somebody_elsewhere_into_a_name(town: Town) -> None:
    for key, posts in {
        "far": [("grid_worker", "410802006001")],
        "idle": [],
        "home": [("resident", BUILDINGS[0])],
    }.items():
        town.person(key, "不相干", *posts)
        with town.at(), pytest.raises(BadInput) as caught:
            town.visit(**_along(town, key))
        assert [problem.field for problem in caught.value.problems] == ["together"]
    with town.at(), pytest.raises(BadInput):
        town.visit(together=[{"role": "property", "name": "", "person": new_id().hex}])
    assert not Visit.objects.exists()


def test_who_served_here_then_may_be_named_and_who_had_left_may_not(town: Town) -> None:
    from datetime import timedelta

    from bihuan.people.models import Post

    town.person("left", "已离任", ("property", BUILDINGS[0]))
    Post.objects.filter(person_id=town.id("left")).update(until=(town.now - timedelta(days=3)).date())
    with town.at():
        with pytest.raises(BadInput):
            town.visit(**_along(town, "left"))
        before = town.now - timedelta(days=4)
        town.visit(id=new_id(), happened_at=before, **_along(town, "left"))
    assert Visit.objects.get().happened_at == before
