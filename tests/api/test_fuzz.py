"""Whatever is given with an act or a report, the answer is never a 5xx. What is documented: ``test_documented``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.kernel.api import new_id
from bihuan.matters.models import Matter
from bihuan.people.models import User
from tests.matters.conftest import BUILDINGS, Town, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Any:
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        made = make_town()
        made.to_acting(made.report().matter_id)
        made.report()
        yield made
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture(scope="module")
def client(town: Town) -> Client:
    user = User.objects.create(username=f"fuzz-{new_id()}", person_id=town.id_of("secretary"))
    made = Client(raise_request_exception=False)
    made.force_login(user, backend="bihuan.people.backends.PasswordBackend")
    return made


def _bytes(body: Any) -> bytes:
    return json.dumps(body).encode(errors="surrogatepass")


FIELDS = [
    "text",
    "title",
    "category",
    "urgency",
    "people_affected",
    "place",
    "level",
    "answer",
    "measure",
    "satisfaction",
]
FIXED = [
    "reason",
    "parties",
    "photos",
    "until",
    "result",
    "into",
    "rung",
    "posts",
    "note",
    "repeats",
    "channel",
    "nonsense",
]
TEXTS = st.text(max_size=20) | st.sampled_from(
    ["facility", "normal", "grid", "2024-05-01", "\x00", "9" * 40, str(new_id())]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
DATA = st.dictionaries(st.sampled_from(FIELDS + FIXED), VALUES, max_size=5)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=DATA, place=st.sampled_from(["recorded", "acting"]), picked=st.integers(0, 30))
def test_no_data_given_with_an_act_breaks_it(
    client: Client, town: Town, data: dict[str, Any], place: str, picked: int
) -> None:
    from django.db import transaction

    matter = Matter.objects.get(step=place)
    actions = sorted(town_method(matter).places[place].moves)
    body = {"entry_id": str(new_id()), "action": actions[picked % len(actions)], "data": data}
    with transaction.atomic():
        answer = client.post(f"/api/v1/matters/{matter.pk}/advance", _bytes(body), content_type="application/json")
        transaction.set_rollback(True)
    assert answer.status_code < 500, answer.content[:300]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.dictionaries(
        st.sampled_from(["title", "category", "urgency", "phone", "reporter_name", "method_key", "door_token",
                         "follow_token", "channel", "system", "area_code"]), TEXTS, max_size=4),
    extra=DATA, text=st.text(min_size=1, max_size=40), number=st.none() | st.integers() | st.floats(),
)  # fmt: skip
def test_no_report_breaks_the_intake(
    client: Client, town: Town, data: dict[str, Any], extra: dict[str, Any], text: str, number: Any
) -> None:
    from django.db import transaction

    report = {
        "id": str(new_id()),
        "text": text,
        "area_code": BUILDINGS[0],
        "extra": extra,
        "lon": number,
        "lat": 35.0,
        "people_affected": number,
        **data,
    }
    with transaction.atomic():
        one = client.post("/api/v1/reports", _bytes(report), content_type="application/json")
        many = client.post(
            "/api/v1/reports/batch", _bytes({"reports": [report, extra]}), content_type="application/json"
        )
        transaction.set_rollback(True)
    assert one.status_code < 500, one.content[:300]
    assert many.status_code < 500, many.content[:300]


def town_method(matter: Matter) -> Any:
    from bihuan.methods.api import get_method

    return get_method(matter.version_ref_id)
