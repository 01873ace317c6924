"""Counting: one mandate one vote, every channel in one turnout, order of no weight."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.meetings import rules
from bihuan.meetings.rules import Ballot, Mandate, Rule

HEADS = Rule("present.heads * 2 > due.heads", "agree.heads * 2 > present.heads")
TWO = Rule(
    "present.heads * 2 > due.heads && present.floor_area * 2 > due.floor_area",
    "agree.heads * 3 >= cast.heads * 2 && agree.floor_area * 3 >= cast.floor_area * 2",
    ("heads", "floor_area"),
)


def mandate(name: str, *, present: bool = True, area: str = "0") -> Mandate:
    return Mandate(name, present, {"heads": Fraction(1), "floor_area": Fraction(area)})


def people(n: int, present: int) -> list[Mandate]:
    return [mandate(f"p{i}", present=i < present) for i in range(n)]


attendances = st.lists(st.booleans(), min_size=1, max_size=14).map(
    lambda flags: [mandate(f"p{i}", present=flag, area=f"{40 + i}.5") for i, flag in enumerate(flags)]
)
ballots = st.lists(
    st.builds(
        Ballot,
        voter=st.integers(0, 16).map(lambda i: f"p{i}"),
        channel=st.sampled_from(rules.CHANNELS),
        choice=st.sampled_from(rules.CHOICES),
    ),
    max_size=30,
)


@given(attendances, ballots)
def test_nobody_counts_twice_whatever_the_channel(due: list[Mandate], votes: list[Ballot]) -> None:
    count = rules.tally(votes, due, HEADS)
    present = {m.voter for m in due if m.present}
    assert sum(count.heads(choice) for choice in rules.CHOICES) == count.voters <= len(present)
    assert count.voters + len(count.conflicting) == len({v.voter for v in votes} & present)


@given(attendances, ballots, st.randoms(use_true_random=False))
def test_the_order_of_votes_changes_nothing(due: list[Mandate], votes: list[Ballot], random: object) -> None:
    shuffled = list(votes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rules.tally(votes, due, HEADS) == rules.tally(shuffled, due, HEADS)


@given(attendances, ballots)
def test_sending_the_same_votes_again_changes_nothing(due: list[Mandate], votes: list[Ballot]) -> None:
    assert rules.tally(votes, due, HEADS) == rules.tally(votes + votes, due, HEADS)


@given(attendances, ballots)
def test_paper_phone_and_hands_make_one_turnout(due: list[Mandate], votes: list[Ballot]) -> None:
    count = rules.tally(votes, due, HEADS)
    assert count.voters == sum(count.turnout.values()) == int(count.cast["heads"])


@given(attendances, ballots)
def test_the_channel_never_changes_what_is_decided(due: list[Mandate], votes: list[Ballot]) -> None:
    on_paper = [Ballot(v.voter, "paper", v.choice) for v in votes]
    one, other = rules.tally(votes, due, TWO), rules.tally(on_paper, due, TWO)
    assert one.choices == other.choices
    assert rules.carried(one, TWO).met == rules.carried(other, TWO).met


@given(attendances)
def test_one_more_person_present_never_breaks_a_quorum(due: list[Mandate]) -> None:
    before = rules.quorum_met(due, TWO).met
    for i, m in enumerate(due):
        after = [*due[:i], Mandate(m.voter, True, m.measures), *due[i + 1 :]]
        assert rules.quorum_met(after, TWO).met >= before


def test_half_is_not_a_majority() -> None:
    due = people(4, 4)
    votes = [Ballot("p0", "hands", "for"), Ballot("p1", "phone", "for"), Ballot("p2", "paper", "against")]
    assert not rules.carried(rules.tally(votes, due, HEADS), HEADS).met
    assert rules.carried(rules.tally([*votes, Ballot("p3", "phone", "for")], due, HEADS), HEADS).met


def test_two_measures_must_both_be_reached() -> None:
    due = [mandate("big", area="300"), mandate("a", area="50"), mandate("b", area="50")]
    votes = [Ballot("a", "paper", "for"), Ballot("b", "phone", "for"), Ballot("big", "hands", "against")]
    found = rules.carried(rules.tally(votes, due, TWO), TWO)
    assert not found.met
    assert [ok for ok, _, _ in found.lines] == [True, False]
    assert "赞成建筑面积（100）" in found.lines[1][1]
    assert "for floor area" not in found.lines[1][1]
    assert "floor area for (100)" in found.lines[1][2]


def test_two_thirds_of_an_area_is_exact_at_the_border() -> None:
    rule = Rule("present.heads >= 1", "agree.floor_area * 3 >= cast.floor_area * 2", ("heads", "floor_area"))
    due = [mandate("a", area="66.6"), mandate("b", area="33.3")]
    votes = [Ballot("a", "paper", "for"), Ballot("b", "paper", "against")]
    assert rules.carried(rules.tally(votes, due, rule), rule).met


def test_a_mandate_used_twice_with_two_choices_counts_for_neither() -> None:
    due = people(3, 3)
    votes = [Ballot("p0", "paper", "for"), Ballot("p0", "phone", "against"), Ballot("p1", "phone", "for")]
    count = rules.tally(votes, due, HEADS)
    assert count.conflicting == ("p0",)
    assert (count.heads("for"), count.heads("against"), count.voters) == (1, 0, 1)


def test_the_vote_of_somebody_absent_or_unknown_counts_nowhere() -> None:
    count = rules.tally([Ballot("p2", "paper", "for"), Ballot("who", "phone", "for")], people(3, 2), HEADS)
    assert count.strangers == ("p2", "who")
    assert count.voters == 0


def test_a_secret_count_comes_from_the_boxes_and_its_turnout_from_who_voted() -> None:
    due = people(5, 4)
    votes = [Ballot("p0", "phone"), Ballot("p1", "paper"), Ballot("p2", "paper")]
    count = rules.tally(votes, due, HEADS, boxes={"for": 2, "against": 0, "abstain": 0, "spoilt": 1})
    assert count.turnout == {"hands": 0, "paper": 2, "phone": 1}
    assert (count.heads("for"), count.spoilt, count.voters) == (2, 1, 3)
    assert "废票 1 张" in rules.carried(count, HEADS).zh


def test_nothing_carries_without_a_quorum() -> None:
    due = people(5, 2)
    assert not rules.quorum_met(due, HEADS).met
    count = rules.tally([Ballot("p0", "hands", "for"), Ballot("p1", "hands", "for")], due, HEADS)
    found = rules.carried(count, HEADS, quorum=False)
    assert not found.met
    assert "表决无效" in found.lines[0][1]


def test_dividing_by_nought_is_not_a_majority() -> None:
    rule = Rule("present.heads >= 1", "agree.heads / cast.heads > 0.5")
    assert not rules.carried(rules.tally([], people(3, 3), rule), rule).met


@pytest.mark.parametrize(("present", "met"), [(2, False), (3, True)])
def test_a_quorum_tells_its_reason_in_both_languages(present: int, *, met: bool) -> None:
    found = rules.quorum_met(people(5, present), HEADS)
    assert found.met is met
    assert f"实到 {present} 人" in found.zh
    assert f"{present} present" in found.en
