"""A resident's page and all it loads weigh at most 100 KB on the wire: old phones, poor signal."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from tools import assets

from bihuan.matters.models import Matter

from .conftest import BUILDING, COMMUNITY, DOOR, Town, rich_photo

pytestmark = pytest.mark.django_db
MOST_BYTES = 100 * 1024


def wire(data: bytes) -> int:
    """Bytes as sent: gzip, which every browser takes (brotli is smaller still)."""
    return len(gzip.compress(data, 6))


def weigh(town: Town, path: str) -> int:
    """The page, each stylesheet, script, icon sprite and picture that it loads."""
    page = town.client.get(path)
    assert page.status_code == 200, path
    return weigh_page(town, page.content)


def weigh_page(town: Town, content: bytes) -> int:
    """The same of a page at hand."""
    html, total = content.decode(), wire(content)
    # A link to a feed or to the page's own address is not loaded.
    loaded = set(re.findall(r'<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]*\s(?:href|src)="([^"]+)"', html))
    loaded |= {href.split("#")[0] for href in re.findall(r'<use href="([^"]+)"', html)}
    assert any(name.endswith(".css") for name in loaded)
    for name in loaded:
        if name.startswith("/static/"):
            found = finders.find(name.removeprefix("/static/"))
            assert found, f"{name} is not built: make assets"
            total += wire(Path(str(found)).read_bytes())
        else:
            answer = town.client.get(name.replace("&amp;", "&"))
            assert answer.status_code == 200, name
            total += sum(len(part) for part in answer.streaming_content)  # type: ignore[attr-defined]
    return total


def test_the_built_files_come_from_these_sources() -> None:
    assert assets.is_current(), "make assets"


@pytest.mark.parametrize(
    "path", ["/", "/report/", f"/c/{COMMUNITY}/", f"/c/{COMMUNITY}/report/", f"/d/{DOOR}/", f"/a/{BUILDING}/"]
)
def test_a_residents_page_weighs_at_most_100_kilobytes(town: Town, path: str) -> None:
    assert weigh(town, path) <= MOST_BYTES


def test_pages_with_photos_stay_within_the_limit(town: Town) -> None:
    pictures = [rich_photo(f"{n}.jpg", n) for n in range(6)]
    answer = town.send(town.fill(photos=pictures))
    token = answer["Location"].rstrip("/").rsplit("/", 1)[1]
    number = Matter.objects.get().number
    for path in (answer["Location"], f"/r/{token}/", f"/matters/{number}/"):
        assert weigh(town, path) <= MOST_BYTES, f"{path}: {weigh(town, path)}"


def test_the_form_that_comes_back_with_photos_stays_within_the_limit(town: Town) -> None:
    page = town.send(town.fill(text="", photos=[rich_photo(f"{n}.jpg", n) for n in range(6)]))
    assert page.content.count(b'name="kept"') == 6
    assert weigh_page(town, page.content) <= MOST_BYTES
