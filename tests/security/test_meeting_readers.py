"""Who may see that a meeting is held does not thereby read what residents wrote in it, nor what is private."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.matters.models import Matter
from bihuan.meetings.models import AgendaItem, Attendance, Meeting
from bihuan.people.models import User
from tests.security.conftest import Town

pytestmark = pytest.mark.django_db
TITLE, TEXT = "刘家与赵家的纠纷", "两家为晾衣杆动了手，住四号楼二单元"


@pytest.fixture
def item(town: Town) -> Any:
    """An item whose matter is open to nobody outside, with everything that might give it away."""
    found = AgendaItem.objects.filter(meeting_id=town.values["meeting_id"], matter__isnull=False).first()
    assert found is not None
    Matter.objects.filter(pk=found.matter_id).update(public=False, title=TITLE, text=TEXT)
    AgendaItem.objects.filter(pk=found.pk).update(title=TITLE, state="waiting")
    due = Attendance.objects.filter(meeting_id=found.meeting_id)
    person = User.objects.get(username="lianjian").person_id
    due.filter(person_id=person).delete()
    return found


PAGES = ("", "print/notice/", "print/minutes/", "print/signin/")


@pytest.mark.parametrize("page", PAGES)
def test_a_partner_unit_reads_no_private_matter_off_an_agenda(town: Town, item: Any, page: str) -> None:
    Meeting.objects.filter(pk=item.meeting_id).update(state="open")
    answer = town.clients["partner unit"].get(f"/desk/meetings/{item.meeting_id}/{page}")
    assert answer.status_code == 200
    words = answer.content.decode()
    assert TITLE not in words
    assert TEXT not in words


def test_who_is_due_at_the_meeting_reads_what_it_deliberates(town: Town, item: Any) -> None:
    Meeting.objects.filter(pk=item.meeting_id).update(state="open")
    person = User.objects.get(username="lianjian").person_id
    Attendance.objects.create(meeting_id=item.meeting_id, person_id=person, name="某", role="partner_unit", kind="due")
    words = town.clients["partner unit"].get(f"/desk/meetings/{item.meeting_id}/").content.decode()
    assert TITLE in words
    assert TEXT in words


def test_a_partner_unit_does_not_read_what_was_written_in_a_public_matter(town: Town, item: Any) -> None:
    Matter.objects.filter(pk=item.matter_id).update(public=True)
    words = town.clients["partner unit"].get(f"/desk/meetings/{item.meeting_id}/").content.decode()
    assert TITLE in words
    assert TEXT not in words


def test_published_results_tell_nothing_of_a_private_matter(town: Town, item: Any) -> None:
    Meeting.objects.filter(pk=item.meeting_id).update(state="published")
    for path in (f"/meetings/{item.meeting_id}/", f"/v/o/{item.meeting_id}/"):
        answer = town.clients["stranger"].get(path)
        assert answer.status_code == 200
        assert TITLE not in answer.content.decode()
