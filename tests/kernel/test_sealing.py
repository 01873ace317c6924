"""Sealed values: encryption, masks, reading with a reason, search, erasure."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from bihuan.kernel import sql
from bihuan.kernel.api import (
    ActorRef,
    BadInput,
    Refused,
    clock,
    erase,
    erase_expired,
    lookup_hash,
    mask_address,
    mask_id,
    mask_name,
    mask_phone,
    new_id,
    register_erasure,
    reveal,
    seal,
    unseal,
    verify,
)
from bihuan.kernel.erasure import _wipes
from bihuan.kernel.models import Entry, PersonalRead, Sealed
from bihuan.kernel.testing import make_entry, tampering

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
WORKER = ActorRef(new_id(), "grid_worker")


def sealed_phone(**more):
    more = {"keep_until": None, **more}
    return seal("phone", PHONE, purpose="回访", encrypted=True, lookup=True, mask="phone", **more)


def kept(entry, name="phone"):
    return Sealed.objects.get(entry_id=entry.pk, name=name)


def test_a_phone_number_stands_nowhere_in_the_database():
    entry = make_entry(sealed=[sealed_phone()])
    row = sql.rows("SELECT * FROM kernel_sealed WHERE entry_id = %s", (entry.pk,))[0]
    everything = b"|".join(
        bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode() for value in row
    )
    assert b"138****5678" in everything
    assert b"12345678" not in everything
    assert PHONE not in Entry.objects.get(pk=entry.pk).body


def test_the_same_value_twice_leaves_no_trace_of_being_the_same():
    first, second = sealed_phone(), sealed_phone()
    assert first.content != second.content
    assert first.commitment != second.commitment
    assert first.lookup == second.lookup


def test_reading_in_the_clear_needs_a_reason_and_is_logged():
    row = kept(make_entry(sealed=[sealed_phone()]))
    with pytest.raises(BadInput):
        reveal(actor=WORKER, sealed=row, reason="  ")
    with pytest.raises(Refused):
        reveal(actor=ActorRef(None, "resident"), sealed=row, reason="看看")
    assert not PersonalRead.objects.exists()
    moment = datetime(2024, 4, 3, tzinfo=UTC)
    with clock.at(moment):
        assert reveal(actor=WORKER, sealed=row, reason=" 电话回访 ") == PHONE
    read = PersonalRead.objects.get()
    assert (read.reader_id, read.reason, read.at, read.sealed) == (WORKER.person_id, "电话回访", moment, row)
    assert reveal(actor=ActorRef(None, "system"), sealed=row, reason="发送短信") == PHONE
    assert PersonalRead.objects.count() == 2


def test_a_value_is_found_by_its_keyed_hash_however_it_is_written():
    row = kept(make_entry(sealed=[sealed_phone()]))
    spaced = ("138 1234 5678", "138-1234-5678", "+86 13812345678", "0086-13812345678", "１３８１２３４５６７８")
    for text in (PHONE, *spaced):
        assert Sealed.objects.get(lookup=lookup_hash(text)) == row
    assert not Sealed.objects.filter(lookup=lookup_hash("13812345679")).exists()


def test_another_key_neither_reads_nor_finds(settings):
    row = kept(make_entry(sealed=[sealed_phone()]))
    settings.PERSONAL_DATA_KEY = "another"
    with pytest.raises(Refused, match="BIHUAN_PERSONAL_DATA_KEY"):
        unseal(row)
    assert not Sealed.objects.filter(lookup=lookup_hash(PHONE)).exists()
    assert verify().ok  # the record is checked without the key


def test_content_moved_from_one_entry_to_another_is_not_revealed():
    mine = kept(make_entry(sealed=[sealed_phone()]))
    other = kept(make_entry(sealed=[sealed_phone()]))
    with tampering():
        Sealed.objects.filter(pk=mine.pk).update(content=other.content, salt=other.salt)
    mine.refresh_from_db()
    with pytest.raises(Refused, match="承诺值"):
        reveal(actor=WORKER, sealed=mine, reason="回访")


def test_plain_text_is_kept_plain():
    entry = make_entry(sealed=[seal("text", "12号楼 路灯不亮 😀", purpose="处理", encrypted=False, keep_until=None)])
    assert unseal(kept(entry, "text")) == "12号楼 路灯不亮 😀"
    assert kept(entry, "text").masked == ""


def test_erasing_leaves_the_chain_valid_and_nothing_of_the_value():
    entry = make_entry(sealed=[sealed_phone(), seal("name", "张三", purpose="回访", encrypted=True, keep_until=None)])
    make_entry(after=entry)
    assert erase(actor=WORKER, subject_type="matter", subject_id=entry.subject_id, names=["phone"]) == 1
    row = kept(entry)
    assert (row.content, row.salt, row.masked, row.lookup) == (None, None, "", None)
    assert row.erased_at is not None
    assert unseal(kept(entry, "name")) == "张三"
    with pytest.raises(Refused, match="保存期限"):
        reveal(actor=WORKER, sealed=row, reason="回访")
    report = verify()
    assert report.ok
    assert (report.sealed, report.erased) == (2, 1)
    assert erase(actor=WORKER, subject_type="matter", subject_id=entry.subject_id) == 1
    assert erase(actor=WORKER, subject_type="matter", subject_id=entry.subject_id) == 0
    with pytest.raises(Refused):
        erase(actor=ActorRef(None, "resident"), subject_type="matter", subject_id=entry.subject_id)


def test_values_are_kept_through_their_last_day_and_erased_on_the_next(monkeypatch):
    monkeypatch.setattr("bihuan.kernel.erasure._BATCH", 2)
    entries = [make_entry(sealed=[sealed_phone(keep_until=date(2024, 4, 3))]) for _n in range(5)]
    lasting = make_entry(sealed=[sealed_phone()])
    assert erase_expired(datetime(2024, 4, 3, 15, 59, tzinfo=UTC)) == 0  # 23:59 in Shanghai
    assert erase_expired(datetime(2024, 4, 3, 16, 0, tzinfo=UTC)) == 5
    assert erase_expired(datetime(2024, 4, 3, 16, 0, tzinfo=UTC)) == 0
    assert kept(entries[0]).content is None
    assert kept(lasting).content is not None
    assert verify().ok


def test_a_package_wipes_its_own_copies_when_a_value_is_erased(monkeypatch):
    monkeypatch.setitem(_wipes, "matter", [])
    gone = []
    register_erasure("matter", lambda subject, names: gone.append((subject, names)))
    entry = make_entry(sealed=[sealed_phone()])
    erase(actor=WORKER, subject_type="matter", subject_id=entry.subject_id)
    assert gone == [(entry.subject_id, frozenset({"phone"}))]


def test_two_values_of_one_name_in_an_entry_are_refused():
    with pytest.raises(ValueError, match="must differ"):
        make_entry(sealed=[sealed_phone(), sealed_phone()])
    with pytest.raises(ValueError, match="must differ"):
        make_entry(body={"sealed": {}}, sealed=[sealed_phone()])


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_phone, PHONE, "138****5678"),
        (mask_phone, "+86 138-1234-5678", "138****5678"),
        (mask_phone, "0391-2912345", "****45"),
        (mask_phone, "110", "****"),
        (mask_name, "张三", "张**"),
        (mask_name, "欧阳小明", "欧**"),
        (mask_name, "", ""),
        (mask_id, "41080219600101123X", "4****************X"),
        (mask_id, "12", "****"),
        (mask_address, "电建小区12号楼3单元501", "电建小区****"),
        (mask_address, "三单元501", "****"),
    ],
)
def test_masks_show_what_they_say(mask, value, shown):
    assert mask(value) == shown


def test_the_engine_is_told_which_it_is():
    assert connection.vendor in {"sqlite", "postgresql"}
