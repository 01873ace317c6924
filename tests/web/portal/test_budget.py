"""How many statements each page of the portal may take, whatever there is to show."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import BUILDING, COMMUNITY, DOOR, Town

pytestmark = pytest.mark.django_db
TEXTS = ("车棚的门锁坏了推不开", "东门口井盖破了一个洞", "四楼有人高空抛物很危险", "单元门禁失灵打不开")


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 8),
        ("/report/", 4),
        (f"/c/{COMMUNITY}/", 8),
        (f"/c/{COMMUNITY}/report/", 4),
        (f"/d/{DOOR}/", 5),
        (f"/a/{BUILDING}/", 5),
        ("/r/{token}/", 16),
        ("/matters/{number}/", 12),
        ("/reported/{token}/", 6),
    ],
)
def test_a_page_keeps_to_its_statements(town: Town, django_assert_max_num_queries: Any, path: str, most: int) -> None:
    made = [town.report(text) for text in TEXTS]
    matter, token = made[0]
    with django_assert_max_num_queries(most):
        assert town.client.get(path.format(token=token, number=matter.number)).status_code == 200
