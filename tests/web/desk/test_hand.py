"""The supervising resident's own link: who may hand it over, and that it lends this one part and nothing else."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.kernel.api import new_id, verify
from bihuan.kernel.models import Entry
from bihuan.matters.models import Matter
from bihuan.matters.replay import fold

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


def shown(client: Client, url: str, entry_id: object = None) -> Any:
    return client.post(url, {"entry_id": str(entry_id or new_id())})


@pytest.mark.parametrize("key", ["secretary", "leader"])
def test_who_does_not_do_the_work_hands_the_link_over(town: seed.Town, as_: SignedIn, assigned: UUID, key: str) -> None:
    client = as_(key)
    assert slip(town, assigned) in client.get(reverse("desk:matter", args=[assigned])).content.decode()
    assert "/s/" not in client.get(slip(town, assigned)).content.decode()  # looking gives nothing away yet
    answer = shown(client, slip(town, assigned))
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
    assert shown(client, slip(town, assigned)).status_code == status
    assert not Entry.objects.filter(verb="matter.handed_over").exists()
    page = client.get(reverse("desk:matter", args=[assigned]))
    assert slip(town, assigned) not in page.content.decode()


def test_there_is_no_slip_for_somebody_who_does_not_supervise(town: seed.Town, as_: SignedIn, assigned: UUID) -> None:
    assert as_("secretary").get(slip(town, assigned, "resident")).status_code == 404


def test_the_link_of_the_slip_signs_off_without_an_account(town: seed.Town, as_: SignedIn, assigned: UUID) -> None:
    town.do("cadre", assigned, "finish", data={"answer": "换了灯头。"})
    found = re.search(r"/s/[\w-]+/", shown(as_("secretary"), slip(town, assigned)).content.decode())
    assert found
    answer = Client().post(found[0], {"action": "sign_off"}, follow=True)
    assert "已记下：验收通过" in answer.content.decode()
    assert Matter.objects.get(pk=assigned).step == "asking_reporter"


def test_handing_over_is_recorded_once_with_who_to_whom_and_no_secret(
    town: seed.Town, as_: SignedIn, assigned: UUID
) -> None:
    client, entry_id = as_("secretary"), new_id()
    client.get(slip(town, assigned))
    html = shown(client, slip(town, assigned), entry_id).content.decode()
    assert shown(client, slip(town, assigned), entry_id).status_code == 200  # reloaded
    entry = Entry.objects.get(verb="matter.handed_over")
    assert entry.actor_id == town.people["secretary"].pk
    assert town.people["neighbour"].pk.hex in entry.body
    secret = re.search(r"/s/([\w-]+)/", html)
    assert secret
    assert secret[1] not in entry.body
    page = client.get(reverse("desk:matter", args=[assigned])).content.decode()
    assert "把监督群众的个人链接交给了安立新" in page
    matter = Matter.objects.get(pk=assigned)
    assert (matter.version, bytes(matter.head_hash)) == (entry.seq, bytes(entry.hash))
    assert fold(matter).step == matter.step
    assert verify().ok


def test_a_bent_id_shows_no_link(town: seed.Town, as_: SignedIn, assigned: UUID) -> None:
    answer = as_("secretary").post(slip(town, assigned), {"entry_id": "x"})
    assert answer.status_code == 422
    assert "/s/" not in answer.content.decode()
    assert not Entry.objects.filter(verb="matter.handed_over").exists()
