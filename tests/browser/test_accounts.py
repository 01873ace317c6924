"""Accounts and territory in a real browser: pages clean at every size, a passkey made and used."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, TABLET, Opener, Site, check_axe, check_fits, shot

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

SIZES = {"360": PHONE, "768": TABLET, "1440": DESK}
COMMUNITY = "410802004004"
STRANGERS = {
    "login": "/account/login/",
    "code": "/account/login/code/",
    "no-signup": "/account/signup/",
    "forgotten": "/account/password/reset/",
}
OWNERS = {
    "me": "/desk/me/",
    "password": "/account/password/change/",
    "second-factor": "/account/2fa/",
    "area": f"/desk/areas/{COMMUNITY}/",
    "door": f"/desk/areas/{COMMUNITY}012/",
    "doors": f"/desk/areas/{COMMUNITY}/doors/",
    "area-import": "/desk/areas/import/",
    "person-new": "/desk/people/new/",
    "people-import": "/desk/people/import/",
}


@pytest.mark.parametrize("size", SIZES)
def test_account_pages_for_strangers_are_clean(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size])
    for name, url in STRANGERS.items():
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 200, url
        shot(page, f"account-{name}-{size}")
        check_fits(page)
        check_axe(page)


@pytest.mark.parametrize("size", SIZES)
def test_account_and_territory_pages_are_clean(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size], "shuji")
    urls = dict(OWNERS)
    page.goto("/desk/people/")
    urls["person"] = str(page.locator("tbody th a").nth(1).get_attribute("href"))
    for name, url in urls.items():
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 200, url
        shot(page, f"account-{name}-{size}")
        page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
        check_fits(page)
        check_axe(page)


def test_a_sheet_of_48_door_codes_prints_on_four_pages(open_page: Opener) -> None:
    page = open_page(DESK, "shuji")
    page.goto(f"/desk/areas/{COMMUNITY}/doors/")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 4
    assert re.search(rb"/MediaBox \[0 0 59[45]\.?\d* 84[12]\.?\d*\]", printed), "A4"


def test_a_passkey_is_made_and_signs_in_without_a_password(open_page: Opener, site: Site) -> None:
    page = open_page(PHONE)
    host = site.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, never to an address
    _authenticator(page)
    password = site.accounts["shuji"]
    page.goto(f"{host}/account/login/")
    page.locator("input[name=login]").fill("shuji")
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/desk/**")
    page.goto(f"{host}/account/2fa/webauthn/add/")
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/webauthn/add/**")
    page.locator("input[name=name]").fill("我的手机")
    page.locator("input[name=passwordless]").check()
    check_axe(page)
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    page.context.clear_cookies()
    page.goto(f"{host}/account/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url("**/desk/**")
    _forget(page, host, password)


def _authenticator(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def _forget(page: Page, host: str, password: str) -> None:
    """Remove the passkey again: other journeys sign in with the password alone."""
    page.goto(f"{host}/account/2fa/webauthn/")
    if "reauthenticate" in page.url:
        page.locator("input[name=password]").fill(password)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/2fa/webauthn/**")
    page.locator("a[href*='/remove/']").first.click()
    if "reauthenticate" in page.url:
        page.locator("input[name=password]").fill(password)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/remove/**")
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "remove" not in url)
