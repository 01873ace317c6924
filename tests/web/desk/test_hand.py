"""The supervising resident's own link: who may hand it over, and that it lends this one part and nothing else."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.matters.models import Matter

from . import seed
from .conftest import SignedIn


@pytest.fixture
def assigned(town: seed.Town) -> UUID:
    """A lamp, deliberated and assigned 1+1+1."""
    lamp = town.report(12, "12号楼门口路灯不亮，晚上看不清台阶。").matter_id
    town.triage(lamp)
    town.do("leader", lamp, "grid_resolve", meeting="meeting:grid_meeting", data={"result": {"carried": True}})
    people = {"lead": "cadre", "tracker": "worker", "supervisor": "neighbour"}
    parties = {role: [town.people[key].pk] for role, key in people.items()}
    town.do("secretary", lamp, "assign", data={"parties": parties})
    return lamp


def slip(town: seed.Town, matter: UUID, person: str = "neighbour") -> str:
    return reverse("desk:matter_hand", args=[matter, town.people[person].pk])


@pytest.mark.parametrize("key", ["secretary", "leader"])
def test_who_does_not_do_the_work_hands_the_link_over(town: seed.Town, as_: SignedIn, assigned: UUID, key: str) -> None:
    client = as_(key)
    assert slip(town, assigned) in client.get(reverse("desk:matter", args=[assigned])).content.decode()
    answer = client.get(slip(town, assigned))
    assert "no-store" in answer.headers["Cache-Control"]
    html = answer.content.decode()
    assert "安立新，请您监督这件事" in html
    assert re.search(r'href="http://testserver/s/[\w-]+/"', html)


@pytest.mark.parametrize(("key", "status"), [("cadre", 403), ("worker", 403), ("police", 403), ("worker_far", 404)])
def test_lead_tracker_and_who_may_not_read_personal_data_never_see_it(
    town: seed.Town, as_: SignedIn, assigned: UUID, key: str, status: int
) -> None:
    client = as_(key)
    assert client.get(slip(town, assigned)).status_code == status
    page = client.get(reverse("desk:matter", args=[assigned]))
    assert slip(town, assigned) not in page.content.decode()


def test_there_is_no_slip_for_somebody_who_does_not_supervise(town: seed.Town, as_: SignedIn, assigned: UUID) -> None:
    assert as_("secretary").get(slip(town, assigned, "resident")).status_code == 404


def test_the_link_of_the_slip_signs_off_without_an_account(town: seed.Town, as_: SignedIn, assigned: UUID) -> None:
    town.do("cadre", assigned, "finish", data={"answer": "换了灯头。"})
    found = re.search(r"/s/[\w-]+/", as_("secretary").get(slip(town, assigned)).content.decode())
    assert found
    answer = Client().post(found[0], {"action": "sign_off"}, follow=True)
    assert "已记下：验收通过" in answer.content.decode()
    assert Matter.objects.get(pk=assigned).step == "asking_reporter"
