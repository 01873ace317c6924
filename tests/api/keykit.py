"""Keys for tests: made by the town's secretary, used by a client that holds no session."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from bihuan.api.keys import make_key
from bihuan.people.api import Actor
from tests.matters.conftest import COMMUNITY, Town


def key_text(town: Town, *scopes: str, who: Actor | None = None, area: str = COMMUNITY, **more: Any) -> str:
    return make_key(actor=who or town.secretary, name="市平台", area_code=area, scopes=scopes, **more).text


def by_key(text: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {text}"})


def post(client: Client, url: str, body: Any, **headers: str) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json", headers=headers)
