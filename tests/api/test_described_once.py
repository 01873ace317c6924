"""The description is anybody's to ask for, and takes long to make."""

from __future__ import annotations

import pytest
from django.test import Client

from bihuan.api.rest import v1


@pytest.mark.django_db
def test_the_description_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    first = client.get("/api/v1/openapi.json")
    assert first.status_code == 200
    monkeypatch.setattr(v1, "Description", None)
    assert client.get("/api/v1/openapi.json").content == first.content
