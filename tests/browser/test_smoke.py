"""Every page that a person can reach opens clean at a phone's, a tablet's and a desk's size."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESK, PHONE, TABLET, Opener, Site, check_axe, check_fits, shot

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

SIZES = {"360": PHONE, "768": TABLET, "1440": DESK}
DESK_PAGES = {
    "todo": "/desk/",
    "ledger": "/desk/ledger/",
    "record": "/desk/record/",
    "map": "/desk/map/",
    "meetings": "/desk/meetings/",
    "methods": "/desk/methods/",
    "areas": "/desk/areas/",
    "people": "/desk/people/",
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", DESK_PAGES)
def test_a_desk_page_is_clean_at_every_size(open_page: Opener, name: str, size: str) -> None:
    page = open_page(SIZES[size], "shuji")
    answer = page.goto(DESK_PAGES[name])
    assert answer is not None
    assert answer.status == 200
    shot(page, f"desk-{name}-{size}")
    check_fits(page)
    check_axe(page)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["home", "door", "follow"])
def test_a_portal_page_is_clean_at_every_size(open_page: Opener, site: Site, name: str, size: str) -> None:
    page = open_page(SIZES[size])
    answer = page.goto({"home": "/", "door": site.door, "follow": site.follow}[name])
    assert answer is not None
    assert answer.status == 200
    shot(page, f"portal-{name}-{size}")
    check_fits(page)
    check_axe(page)
