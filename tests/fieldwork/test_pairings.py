"""Pairing a unit's person with a household: proposed, agreed to, changed, ended; one to one; once each."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bihuan.fieldwork import api as pairings
from bihuan.fieldwork.models import Coverage, Pairing, Visit
from bihuan.fieldwork.pairing_household import is_household, kept_about
from bihuan.fieldwork.pairing_reads import pairing_page, unit_people
from bihuan.fieldwork.pairing_words import must_not_name, named_in
from bihuan.fieldwork.schemes import find
from bihuan.kernel.api import BadInput, Conflict, NotFound, Refused, clock, erase_expired, new_id, verify
from bihuan.kernel.models import Entry, Notification, PersonalRead, Sealed
from bihuan.people.models import Post

from .households import COMMUNITY, NAME, PHONE, SCHEME, START, World, build


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with made.at():
        yield made


def _problem(error: pytest.ExceptionInfo[Exception]) -> str:
    return str(error.value)


def test_a_proposal_waits_for_the_household_and_names_nobody_in_its_entry(world: World) -> None:
    pairing = Pairing.objects.get(pk=world.propose())
    assert (pairing.state, pairing.masked_name, pairing.area_code) == ("proposed", "欧**", f"{COMMUNITY}001")
    entry = Entry.objects.get(subject_type="pairing", subject_id=pairing.pk)
    assert entry.verb == "pairing.proposed"
    assert NAME not in entry.body
    assert PHONE not in entry.body
    assert "欧" not in entry.body
    assert "501" not in entry.body
    assert {(row.name, row.masked) for row in Sealed.objects.filter(subject_id=pairing.pk)} == {
        ("name", "欧**"),
        ("phone", "139****0007"),
        ("door", "****"),
        ("needs", "****"),
    }
    assert all(NAME.encode() not in bytes(row.content or b"") for row in Sealed.objects.filter(subject_id=pairing.pk))


def test_the_same_proposal_twice_is_one(world: World) -> None:
    wanted = new_id()
    world.propose(id=wanted)
    again = pairings.propose_pairing(
        actor=world.actor("secretary"),
        id=wanted,
        key="yiqi",
        area_code=world.doors[0][0],
        door=world.doors[0][1],
        name=NAME,
        person_id=world.id("partner"),
    )
    assert again.created is False
    assert Pairing.objects.count() == 1
    assert Entry.objects.filter(subject_id=wanted).count() == 1


def test_it_runs_once_the_household_has_agreed_and_the_consent_says_how_when_and_who_saw_it(world: World) -> None:
    when = START - datetime.timedelta(days=2)
    pairing = world.consent(world.propose(), how="spoken", happened_at=when)
    assert (pairing.state, pairing.consent_how, pairing.consented_at) == ("active", "spoken", when)
    page = pairing_page(world.actor("secretary"), pairing.pk)
    assert page.witness == "邻**"
    assert "口头同意" in page.lines[-1].sentence
    assert "邻**" in page.lines[-1].sentence
    assert page.lines[-1].late, "paper first, typed later: both times stay"
    assert "邻居杨大姐" not in Entry.objects.get(verb="pairing.consented").body


def test_who_goes_there_is_told_without_a_name(world: World) -> None:
    pairing = world.paired()
    line = Notification.objects.get(person_id=world.id("partner"))
    assert line.kind == "pairing.yours"
    assert str(pairing.pk) in line.link
    assert NAME not in str(line.params)
    assert "欧" not in str(line.params)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"witness": ""}, "witness"),
        ({"how": "guessed"}, "how"),
        ({"witness": "", "witness_id": "partner"}, "witness"),
        ({"how": "spoken", "witness": "", "witness_id": "secretary"}, "witness"),
        ({"happened_at": START + datetime.timedelta(minutes=1)}, "happened_at"),
        ({"happened_at": START - datetime.timedelta(days=400)}, "happened_at"),
    ],
)
def test_a_consent_that_proves_nothing_is_refused(world: World, given: dict[str, Any], field: str) -> None:
    proposed = world.propose()
    if isinstance(key := given.get("witness_id"), str):
        given = given | {"witness_id": world.id(key)}
    with pytest.raises(BadInput) as error:
        world.consent(proposed, **given)
    assert error.value.problems[0].field == field
    assert Pairing.objects.get(pk=proposed).state == "proposed"


def test_a_household_is_paired_once(world: World) -> None:
    world.propose()
    with pytest.raises(Refused, match="已经有一个结对"):
        world.propose(person="bank")
    assert Pairing.objects.count() == 1


def test_blanks_and_width_make_no_other_household_of_a_door(world: World) -> None:
    world.propose()
    with pytest.raises(Refused, match="已经有一个结对"):
        world.propose(person="bank", door="３单元 501")


def test_a_household_may_be_paired_again_after_the_end(world: World) -> None:
    world.end(world.paired().pk)
    assert Pairing.objects.get(pk=world.propose(person="bank")).state == "proposed"


def test_a_person_goes_to_one_household(world: World) -> None:
    world.propose()
    with pytest.raises(Refused, match="已经结对 1 户"):
        world.propose(place=1)


def test_a_method_may_let_a_person_go_to_two(db: None) -> None:
    world = build(SCHEME.replace("    管理: [secretary]", "    管理: [secretary]\n    每人几户: 2"))
    with world.at():
        world.propose()
        world.propose(place=1)
        with pytest.raises(Refused, match="已经结对 2 户"):
            world.propose(place=2)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"door": " "}, "door"),
        ({"phone": "打不通"}, "phone"),
        ({"needs": ["money"]}, "needs"),
        ({"person": "worker"}, "person_id"),
        ({"person": "unitless"}, "person_id"),
    ],
)
def test_a_proposal_that_cannot_be_is_told_what_is_wrong(world: World, given: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as error:
        world.propose(**given)  # type: ignore[arg-type]
    assert error.value.problems[0].field == field
    assert not Pairing.objects.exists()


def test_an_unknown_door_or_scheme_is_told(world: World) -> None:
    with pytest.raises(NotFound):
        pairings.propose_pairing(
            actor=world.actor("secretary"),
            id=new_id(),
            key="yiqi",
            area_code=f"{COMMUNITY}099",
            door="3单元501",
            name=NAME,
            person_id=world.id("partner"),
        )
    with pytest.raises(NotFound):
        find(COMMUNITY, "no_such_scheme")


def test_another_of_the_same_unit_takes_over_and_sees_it_and_the_first_no_longer_does(world: World) -> None:
    pairing = world.paired()
    pairings.change_pairing(
        actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), person_id=world.id("colleague")
    )
    assert pairing_page(world.actor("colleague"), pairing.pk).goes
    with pytest.raises(Http404):
        pairing_page(world.actor("partner"), pairing.pk)
    with pytest.raises(BadInput, match="另一个单位"):
        pairings.change_pairing(
            actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), person_id=world.id("bank")
        )


def test_a_corrected_name_replaces_the_wrong_one_which_is_erased(world: World) -> None:
    pairing = world.paired()
    before = Sealed.objects.get(subject_id=pairing.pk, name="name")
    pairings.change_pairing(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), name="欧阳秀云")
    before.refresh_from_db()
    assert before.content is None
    said = pairings.reveal_pairing(
        actor=world.actor("partner"), pairing_id=pairing.pk, name="name", reason="上门前预约"
    )
    assert said == "欧阳秀云"
    pairing.refresh_from_db()
    assert pairing.masked_name == "欧**", "the row is not wiped by erasing what was wrong"
    assert verify().ok


def test_a_change_of_nothing_is_told(world: World) -> None:
    with pytest.raises(BadInput, match="没有要改的内容"):
        pairings.change_pairing(actor=world.actor("secretary"), pairing_id=world.propose(), entry_id=new_id())


def test_two_who_change_at_once_do_not_overwrite_each_other(world: World) -> None:
    pairing = world.paired()
    change = {"actor": world.actor("secretary"), "pairing_id": pairing.pk, "expected_version": pairing.version}
    pairings.change_pairing(entry_id=new_id(), needs=["health"], **change)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        pairings.change_pairing(entry_id=new_id(), needs=["study"], **change)  # type: ignore[arg-type]
    assert Pairing.objects.get(pk=pairing.pk).needs == ["health"]


def test_an_ended_pairing_keeps_the_name_for_its_term_and_not_a_day_longer(world: World) -> None:
    pairing = world.end(world.paired().pk)
    assert set(Sealed.objects.filter(subject_id=pairing.pk).values_list("expires_on", flat=True)) == {
        datetime.date(2024, 4, 10)
    }
    with world.at(days=30):
        assert erase_expired() == 0
    with world.at(days=31):
        assert erase_expired() == 5
    pairing.refresh_from_db()
    assert (pairing.masked_name, pairing.door, pairing.witness, pairing.needs) == ("", "", "", [])
    assert pairing_page(world.actor("secretary"), pairing.pk).erased
    assert verify().ok


def test_a_running_pairing_has_no_term(world: World) -> None:
    pairing = world.paired()
    with world.at(days=3000):
        assert erase_expired() == 0
    assert Pairing.objects.get(pk=pairing.pk).masked_name == "欧**"


def test_what_nobody_agreed_to_is_erased_when_it_ends(world: World) -> None:
    pairing = world.end(world.propose(), reason="other", note="本人没有意愿")
    assert pairing.masked_name == ""
    assert not Sealed.objects.filter(subject_id=pairing.pk, erased_at=None).exists()


def test_a_proposal_lapses_after_thirty_days(world: World) -> None:
    proposed = world.propose()
    with world.at(days=29):
        assert pairings.lapse_proposals() == 0
    with world.at(days=30):
        assert pairings.lapse_proposals() == 1
        assert pairings.lapse_proposals() == 0
    pairing = Pairing.objects.get(pk=proposed)
    assert (pairing.state, pairing.end_reason, pairing.masked_name) == ("ended", "lapsed", "")
    assert not Sealed.objects.filter(subject_id=proposed, erased_at=None).exists()
    assert verify().ok


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": "whim"}, "reason"),
        ({"reason": "other"}, "note"),
        ({"happened_at": START - datetime.timedelta(days=1)}, "happened_at"),
    ],
)
def test_an_end_without_a_reason_or_before_the_beginning_is_refused(
    world: World, given: dict[str, Any], field: str
) -> None:
    pairing = world.paired()
    with pytest.raises(BadInput) as error:
        world.end(pairing.pk, **given)
    assert error.value.problems[0].field == field


def test_an_act_sent_again_acts_once(world: World) -> None:
    pairing = world.propose()
    agreed, ended = new_id(), new_id()
    world.consent(pairing, entry_id=agreed)
    world.consent(pairing, entry_id=agreed)
    world.end(pairing, entry_id=ended)
    world.end(pairing, entry_id=ended)
    assert Entry.objects.filter(subject_id=pairing).count() == 3


def test_an_act_out_of_order_says_what_to_do(world: World) -> None:
    pairing = world.end(world.paired().pk)
    with pytest.raises(Refused, match="已结束"):
        world.consent(pairing.pk)
    with pytest.raises(Refused, match="已结束"):
        world.end(pairing.pk)
    with pytest.raises(Refused, match="重新提出"):
        pairings.change_pairing(
            actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), needs=["health"]
        )


# --- who looked ------------------------------------------------------------------------------------------------------


def test_every_look_is_kept_and_shown_to_whom_it_concerns(world: World) -> None:
    pairing = world.paired()
    world.account("household", PHONE)
    shown = pairings.reveal_pairing(
        actor=world.actor("partner"), pairing_id=pairing.pk, name="phone", reason="上门前预约"
    )
    assert shown == PHONE
    read = PersonalRead.objects.get()
    assert (read.reader_id, read.reason) == (world.id("partner"), "上门前预约")
    [kept] = kept_about(world.actor("household"))
    [phone] = [value for value in kept.values if value.name == "phone"]
    assert [(line.who, line.reason) for line in phone.reads] == [("卜文静", "上门前预约")]


def test_nobody_looks_without_a_reason(world: World) -> None:
    pairing = world.paired()
    with pytest.raises(BadInput):
        pairings.reveal_pairing(actor=world.actor("partner"), pairing_id=pairing.pk, name="phone", reason=" ")
    assert not PersonalRead.objects.exists()


def test_what_is_erased_cannot_be_looked_at(world: World) -> None:
    pairing = world.end(world.propose())
    with pytest.raises(Refused):
        pairings.reveal_pairing(actor=world.actor("secretary"), pairing_id=pairing.pk, name="name", reason="核对")


# --- the household's own word ----------------------------------------------------------------------------------------


def test_staff_record_that_the_household_takes_its_consent_back_and_all_of_it_goes_at_once(world: World) -> None:
    pairing = world.paired()
    pairings.withdraw_consent(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken")
    pairing.refresh_from_db()
    assert (pairing.state, pairing.end_reason, pairing.masked_name) == ("ended", "withdrawn", "")
    assert not Sealed.objects.filter(subject_id=pairing.pk, erased_at=None).exists()
    assert verify().ok
    with pytest.raises(Refused, match="已经删除"):
        pairings.withdraw_consent(
            actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken"
        )


def test_the_household_takes_its_consent_back_from_its_own_account(world: World) -> None:
    pairing = world.paired()
    world.account("household", PHONE)
    pairings.withdraw_consent(actor=world.actor("household"), pairing_id=pairing.pk, entry_id=new_id())
    assert Pairing.objects.get(pk=pairing.pk).end_reason == "withdrawn"
    assert kept_about(world.actor("household")) == ()
    last = pairing_page(world.actor("secretary"), pairing.pk).lines[-1]
    assert last.sentence.startswith("本人")


def test_a_number_that_nobody_proved_or_that_changed_hands_leads_to_nothing(world: World) -> None:
    pairing = world.paired()
    world.account("household", PHONE, proven=False)
    assert not is_household(world.actor("household"), pairing.pk)
    world.person("heir", "齐新来")
    world.people["household"].user.delete()
    world.account("heir", PHONE)
    assert kept_about(world.actor("heir")) == ()
    with pytest.raises(Http404):
        pairings.withdraw_consent(actor=world.actor("heir"), pairing_id=pairing.pk, entry_id=new_id())


def test_the_unit_cannot_take_the_households_consent_back(world: World) -> None:
    pairing = world.paired()
    with pytest.raises(Refused):
        pairings.withdraw_consent(actor=world.actor("partner"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken")


# --- a need becomes a matter without naming the household ------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [f"{NAME}家水管漏水", "请联系 139-0001-0007", "居民欧阳 秀兰需要轮椅".replace(" ", "")]
)
def test_a_text_that_names_the_household_is_found_without_decrypting(world: World, text: str) -> None:
    pairing = world.paired()
    assert named_in(pairing, text).surely
    problem = must_not_name(pairing, text, checked=True)
    assert problem is not None
    assert "一户居民" in problem.how
    assert not PersonalRead.objects.exists()


def test_what_may_name_the_household_is_asked_about_once(world: World) -> None:
    pairing = world.paired()
    for text in ("3单元501漏水", "欧大爷家漏水"):
        assert must_not_name(pairing, text, checked=False) is not None
        assert must_not_name(pairing, text, checked=True) is None
    assert must_not_name(pairing, "一户居民家里漏水，2号楼门口路灯不亮", checked=False) is None


# --- for whom --------------------------------------------------------------------------------------------------------


def test_who_of_a_unit_may_go_is_listed_with_who_is_taken(world: World) -> None:
    world.propose()
    found = {one.name: (one.unit, one.taken) for one in unit_people(f"{COMMUNITY}001", find(COMMUNITY, "yiqi"))}
    assert found == {
        "卜文静": ("街道卫生服务中心", True),
        "乔一帆": ("街道卫生服务中心", False),
        "栾志刚": ("辖区银行网点", False),
    }


def test_who_left_the_unit_no_longer_sees_the_household(world: World) -> None:
    pairing = world.paired()
    Post.objects.filter(person_id=world.id("partner")).update(until=clock.today() - datetime.timedelta(days=1))
    with pytest.raises(Http404):
        pairing_page(world.actor("partner"), pairing.pk)


def _help(world: World, pairing: Pairing, who: str = "partner", **more: Any) -> pairings.RecordedVisit:
    given = {"area_code": pairing.area_code, "pairing_id": pairing.pk, "help_kind": "life", "text": "换了灯泡", **more}
    return pairings.record_visit(actor=world.actor(who), id=new_id(), happened_at=clock.now(), **given)


def test_nothing_is_written_to_a_household_that_took_its_consent_back(world: World) -> None:
    pairing = world.paired()
    pairings.withdraw_consent(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken")
    with pytest.raises(Refused, match="已经结束"):
        _help(world, pairing, "secretary")
    assert not Visit.objects.exists()


def test_a_visit_made_before_the_end_can_still_be_typed_in_and_a_later_one_cannot(world: World) -> None:
    pairing = world.paired()
    made = clock.now()
    with world.at(hours=2):
        pairing = world.end(pairing.pk)
    with world.at(hours=3):
        pairings.record_visit(
            actor=world.actor("secretary"), id=new_id(), area_code=pairing.area_code, pairing_id=pairing.pk,
            help_kind="life", happened_at=made, text="换了灯泡",
        )  # fmt: skip
        with pytest.raises(Refused, match="已经结束"):
            _help(world, pairing, "secretary")
    assert Visit.objects.count() == 1


def test_a_visit_to_a_household_is_no_round_whatever_the_phone_says(world: World) -> None:
    _help(world, world.paired(), round="household_visit", level=1)
    assert Visit.objects.get().round == ""
    assert not Coverage.objects.exists()


def test_what_an_erased_household_told_becomes_no_matter_behind_its_visit(world: World) -> None:
    pairing = world.paired()
    visit = _help(world, pairing)
    pairings.withdraw_consent(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken")
    with pytest.raises((Refused, Http404, PermissionDenied)):
        pairings.record_finding(
            actor=world.actor("partner"), id=new_id(), visit_id=visit.visit_id, text="欧阳秀兰家的灯又坏了"
        )


def test_a_household_is_due_in_the_day_like_a_round_s_place(world: World) -> None:
    """The scheme says every month from the first."""
    pairing = world.paired()

    def told() -> tuple[str, bool, datetime.date]:
        one = pairings.day(world.actor("partner")).pairings[0]
        assert one.every == "每月1日"
        assert one.until is not None
        return one.state, one.due, one.until.date()

    april = datetime.date(2024, 4, 1)
    with world.at(days=1):
        assert told() == ("due", True, april)
        _help(world, pairing, result="nobody")
        assert told() == ("due", True, april)
        _help(world, pairing)
        assert told() == ("done", False, april)
    with world.at(datetime.datetime(2024, 4, 2, 9, 0, tzinfo=clock.ZONE)):
        assert told() == ("due", True, datetime.date(2024, 5, 1))
