"""Merkle trees and the daily root."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.api import BadInput, NotFound, clock, make_day_root, make_missing_roots, merkle, new_id, prove
from bihuan.kernel.models import DayRoot
from bihuan.kernel.testing import make_entry

DAY = date(2024, 4, 3)
NOON = datetime(2024, 4, 3, 4, tzinfo=UTC)
LATER = datetime(2024, 4, 5, 4, tzinfo=UTC)


def reference(leaves):
    """RFC 9162, section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\1" + reference(leaves[:half]) + reference(leaves[half:])).digest()


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_root_is_that_of_the_rfc(leaves):
    assert merkle.root(leaves) == reference(leaves)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_every_leaf_has_a_proof_and_no_other_data_has(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, path = merkle.root(leaves), merkle.proof(leaves, index)
    assert merkle.includes(root, leaves[index], index, len(leaves), path)
    assert not merkle.includes(root, leaves[index] + b"x", index, len(leaves), path)
    assert not merkle.includes(root, leaves[index], index, len(leaves), [*path, bytes(32)])
    assert not merkle.includes(root, leaves[index], len(leaves), len(leaves), path)
    if path:
        assert not merkle.includes(root, leaves[index], index, len(leaves), path[:-1])


def test_a_proof_of_nothing_is_an_error():
    with pytest.raises(IndexError):
        merkle.proof([b"x"], 1)


@pytest.mark.django_db
def test_the_root_of_a_day_covers_exactly_its_entries(monkeypatch):
    monkeypatch.setattr("bihuan.kernel.dayroots._CHUNK", 2)
    midnight = datetime(2024, 4, 2, 16, tzinfo=UTC)  # 00:00 of 3 April in Shanghai
    make_entry(at=midnight - timedelta(microseconds=1))
    inside = [make_entry(at=midnight), *(make_entry(at=NOON) for _n in range(4))]
    inside.append(make_entry(at=midnight + timedelta(hours=24, microseconds=-1)))
    make_entry(at=midnight + timedelta(hours=24))
    with clock.at(LATER):
        root = make_day_root(DAY)
        again = make_day_root(DAY)
    inside.sort(key=lambda entry: (entry.recorded_at, entry.pk))
    assert root.count == 6
    assert bytes(root.root) == reference([bytes(entry.hash) for entry in inside])
    assert bytes(again.root) == bytes(root.root)
    for entry in inside:
        proof = prove(entry.pk)
        assert proof.holds()
        assert proof.as_dict()["root"] == bytes(root.root).hex()


@pytest.mark.django_db
def test_a_day_that_has_not_ended_gets_no_root():
    with clock.at(datetime(2024, 4, 3, 16, 59, tzinfo=UTC)), pytest.raises(BadInput):
        make_day_root(DAY)
    assert not DayRoot.objects.exists()


@pytest.mark.django_db
def test_missing_days_are_made_up_also_the_empty_ones():
    make_entry(at=NOON)
    make_entry(at=NOON + timedelta(days=2))
    with clock.at(NOON + timedelta(days=3)):
        assert make_missing_roots() == 3
        assert make_missing_roots() == 0
    assert list(DayRoot.objects.order_by("day").values_list("count", flat=True)) == [1, 0, 1]


@pytest.mark.django_db
def test_an_entry_of_an_unpublished_day_has_no_proof_yet():
    entry = make_entry(at=NOON)
    for key in (entry.pk, new_id()):
        with pytest.raises(NotFound):
            prove(key)
