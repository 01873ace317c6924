"""Entries, chain, refusal to change them, and what verify finds."""

from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from bihuan.kernel import sql
from bihuan.kernel.api import (
    GENESIS,
    ActorRef,
    AlreadyRecorded,
    Conflict,
    EntryDraft,
    NotCanonical,
    already,
    already_many,
    append,
    build_entries,
    clock,
    entry_hash,
    insert_entries,
    new_id,
    register_heads,
    seal,
    verify,
)
from bihuan.kernel.models import DayRoot, Entry, PersonalRead, Sealed
from bihuan.kernel.testing import TEST_VERB, make_entry, tampering
from bihuan.kernel.verify import _heads

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 4, 3, 1, 2, 3, 450, tzinfo=UTC)


def text(value="路灯不亮", **more):
    return seal("text", value, purpose="处理反映的问题", encrypted=False, keep_until=None, **more)


def phone(value="13812345678"):
    return seal("phone", value, purpose="回访", encrypted=True, keep_until=None, lookup=True, mask="phone")


def chain(length=4, **more):
    entries = [make_entry(at=NOW, sealed=[text()], **more)]
    while len(entries) < length:
        entries.append(make_entry(after=entries[-1], at=NOW + timedelta(minutes=len(entries))))
    return entries


def tamper(statement, *params):
    with tampering():
        sql.execute(statement, params)


def kinds(report):
    return [flaw.kind for flaw in report.flaws]


def test_an_entry_costs_one_insert_and_one_more_for_all_that_is_sealed(django_assert_num_queries):
    make_entry()
    with django_assert_num_queries(1):
        make_entry()
    with django_assert_num_queries(2):
        make_entry(sealed=[text(), phone()])


def test_an_entry_read_back_is_the_one_that_was_written():
    made = make_entry(at=NOW, sealed=[text()], body={"title": '路灯 \u2028\x00"\\', "n": -3, "list": [1, None, True]})
    read = Entry.objects.get(pk=made.pk)
    for field in Entry._meta.concrete_fields:
        was, now = getattr(made, field.attname), getattr(read, field.attname)
        assert was == (bytes(now) if field.attname.endswith("hash") else now), field.attname
    assert entry_hash(read) == bytes(read.hash)
    assert json.loads(read.body)["list"] == [1, None, True]


def test_a_sound_record_verifies_in_every_part():
    chain()
    chain(2)
    report = verify()
    assert report.ok
    assert (report.entries, report.subjects, report.sealed) == (6, 2, 2)


@pytest.mark.parametrize("table", ["kernel_entry", "kernel_personalread", "kernel_dayroot"])
def test_the_database_refuses_to_update_or_delete(table):
    entry = make_entry(sealed=[text()])
    PersonalRead.objects.create(sealed=Sealed.objects.get(entry_id=entry.pk), reader_id=new_id(), reason="核实", at=NOW)
    DayRoot.objects.create(day=NOW.date(), count=0, root=GENESIS, made_at=NOW)
    column = {"kernel_entry": "verb", "kernel_personalread": "reason", "kernel_dayroot": "count"}[table]
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError, match=f"{table}: 记录只能追加"), transaction.atomic():
            sql.execute(statement)
    assert Entry.objects.filter(pk=entry.pk).exists()


def test_the_database_refuses_to_rewrite_or_delete_what_is_sealed_but_lets_it_be_erased():
    entry = make_entry(sealed=[text()])
    for statement in ("UPDATE kernel_sealed SET name = 'x'", "DELETE FROM kernel_sealed"):
        with pytest.raises(IntegrityError, match="不能改写"), transaction.atomic():
            sql.execute(statement)
    with pytest.raises(IntegrityError, match="不能改写"), transaction.atomic():
        sql.execute("UPDATE kernel_sealed SET content = %s", (b"other",))
    assert sql.execute("UPDATE kernel_sealed SET content = NULL, salt = NULL, erased_at = %s", (NOW,)) == 1
    assert entry.pk


def test_the_engines_own_ways_around_triggers_are_refused():
    entry = make_entry()
    statement = {
        "sqlite": f"INSERT OR REPLACE INTO kernel_entry SELECT * FROM kernel_entry WHERE id = '{entry.pk.hex}'",
        "postgresql": "TRUNCATE kernel_entry",
    }[connection.vendor]
    with pytest.raises(IntegrityError, match="只能追加"), transaction.atomic():
        sql.execute(statement)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("subject_type", "mattes"),
        ("verb", "test.happenee"),
        ("actor_role", "systen"),
        ("area_code", "410802004004013"),
        ("method", "x@1"),
        ("body", '{"n":2}'),
        ("body", '{"n": 1}'),
        ("happened_at", NOW + timedelta(microseconds=1)),
        ("recorded_at", NOW + timedelta(seconds=1)),
        ("actor_id", new_id()),
        ("hash", bytes(31) + b"\x01"),
        ("prev_hash", bytes(31) + b"\x01"),
    ],
)
def test_a_changed_byte_in_any_column_is_found_and_the_entry_named(column, value):
    entries = [make_entry(at=NOW)]
    for _n in range(3):
        entries.append(make_entry(after=entries[-1], at=NOW))
    hurt = entries[2]
    tamper(f"UPDATE kernel_entry SET {column} = %s WHERE id = %s", value, hurt.pk)
    report = verify()
    assert not report.ok
    assert str(hurt.pk) in {flaw.entry_id for flaw in report.flaws if flaw.kind == "changed"}
    if column != "subject_type":  # that one leaves its chain, so both chains show it
        assert [flaw.entry_id for flaw in report.flaws] == [str(hurt.pk)]
        assert report.flaws[0].subject == f"matter:{hurt.subject_id}"
        assert report.flaws[0].seq == 3


