"""Where something was, to a metre, may be somebody's home: sealed with the words, and gone with them."""

from __future__ import annotations

import pytest

from bihuan.kernel.api import SYSTEM_REF, clock, erase, new_id, verify
from bihuan.kernel.models import Entry, Sealed
from bihuan.matters.api import duplicates, forget, kept_about, report_batch
from bihuan.matters.models import Matter
from bihuan.people.api import ANONYMOUS

from .conftest import BUILDINGS, Town

pytestmark = pytest.mark.django_db
LON, LAT = 113.225012, 35.239034


def _reported(town: Town) -> Matter:
    return Matter.objects.get(pk=town.report(ANONYMOUS, lon=LON, lat=LAT).matter_id)


def _point(matter: Matter) -> tuple[float | None, float | None]:
    return Matter.objects.values_list("lon", "lat").get(pk=matter.pk)


def test_no_entry_holds_a_point_and_what_looks_for_one_finds_it(town: Town) -> None:
    matter = _reported(town)
    assert not Entry.objects.filter(body__contains="113.2250").exists()
    kept = Sealed.objects.get(subject_id=matter.pk, name="@point")
    assert bytes(kept.content or b"") == b"113.225012,35.239034"
    assert _point(matter) == (LON, LAT)
    with clock.at(town.now):
        assert duplicates(BUILDINGS[0], "路灯不亮", lon=LON, lat=LAT)
    assert verify().ok


def test_a_batch_seals_it_as_well(town: Town) -> None:
    key = new_id()
    given = {"id": str(key), "area_code": BUILDINGS[0], "text": "楼道灯不亮了", "lon": LON, "lat": LAT}
    with clock.at(town.now):
        report_batch(actor=town.worker, reports=[given])
    assert not Entry.objects.filter(body__contains="113.2250").exists()
    assert Sealed.objects.filter(subject_id=key, name="@point").exists()


def test_the_reporter_is_told_of_it_and_it_goes_with_their_words(town: Town) -> None:
    matter = _reported(town)
    token = town.tokens[matter.pk]
    town.do("worker", matter.pk, "triage", category="facility", urgency="normal", level="spot")
    town.do("worker", matter.pk, "settle", answer="已修好")
    town.do(ANONYMOUS, matter.pk, "confirm", via_link=token)
    matter.refresh_from_db()
    kept = kept_about(actor=ANONYMOUS, matter=matter, via_link=token)
    assert kept is not None
    assert "位置" in {value.title for value in kept.values}
    with clock.at(town.now):
        forget(actor=ANONYMOUS, matter_id=matter.pk, what="text", entry_id=new_id(), via_link=token)
    assert _point(matter) == (None, None)
    assert not Sealed.objects.filter(subject_id=matter.pk, name="@point", erased_at=None).exists()
    assert verify().ok


def test_the_number_alone_takes_no_point_along_and_the_point_alone_no_words(town: Town) -> None:
    matter = _reported(town)
    erase(actor=SYSTEM_REF, subject_type="matter", subject_id=matter.pk, names=["phone"])
    assert _point(matter) == (LON, LAT)
    erase(actor=SYSTEM_REF, subject_type="matter", subject_id=matter.pk, names=["@point"])
    assert _point(matter) == (None, None)
    assert Matter.objects.get(pk=matter.pk).text
