"""Many phones at once: no place is given twice, no form counted twice, and the chain stays whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bihuan.activities import api
from bihuan.activities.models import Activity, SignUp
from bihuan.kernel.api import new_id, verify
from bihuan.kernel.models import Entry
from bihuan.people.api import ANONYMOUS
from tests.activities.conftest import Stage, stage
from tests.meetings.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def square(transactional_db: None) -> Iterator[Stage]:
    made = stage()
    with made.at():
        yield made


def test_four_phones_at_once_take_two_places_and_two_wait(square: Stage) -> None:
    activity = square.announced(capacity=2)
    at_once(*(lambda n=n: square.sign(activity, f"邻居{n}") for n in range(4)))  # type: ignore[misc]
    assert sorted(SignUp.objects.values_list("state", flat=True)) == ["coming", "coming", "waiting", "waiting"]
    assert sorted(SignUp.objects.values_list("number", flat=True)) == [2, 3, 4, 5]
    assert verify().ok


def test_one_form_sent_by_three_tries_at_once_is_one_sign_up(square: Stage) -> None:
    activity, key = square.announced(), new_id()
    done = at_once(
        *(lambda: api.sign_up(actor=ANONYMOUS, id=key, activity_id=activity.pk, name="王阿姨") for _n in range(3))
    )
    assert [one.created for one in done if isinstance(one, api.SignedUp)].count(True) == 1
    assert len({one.token for one in done if isinstance(one, api.SignedUp)}) == 1
    assert SignUp.objects.count() == 1
    assert Entry.objects.filter(verb="activity.signed_up").count() == 1


def test_one_announcement_sent_twice_at_once_is_one_activity(square: Stage) -> None:
    key = new_id()
    done = at_once(*(lambda: square.announced(entry_id=key) for _n in range(2)))
    assert {getattr(one, "pk", None) for one in done} == {key}
    assert Activity.objects.count() == 1