def test_a_changed_id_subject_or_seq_is_found():
    for column, value in (("id", new_id()), ("subject_id", new_id()), ("seq", 9)):
        hurt = chain(2)[1]
        tamper(f"UPDATE kernel_entry SET {column} = %s WHERE id = %s", value, hurt.pk)
        assert "changed" in kinds(verify((hurt.subject_type, value if column == "subject_id" else hurt.subject_id)))


def test_every_single_character_of_a_body_counts():
    entry = make_entry(body={"title": "十二号楼漏水", "n": 12})
    for at in range(len(entry.body)):
        changed = entry.body[:at] + ("x" if entry.body[at] != "x" else "y") + entry.body[at + 1 :]
        tamper("UPDATE kernel_entry SET body = %s WHERE id = %s", changed, entry.pk)
        assert kinds(verify()) == ["changed"], at


def test_a_missing_entry_in_the_middle_is_found():
    entries = chain()
    tamper("DELETE FROM kernel_entry WHERE id = %s", entries[1].pk)
    report = verify()
    assert kinds(report) == ["missing_seq"]
    assert "缺少第 2 条" in report.flaws[0].what
    assert report.flaws[0].entry_id == str(entries[2].pk)


def test_an_entry_that_does_not_link_to_the_one_before_is_found():
    first, second = chain(2)
    third = append(
        subject_type="matter",
        subject_id=first.subject_id,
        seq=3,
        prev_hash=bytes(first.hash),
        verb=TEST_VERB,
        actor=ActorRef(None, "system"),
        area_code="410802004004",
        happened_at=NOW,
        recorded_at=NOW,
        body={},
        entry_id=new_id(),
    )
    report = verify()
    assert [(flaw.kind, flaw.entry_id) for flaw in report.flaws] == [("wrong_prev", str(third.pk))]
    assert second.pk


def test_a_whole_chain_forged_anew_is_found_by_the_day_and_by_the_subject(monkeypatch):
    from bihuan.kernel.api import make_day_root

    (entry,) = chain(1)
    with clock.at(NOW + timedelta(days=2)):
        make_day_root(NOW.date())
    assert verify().ok
    entry.body = entry.body.replace('"n":1', '"n":2')
    tamper("UPDATE kernel_entry SET body = %s, hash = %s WHERE id = %s", entry.body, entry_hash(entry), entry.pk)
    assert kinds(verify()) == ["day_root"]
    monkeypatch.setitem(_heads, "matter", lambda ids: dict.fromkeys(ids, (1, b"another")))
    assert kinds(verify()) == ["head", "day_root"]


def test_an_entry_cut_off_at_the_end_is_found_through_its_subject(monkeypatch):
    entries = chain(3)
    monkeypatch.setitem(_heads, "matter", None)
    register_heads("matter", lambda ids: {entries[0].subject_id: (3, bytes(entries[2].hash))})
    assert verify().ok
    tamper("DELETE FROM kernel_entry WHERE id = %s", entries[2].pk)
    report = verify()
    assert kinds(report) == ["head"]
    assert report.flaws[0].subject == f"matter:{entries[0].subject_id}"


def test_every_way_of_hurting_what_is_sealed_is_found():
    hurts = {
        "sealed_changed": ("UPDATE kernel_sealed SET content = %s", b"other"),
        "sealed_lost": ("UPDATE kernel_sealed SET content = NULL, salt = NULL",),
        "sealed_missing": ("DELETE FROM kernel_sealed",),
        "sealed_extra": ("UPDATE kernel_sealed SET name = 'phone'",),
    }
    for kind, hurt in hurts.items():
        tamper("DELETE FROM kernel_sealed")
        tamper("DELETE FROM kernel_entry")
        entry = make_entry(sealed=[text()])
        tamper(*hurt)
        report = verify()
        assert kind in kinds(report)
        assert {flaw.entry_id for flaw in report.flaws} == {str(entry.pk)}
    make_entry(sealed=[text()])
    tamper("DELETE FROM kernel_entry")
    assert "sealed_orphan" in kinds(verify())


