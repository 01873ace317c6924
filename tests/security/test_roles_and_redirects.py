"""A post gives no role that is a matter's own; no address leads off the site."""

from __future__ import annotations

import pytest
from django.test import Client

from bihuan.matters.roles import by_of
from bihuan.methods.method import BUILT_IN
from bihuan.people.api import Actor, PostRef
from bihuan.people.roles import BY_KEY
from tests.security.conftest import Town

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", sorted({*BUILT_IN, "lead", "tracker", "supervisor", "meeting:joint"} - {"anyone"}))
def test_a_post_called_like_a_matters_own_role_gives_nothing(role: str) -> None:
    actor = Actor(kind="person", person_id=None, posts=(PostRef(role, "410802"),))
    assert role not in actor.roles_in("410802004004012")
    assert role not in by_of(actor, "410802004004012", {}).roles


def test_no_shipped_role_is_reserved() -> None:
    assert not {*BUILT_IN, "lead", "tracker", "supervisor"} & set(BY_KEY)


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example/",
        "https://evil.example/",
        "http://testserver//evil.example/x",
        "http://testserver/\\evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http://testserver@evil.example/",
        "///evil.example",
    ],
)
def test_choosing_a_view_never_leads_to_another_site(back: str) -> None:
    answer = Client().post("/view/", {"next": back, "theme": "dark"})
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_choosing_a_view_leads_back_to_the_page() -> None:
    assert Client().post("/view/", {"next": "/desk/?a=1", "theme": "dark"})["Location"] == "/desk/?a=1"


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(town: Town, back: str) -> None:
    assert town.clients["stranger"].get("/account/login/", {"next": back}).status_code == 200
    answer = town.clients["secretary"].get("/account/login/", {"next": back})
    assert "evil" not in answer.get("Location", "")
