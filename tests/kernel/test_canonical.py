"""Canonical JSON, identifiers, the clock."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.api import BadInput, NotCanonical, canonical, clock, instant, new_id, parse_id, plain, time_of
from bihuan.kernel.clock import ZONE

words = st.text(st.characters(exclude_categories=["Cs"]))
leaves = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | words
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4))


@given(values)
def test_canonical_json_is_json_and_says_the_same(value):
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(texts, values, max_size=6), st.randoms())
def test_the_order_in_which_keys_came_does_not_matter(value, random):
    keys = list(value)
    random.shuffle(keys)
    assert canonical({key: value[key] for key in keys}) == canonical(value)


@given(values)
def test_the_rule_can_be_followed_with_the_standard_library(value):
    theirs = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(value).decode() == theirs


def test_the_bytes_are_these():
    value = {"b": [1, True, None], "a": {"题": '路灯\n"亮"'}, "10": -5, "9": "\u001f/\u2028"}
    assert canonical(value) == '{"10":-5,"9":"\\u001f/\u2028","a":{"题":"路灯\\n\\"亮\\""},"b":[1,true,null]}'.encode()


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (1.0, r"\$: float"),
        ({"a": [{"b": 2.5}]}, r"\$\.a\[0\]\.b: float"),
        ({1: "x"}, r"\$: key 1 is not text"),
        ({"when": datetime(2024, 1, 1, tzinfo=UTC)}, r"\$\.when: datetime"),
        ({"id": uuid4()}, r"\$\.id: UUID"),
        ({"n": 2**64}, "range"),
        ({"t": "\ud800"}, "surrogates|UTF-8"),
    ],
)
def test_what_has_no_canonical_form_is_refused_by_its_path(value, path):
    with pytest.raises(NotCanonical, match=path):
        canonical(value)


def test_plain_turns_what_forms_and_models_hold_into_canonical_values():
    key = uuid4()
    value = {
        "at": datetime(2024, 4, 3, 18, tzinfo=ZONE),
        "on": date(2024, 4, 3),
        "area": 2.5,
        "sum": Decimal("10.00"),
        "id": key,
        "roles": {"b", "a"},
        "pair": (1, True),
        "lazy": gettext_lazy("x"),
        "hash": b"\x01\xff",
        None: None,
    }
    assert json.loads(canonical(plain(value))) == {
        "at": "2024-04-03T10:00:00Z",
        "on": "2024-04-03",
        "area": "2.5",
        "sum": "10.00",
        "id": str(key),
        "roles": ["a", "b"],
        "pair": [1, True],
        "lazy": "x",
        "hash": "01ff",
        "None": None,
    }
    with pytest.raises(NotCanonical):
        plain(object())


def test_an_instant_is_written_in_utc_with_microseconds_only_where_there_are_some():
    assert instant(datetime(2024, 4, 3, 18, 0, 0, tzinfo=ZONE)) == "2024-04-03T10:00:00Z"
    assert instant(datetime(2024, 4, 3, 10, 0, 0, 5, tzinfo=UTC)) == "2024-04-03T10:00:00.000005Z"
    with pytest.raises(NotCanonical):
        instant(datetime(2024, 4, 3))  # noqa: DTZ001


def test_ids_are_version_7_unique_and_in_order():
    made = [new_id() for _n in range(2000)]
    assert len(set(made)) == 2000
    assert {key.version for key in made} == {7}
    assert {key.variant for key in made} == {"specified in RFC 4122"}
    assert [key.int >> 68 for key in made] == sorted(key.int >> 68 for key in made)


def test_an_id_of_another_time_carries_that_time():
    moment = datetime(2024, 4, 3, 1, 2, 3, 456789, tzinfo=UTC)
    assert time_of(new_id(moment)) == pytest.approx(moment.timestamp(), abs=0.001)
    assert new_id(moment) < new_id(moment + timedelta(microseconds=5)) < new_id()


@pytest.mark.parametrize(
    "text",
    ["", "x", "805fa71b-fdb0-4a6f-a6fa-8243f5db8760", "0" * 32, "018f0000-0000-7000-8000-00000000000", None],
)
def test_an_id_that_is_not_version_7_is_bad_input(text):
    with pytest.raises(BadInput) as error:
        parse_id(text, field="id")
    assert error.value.problems[0].field == "id"
    assert error.value.problems[0].how


def test_an_id_from_a_client_is_read_in_any_usual_form():
    key = new_id()
    for text in (key, str(key), key.hex, str(key).upper(), f" {key} ", f"urn:uuid:{key}"):
        assert parse_id(text) == UUID(int=key.int)


def test_the_clock_can_be_set_for_a_block_and_runs_on_after_it():
    moment = datetime(2024, 4, 3, 23, 30, tzinfo=UTC)
    with clock.at(moment):
        assert clock.now() == moment
        assert clock.today() == date(2024, 4, 4)  # in Shanghai the next day has begun
        with clock.at(moment - timedelta(days=1)):
            assert clock.today() == date(2024, 4, 3)
        assert clock.now() == moment
    assert clock.now().year >= 2026
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2024, 4, 3)):  # noqa: DTZ001
        pass