def test_the_same_entry_twice_is_one_and_the_transaction_lives():
    made = make_entry()
    draft = {
        "subject_type": "matter",
        "subject_id": made.subject_id,
        "verb": TEST_VERB,
        "actor": ActorRef(None, "system"),
        "area_code": "4108",
        "happened_at": NOW,
        "recorded_at": NOW,
        "body": {},
    }
    with transaction.atomic():
        with pytest.raises(AlreadyRecorded) as again:
            append(**draft, seq=1, prev_hash=GENESIS, entry_id=made.pk)
        assert again.value.entry == made
        with pytest.raises(Conflict) as late:
            append(**draft, seq=1, prev_hash=GENESIS, entry_id=new_id())
        assert late.value.current_version == 1
        append(**draft, seq=2, prev_hash=bytes(made.hash), entry_id=new_id())
    assert Entry.objects.count() == 2
    assert already(made.pk) == made
    assert already(new_id()) is None


def test_a_verb_without_a_sentence_is_refused():
    with pytest.raises(LookupError, match="no sentence"):
        append(
            subject_type="matter",
            subject_id=new_id(),
            seq=1,
            prev_hash=GENESIS,
            verb="nobody.registered",
            actor=ActorRef(None, "system"),
            area_code="",
            happened_at=NOW,
            recorded_at=NOW,
            body={},
            entry_id=new_id(),
        )


def test_a_float_in_a_body_is_refused():
    with pytest.raises(NotCanonical, match=r"\$\.area\[1\]: float"):
        make_entry(body={"area": [1, 2.5]})


@pytest.mark.parametrize("count", [3, 300])
def test_a_batch_is_the_same_record_as_one_by_one(count):
    make_entry()
    subject = new_id()
    drafts = [
        EntryDraft(
            "matter",
            subject,
            n + 1,
            TEST_VERB,
            ActorRef(new_id(), "grid_worker"),
            "410802004004001",
            NOW + timedelta(seconds=n),
            NOW + timedelta(seconds=n),
            {"n": n},
            new_id(),
            sealed=[text(f"问题 {n}"), phone()],
        )
        for n in range(count)
    ]
    insert_entries(build_entries(drafts))
    report = verify()
    assert report.ok
    assert (report.entries, report.sealed) == (count + 1, 2 * count)
    assert already_many([drafts[0].entry_id, new_id()]) == {drafts[0].entry_id}


def test_verify_tells_how_far_it_is(monkeypatch):
    monkeypatch.setattr("bihuan.kernel.verify._PAGE", 2)
    chain(5)
    told = []
    report = verify(progress=told.append)
    assert report.ok
    assert told == [2, 4, 5]
    assert report.as_dict()["ok"] is True


def test_verify_of_one_subject_leaves_the_others_alone():
    mine, other = chain(2), chain(3)
    tamper("UPDATE kernel_entry SET body = '{}' WHERE id = %s", other[1].pk)
    assert verify(("matter", mine[0].subject_id)).ok
    report = verify(("matter", other[0].subject_id))
    assert (report.entries, kinds(report)) == (3, ["changed"])


def test_pages_of_verify_do_not_lose_a_chain_across_their_edge(monkeypatch):
    monkeypatch.setattr("bihuan.kernel.verify._PAGE", 1)
    entries = chain(4)
    tamper("UPDATE kernel_entry SET verb = 'x' WHERE id = %s", entries[2].pk)
    assert [flaw.entry_id for flaw in verify().flaws] == [str(entries[2].pk)]


def test_verify_needs_no_more_memory_for_a_longer_record(monkeypatch):
    monkeypatch.setattr("bihuan.kernel.verify._PAGE", 50)

    def peak():
        tracemalloc.start()
        assert verify().ok
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    chain(100)
    peak()  # caches filled
    short = peak()
    chain(1500)
    assert peak() < short * 1.5


def test_damage_that_is_no_text_any_more_is_found_and_named():
    hurts = {
        "sqlite": [
            "body = CAST(x'7bff7d' AS TEXT)",
            "body = x'7b7d'",
            "area_code = CAST(x'ff' AS TEXT)",
            "recorded_at = 'yesterday'",
            "happened_at = ''",
            "actor_id = ''",
            "subject_id = 'somebody'",
            "seq = 'x'",
            "hash = 'x'",
            "prev_hash = x''",
            "verb = 7",
            "id = 'gggggggggggggggggggggggggggggggg'",
        ],
        "postgresql": [
            "body = ''",
            "area_code = E'\\x01'",
            "recorded_at = 'infinity'",
            "happened_at = '0044-03-15 BC'",
            "hash = ''",
            "prev_hash = ''",
        ],
    }[connection.vendor]
    for hurt in hurts:
        tamper("DELETE FROM kernel_sealed")
        tamper("DELETE FROM kernel_entry")
        entry = chain(3)[1]
        tamper(f"UPDATE kernel_entry SET {hurt} WHERE id = %s", entry.pk)
        report = verify()
        assert "changed" in kinds(report), hurt
        named = {flaw.entry_id for flaw in report.flaws}
        assert str(entry.pk) in named or "id = 'g" in hurt, hurt
        json.dumps(report.as_dict(), ensure_ascii=False).encode()
