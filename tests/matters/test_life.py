"""Clocks, mergers, following, erasure, migration: what happens to matters besides being worked on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from bihuan.kernel.api import SYSTEM_REF, BadInput, Refused, clock, erase, erase_expired, new_id, verify
from bihuan.kernel.models import Entry, Notification, OutboxItem, PersonalRead, Sealed
from bihuan.matters import api as matters
from bihuan.matters import replay
from bihuan.matters.models import AreaTally, Follow, Matter, Todo
from bihuan.methods.api import get_method, publish, save_draft
from bihuan.people.api import ANONYMOUS, SYSTEM

from .conftest import BUILDINGS, METHOD


def consistent() -> None:
    assert [str(difference) for difference in replay.check_all()] == []
    assert not verify().flaws


def test_a_late_matter_gets_its_cards_once_and_the_tally_follows(town: Any) -> None:
    done = town.report()
    town.later(days=3)
    assert matters.tick_due(town.now) == 1
    matter = Matter.objects.get(pk=done.matter_id)
    assert matter.card == "red"
    assert AreaTally.objects.get(area_code=BUILDINGS[0]).red == 1
    assert matters.tick_due(town.now) == 0
    assert Entry.objects.filter(subject_id=done.matter_id, verb="matter.ticked").count() == 1
    town.triage(done.matter_id)
    assert Matter.objects.get(pk=done.matter_id).card == ""
    assert AreaTally.objects.get(area_code=BUILDINGS[0]).red == 0
    consistent()


def test_a_red_card_reaches_the_grid_leader_by_role(town: Any) -> None:
    town.report()
    town.later(days=3)
    matters.tick_due(town.now)
    assert Notification.objects.filter(person_id=town.id_of("leader")).exists()
    assert not Notification.objects.filter(person_id=town.id_of("stranger")).exists()


def test_silence_closes_as_unconfirmed_not_as_solved(town: Any) -> None:
    done = town.report()
    town.to_checking(done.matter_id)
    town.do("neighbour", done.matter_id, "sign_off")
    town.later(days=8)
    matters.tick_due(town.now)
    assert Matter.objects.get(pk=done.matter_id).outcome == "solved_unconfirmed"
    consistent()


def test_the_reporter_of_a_duplicate_is_told_of_the_others_progress(town: Any) -> None:
    first, second = town.report(), town.report(town.neighbour, text="一单元路灯坏了好几天", phone="13912345678")
    with clock.at(town.later(minutes=1)):
        matters.merge(
            actor=town.leader, matter_id=second.matter_id, into_id=first.matter_id, entry_id=new_id(), reason="同一盏灯"
        )
    duplicate, other = (Matter.objects.get(pk=done.matter_id) for done in (second, first))
    assert (duplicate.outcome, duplicate.is_open, duplicate.duplicate_of_id) == ("merged", False, other.pk)
    assert other.follower_count == 1
    assert Notification.objects.filter(person_id=town.id_of("neighbour"), kind="matter.merged_into").count() == 1
    town.triage(first.matter_id)
    assert Notification.objects.filter(person_id=town.id_of("neighbour"), kind="matter.progress").count() == 1
    assert OutboxItem.objects.filter(channel="reporter", target=second.matter_id.hex).count() == 2
    assert matters.by_follow_token(second.follow_token).pk == second.matter_id
    with pytest.raises(BadInput):
        town.do("leader", first.matter_id, "merge", into=str(new_id()))
    third = town.report(text="路灯又不亮了")
    with pytest.raises(Refused):
        town.do("leader", third.matter_id, "merge", into=str(second.matter_id))
    consistent()


def test_a_merger_with_a_matter_one_may_not_see_is_unknown(town: Any) -> None:
    far = town.report(area_code="410802006001001")
    near = town.report()
    with pytest.raises(BadInput):
        town.do("leader", near.matter_id, "merge", into=str(far.matter_id))


def test_following_counts_once_and_can_be_ended(town: Any) -> None:
    done, key = town.report(), new_id()
    token = matters.follow(actor=ANONYMOUS, id=key, matter_id=done.matter_id, follow_token="b" * 32)
    assert matters.follow(actor=ANONYMOUS, id=key, matter_id=done.matter_id, follow_token="b" * 32) == token
    assert Matter.objects.get(pk=done.matter_id).follower_count == 1
    assert matters.by_follow_token(token).pk == done.matter_id
    assert matters.unfollow(actor=ANONYMOUS, matter_id=done.matter_id, follow_token=token)
    assert (Matter.objects.get(pk=done.matter_id).follower_count, Follow.objects.count()) == (0, 0)


def test_a_followers_link_does_not_act_for_the_reporter(town: Any) -> None:
    done = town.report(ANONYMOUS)
    token = matters.follow(actor=ANONYMOUS, id=new_id(), matter_id=done.matter_id)
    page = matters.matter_page(ANONYMOUS, done.matter_id, via_link=token)
    assert page.via_link
    assert "reporter" not in page.roles
    assert not page.may_act


def test_a_phone_number_is_sealed_masked_and_read_with_a_reason_only(town: Any) -> None:
    done = town.report(ANONYMOUS, phone="13812345678", reporter_name="卫某某")
    assert "13812345678" not in str(Matter.objects.filter(pk=done.matter_id).values())
    page = matters.matter_page(town.worker, done.matter_id)
    assert {line.masked for line in page.sealed} == {"138****5678", "卫**"}
    sealed = next(line for line in page.sealed if line.name == "phone")
    with pytest.raises(BadInput):
        matters.reveal_contact(actor=town.worker, matter_id=done.matter_id, sealed_id=sealed.id, reason=" ")
    with pytest.raises(PermissionDenied):
        matters.reveal_contact(actor=town.police, matter_id=done.matter_id, sealed_id=sealed.id, reason="核实")
    assert (
        matters.reveal_contact(actor=town.worker, matter_id=done.matter_id, sealed_id=sealed.id, reason="回访")
        == "13812345678"
    )
    assert PersonalRead.objects.filter(reader_id=town.id_of("worker"), reason="回访").count() == 1
    assert all(line.id is None for line in matters.matter_page(town.police, done.matter_id).sealed)


def test_erasing_leaves_nothing_behind_and_the_chain_valid(town: Any) -> None:
    done = town.report(title="三单元老李家漏水", text="三单元老李家漏水到楼下", phone="13812345678")
    town.triage(done.matter_id, place="老李家门口")
    matters.index_pending()
    with clock.at(town.now):
        assert matters.search(town.worker, "老李").rows
        erase(actor=SYSTEM_REF, subject_type="matter", subject_id=done.matter_id)
        matters.index_pending()
        assert not matters.search(town.worker, "老李").rows
    row = str(Matter.objects.filter(pk=done.matter_id).values().get())
    assert "老李" not in row
    assert "老李" not in str(list(Entry.objects.values_list("body", flat=True)))
    assert not Matter.objects.get(pk=done.matter_id).has_contact
    assert not verify(("matter", done.matter_id)).flaws
    assert [d for d in replay.check_all() if d.what != "state"] == []


def test_contact_is_kept_for_its_term_after_closing_and_not_while_open(town: Any) -> None:
    done = town.report(phone="13812345678")
    phone = Sealed.objects.filter(subject_id=done.matter_id, name="phone")
    assert phone.get().expires_on is None
    town.to_settled(done.matter_id)
    closed = Matter.objects.get(pk=done.matter_id).closed_at
    assert phone.get().expires_on == (closed + timedelta(days=180)).date()
    town.do("resident", done.matter_id, "reopen", reason="又坏了")
    assert phone.get().expires_on is None
    assert erase_expired(town.now + timedelta(days=400)) == 0


def test_running_matters_move_to_a_new_version_dry_run_first_and_back(town: Any) -> None:
    early, late = town.report(), town.report(text="围墙有裂缝要倒")
    town.to_acting(late.matter_id)
    source = METHOD.read_text(encoding="utf-8").replace(
        '标题: {zh: 问 · 当场处理, en: "Ask: settled on the spot"}',
        '标题: {zh: 问 · 当场解决, en: "Ask: settled on the spot"}',
    )
    draft, *_rest = save_draft(actor=SYSTEM, source=source, area_code="410802")
    new = publish(actor=SYSTEM, version_id=draft.pk)
    args = {"actor": town.admin, "from_version": town.version.pk, "to_version": new.pk}
    plan = matters.migrate_matters(**args)
    assert (len(plan.moved), plan.dry_run) == (2, True)
    assert set(Matter.objects.values_list("version_ref_id", flat=True)) == {town.version.pk}
    done = matters.migrate_matters(**args, dry_run=False, reason="说法更明白")
    assert len(done.moved) == 2
    assert Matter.objects.get(pk=early.matter_id).version_ref_id == new.pk
    consistent()
    back = matters.migrate_matters(actor=town.admin, from_version=new.pk, to_version=town.version.pk, dry_run=False)
    assert len(back.moved) == 2
    consistent()


def test_a_matter_whose_running_limit_changed_stays_and_one_past_it_moves_and_comes_back(town: Any) -> None:
    early, late = town.report(), town.report(text="围墙有裂缝要倒")
    town.to_acting(late.matter_id)
    source = METHOD.read_text(encoding="utf-8").replace("其余: 2 个工作日 # 本地定", "其余: 3 个工作日 # 本地定", 1)
    draft, *_rest = save_draft(actor=SYSTEM, source=source, area_code="410802")
    new = publish(actor=SYSTEM, version_id=draft.pk)
    done = matters.migrate_matters(actor=town.admin, from_version=town.version.pk, to_version=new.pk, dry_run=False)
    assert [line.matter_id for line in done.moved] == [late.matter_id]
    assert [(line.matter_id, line.reason) for line in done.kept] == [
        (early.matter_id, "正在走的时限“首次回应时限”改了。")
    ]
    with translation.override("en"):
        kept = matters.migrate_matters(actor=town.admin, from_version=town.version.pk, to_version=new.pk).kept
    assert [line.reason for line in kept] == ["Clock 'First response' is running and changed."]
    back = matters.migrate_matters(actor=town.admin, from_version=new.pk, to_version=town.version.pk, dry_run=False)
    assert [line.matter_id for line in back.moved] == [late.matter_id]
    consistent()


def test_a_matter_stays_where_an_act_of_its_own_step_changed(town: Any) -> None:
    early, late = town.report(), town.report(text="围墙有裂缝要倒")
    town.to_acting(late.matter_id)
    step = Matter.objects.get(pk=early.matter_id).step
    method = get_method(town.version.pk)
    title = next(iter(method.steps[step].actions.values())).title.zh
    source = METHOD.read_text(encoding="utf-8").replace(f"标题: {{zh: {title},", f"标题: {{zh: {title}了,", 1)
    draft, *_rest = save_draft(actor=SYSTEM, source=source, area_code="410802")
    new = publish(actor=SYSTEM, version_id=draft.pk)
    plan = matters.migrate_matters(actor=town.admin, from_version=town.version.pk, to_version=new.pk)
    assert plan.moved == ()
    assert {line.matter_id for line in plan.kept} == {early.matter_id, late.matter_id}


def test_a_matter_that_has_passed_a_changed_step_stays_with_the_reason(town: Any) -> None:
    early, late = town.report(), town.report(text="围墙有裂缝要倒")
    town.to_acting(late.matter_id)
    source = METHOD.read_text(encoding="utf-8").replace("zh: 已列入网格会议议题", "zh: 已排进网格会议")
    draft, *_rest = save_draft(actor=SYSTEM, source=source, area_code="410802")
    new = publish(actor=SYSTEM, version_id=draft.pk)
    plan = matters.migrate_matters(actor=town.admin, from_version=town.version.pk, to_version=new.pk)
    assert [line.matter_id for line in plan.moved] == [early.matter_id]
    assert [line.matter_id for line in plan.kept] == [late.matter_id]
    assert "网格会议议题" in plan.kept[0].reason
    with pytest.raises(PermissionDenied):
        matters.migrate_matters(actor=town.worker, from_version=town.version.pk, to_version=new.pk)


def test_every_state_is_the_fold_of_its_entries(town: Any) -> None:
    for count in range(4):
        done = town.report(text=f"第{count}件事情，楼道堆杂物", people_affected=count)
        (town.triage, town.to_acting, town.to_checking, town.to_settled)[count](done.matter_id)
    consistent()


def test_a_changed_projection_is_found_and_named(town: Any) -> None:
    done = town.report()
    AreaTally.objects.update(open=5)
    Todo.objects.all().delete()
    Matter.objects.filter(pk=done.matter_id).update(step="acting")
    found = {difference.what for difference in replay.check_all()}
    assert found == {"tally", "todo", "row"}


def test_a_batch_answers_each_report_in_its_place(town: Any) -> None:
    key = new_id()
    rows = [
        {
            "id": key,
            "text": "围墙开裂",
            "area_code": BUILDINGS[0],
            "channel": "paper",
            "happened_at": "2024-03-20T10:00+08:00",
        },
        {"id": new_id(), "text": "", "area_code": BUILDINGS[0]},
        {"id": new_id(), "text": "别人家的事", "area_code": "410802006001001"},
        {"id": new_id(), "text": "井盖松动", "area_code": BUILDINGS[1], "phone": "13812345678"},
        {"id": key, "text": "围墙开裂", "area_code": BUILDINGS[0]},
    ]
    with clock.at(town.now):
        answers = matters.report_batch(actor=town.leader, reports=rows)
    kinds = [type(answer).__name__ for answer in answers]
    assert kinds == ["Reported", "Problem", "Problem", "Reported", "Problem"]
    assert answers[1].field == "1.text"
    assert [answers[0].number[-4:], answers[3].number[-4:]] == ["0001", "0002"]
    with clock.at(town.now):
        again = matters.report_batch(actor=town.leader, reports=rows[:1])
    assert (again[0].number, again[0].created) == (answers[0].number, False)
    assert Matter.objects.get(pk=key).happened_at.day == 20
    assert Matter.objects.count() == 2
    consistent()


def test_a_reporter_who_left_a_number_is_told_by_sms_and_the_reading_is_logged(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bihuan.kernel import outbox

    sent: list[tuple[str, str]] = []
    monkeypatch.setitem(outbox._channels, "sms", lambda item: sent.append((item.target, item.payload["text"])))
    done = town.report(ANONYMOUS, phone="13812345678")
    town.triage(done.matter_id)
    assert "1381" not in str(list(OutboxItem.objects.values()))
    item = OutboxItem.objects.get(channel="reporter")
    outbox._send(outbox.Delivery(item.id, item.channel, item.target, item.payload, 1))
    assert [target for target, _text in sent] == ["13812345678"]
    assert "已列入网格会议议题" in sent[0][1]
    assert PersonalRead.objects.count() == 1
    erase(actor=SYSTEM_REF, subject_type="matter", subject_id=done.matter_id, names=["phone"])
    assert isinstance(outbox._send(outbox.Delivery(item.id, item.channel, item.target, item.payload, 2)), Exception)
    assert len(sent) == 1
