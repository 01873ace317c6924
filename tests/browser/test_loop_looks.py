"""The pages people use most, dark and in large type, in the middle of a matter's life."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE, Opener, Site
from tests.browser.loop import seen

pytestmark = [pytest.mark.browser, pytest.mark.drawn]


@pytest.mark.parametrize("look", ["dark", "elder"])
def test_the_most_used_pages_read_well_dark_and_large(open_page: Opener, site: Site, look: str) -> None:
    scheme = "dark" if look == "dark" else "light"
    resident, leader = open_page(PHONE, scheme=scheme), open_page(PHONE, "liangwei", scheme=scheme)
    if look == "elder":
        for page in (resident, leader):
            page.context.add_cookies([{"name": "size", "value": "elder", "url": site.url}])
    resident.goto(site.door)
    seen(resident, f"60-door-360-{look}")
    resident.goto(site.follow)
    seen(resident, f"61-follow-360-{look}")
    leader.goto("/desk/")
    seen(leader, f"62-todo-360-{look}")
    leader.locator("main a[href*='do=']").first.click()
    leader.wait_for_url("**/matters/**")
    seen(leader, f"63-matter-360-{look}")
