"""The reporter's right: to see what is kept, who read it, and to have it erased."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.http import Http404
from PIL import Image

from bihuan.kernel.api import SYSTEM_REF, Refused, clock, new_id, reveal, verify
from bihuan.kernel.models import Entry, Notification, OutboxItem, Sealed, StoredFile
from bihuan.matters.api import Photo, forget, kept_about, matter_page, public_page, reveal_contact, search
from bihuan.matters.models import Matter
from bihuan.people.api import ANONYMOUS

from .conftest import Town

pytestmark = pytest.mark.django_db
WORDS = "张大妈家楼上漏水，滴了三天了"


def photo() -> Photo:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "JPEG")
    out.seek(0)
    return Photo(upload=out, tag="scene", file_id=new_id())


@pytest.fixture
def reported(town: Town) -> tuple[Matter, str]:
    done = town.report(ANONYMOUS, text=WORDS, phone="13812345678", reporter_name="张某", photos=[photo()])
    return Matter.objects.get(pk=done.matter_id), town.tokens[done.matter_id]


def closed(town: Town, matter: Matter, token: str) -> None:
    town.do("worker", matter.pk, "triage", category="facility", urgency="normal", level="spot")
    town.do("worker", matter.pk, "settle", answer="已修好")
    town.do(ANONYMOUS, matter.pk, "confirm", via_link=token)
    matter.refresh_from_db()
    assert not matter.is_open


def again(town: Town, matter: Matter, token: str, what: str, **more: object) -> bool:
    with clock.at(town.now):
        return forget(actor=ANONYMOUS, matter_id=matter.pk, what=what, entry_id=new_id(), via_link=token, **more)


def test_the_reporter_sees_what_is_kept_masked_why_how_long_and_who_read_it(town: Town, reported) -> None:
    matter, token = reported
    phone = Sealed.objects.get(subject_id=matter.pk, name="phone")
    with clock.at(town.now):
        reveal_contact(actor=town.worker, matter_id=matter.pk, sealed_id=phone.pk, reason="核实情况")
    mine = kept_about(actor=ANONYMOUS, matter=matter, via_link=token)
    by_shown = {value.shown: value for value in mine.values}
    kept = by_shown["138****5678"]
    assert kept.purpose
    assert kept.days
    assert [(read.who, read.reason) for read in kept.reads] == [("王网格员", "核实情况")]
    assert "13812345678" not in str(mine)
    assert mine.photos == 1
    assert (mine.may_erase_contact, mine.may_erase_text, mine.erasable_later) == (True, False, True)


def test_what_the_system_sent_by_itself_is_one_line_and_each_person_another(town: Town, reported) -> None:
    matter, token = reported
    phone = Sealed.objects.get(subject_id=matter.pk, name="phone")
    for days in range(3):
        with clock.at(town.now + timedelta(days=days)):
            reveal_contact(actor=town.worker, matter_id=matter.pk, sealed_id=phone.pk, reason="核实情况")
            reveal(actor=SYSTEM_REF, sealed=phone, reason="告知反映人办理进展")
    mine = kept_about(actor=ANONYMOUS, matter=matter, via_link=token)
    [kept] = [value for value in mine.values if value.shown == "138****5678"]
    assert [(read.who, read.count) for read in kept.reads] == [("王网格员", 1)] * 3 + [("系统", 3)]
    assert kept.reads[-1].at == town.now + timedelta(days=2)


def test_nobody_else_is_shown_it(town: Town, reported) -> None:
    matter, _token = reported
    assert kept_about(actor=ANONYMOUS, matter=matter, via_link="x" * 30) is None
    assert kept_about(actor=town.worker, matter=matter, via_link=None) is None
    with pytest.raises(Http404):
        again(town, matter, "x" * 30, "contact")
    with pytest.raises(Http404):
        forget(actor=town.secretary, matter_id=matter.pk, what="contact", entry_id=new_id())


def test_the_number_goes_at_once_and_the_matter_goes_on(town: Town, reported) -> None:
    matter, token = reported
    assert again(town, matter, token, "contact")
    rows = Sealed.objects.filter(subject_id=matter.pk, name__in=["phone", "reporter_name"])
    assert {row.content for row in rows} == {None}
    matter.refresh_from_db()
    assert not matter.has_contact
    assert matter.text == WORDS
    closed(town, matter, token)
    assert not OutboxItem.objects.filter(channel="reporter").exclude(target="").exists()
    assert verify().ok
    with pytest.raises(Refused):
        again(town, matter, token, "contact")


def test_what_was_written_stays_while_somebody_needs_it(town: Town, reported) -> None:
    matter, token = reported
    with pytest.raises(Refused):
        again(town, matter, token, "text")
    assert Entry.objects.filter(subject_id=matter.pk).count() == 1


def test_after_closing_words_photos_and_their_copies_are_gone_and_the_chain_holds(town: Town, reported) -> None:
    matter, token = reported
    closed(town, matter, token)
    assert again(town, matter, token, "text")
    matter.refresh_from_db()
    assert WORDS[:6] not in f"{matter.title}{matter.text}{matter.state_json}"
    assert not StoredFile.objects.filter(subject_id=matter.pk).exists()
    assert "漏水" not in str(list(Notification.objects.values_list("params", flat=True)))
    assert "漏水" not in str(list(OutboxItem.objects.values_list("payload", flat=True)))
    assert not search(town.secretary, "漏水").rows
    last = Entry.objects.filter(subject_id=matter.pk).latest("seq")
    assert (last.verb, last.actor_role) == ("matter.erased", "reporter")
    assert (matter.version, bytes(matter.head_hash)) == (last.seq, bytes(last.hash))
    report = verify()
    assert report.ok, report.flaws
    mine = kept_about(actor=ANONYMOUS, matter=matter, via_link=token)
    assert not mine.photos
    assert (mine.may_erase_contact, mine.may_erase_text) == (False, False)
    # what the staff wrote stays
    left = Sealed.objects.filter(subject_id=matter.pk, content__isnull=False).values_list("name", flat=True)
    assert list(left) == ["answer"]


def test_the_pages_still_open_after_the_erasing(town: Town, reported) -> None:
    matter, token = reported
    closed(town, matter, token)
    again(town, matter, token, "text")
    assert public_page(matter.number) is not None
    inside = matter_page(town.secretary, matter.pk)
    assert any("删除" in line.sentence or "erased" in line.sentence for line in inside.timeline)
    assert matter_page(ANONYMOUS, matter.pk, via_link=token).timeline


def test_a_matter_can_be_reopened_after_the_erasing(town: Town, reported) -> None:
    matter, token = reported
    closed(town, matter, token)
    again(town, matter, token, "text")
    town.do(ANONYMOUS, matter.pk, "reopen", via_link=token, reason="又漏了")
    matter.refresh_from_db()
    assert matter.is_open
    assert verify().ok


def test_the_same_erasing_sent_twice_is_one_entry(town: Town, reported) -> None:
    matter, token = reported
    key = new_id()
    for expected in (True, False):
        with clock.at(town.now):
            assert (
                forget(actor=ANONYMOUS, matter_id=matter.pk, what="contact", entry_id=key, via_link=token) is expected
            )
    assert Entry.objects.filter(subject_id=matter.pk).count() == 2


def test_a_signed_in_reporter_needs_no_link(town: Town) -> None:
    done = town.report(town.resident, text=WORDS, phone="13812345678")
    matter = Matter.objects.get(pk=done.matter_id)
    assert kept_about(actor=town.resident, matter=matter, via_link=None).may_erase_contact
    with clock.at(town.now):
        assert forget(actor=town.resident, matter_id=matter.pk, what="contact", entry_id=new_id())
    last = Entry.objects.filter(subject_id=matter.pk).latest("seq")
    assert last.actor_id == town.id_of("resident")
