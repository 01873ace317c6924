"""What the journeys of a matter's whole life share: looking at a page as its reader, and the moves of each person."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import check_axe, check_fits, shot

ZONE = ZoneInfo("Asia/Shanghai")
TITLE = "台阶塌了一角"


@dataclass
class Life:
    """What is learned on the way and needed by the next person: links, numbers, addresses."""

    links: dict[str, str] = field(default_factory=dict)
    number: str = ""
    matter: str = ""
    meeting: str = ""
    slip: str = ""


def seen(page: Page, name: str, *, axe: bool = True) -> None:
    """Look at the page as its reader does: nothing sticks out, axe-core finds nothing; keep a picture."""
    page.evaluate("scrollTo(0, 0)")
    check_fits(page)
    if axe:
        check_axe(page)
    shot(page, f"loop-{name}")


def picture(name: str, colour: str) -> Any:
    """A photo as a phone would send it."""
    made = Image.new("RGB", (640, 480), colour)
    draw = ImageDraw.Draw(made)
    draw.rectangle((200, 120, 440, 420), fill="#8a8f94")
    draw.ellipse((290, 230, 350, 290), fill="#f4e2a0")
    out = io.BytesIO()
    made.save(out, "JPEG", quality=85)
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def local(**ahead: float) -> str:
    """Return an instant ahead of now as a datetime-local field takes it."""
    return f"{datetime.now(ZONE) + timedelta(**ahead):%Y-%m-%dT%H:%M}"


def day(ahead: int) -> str:
    """Return a day ahead as a date field takes it."""
    return f"{datetime.now(ZONE) + timedelta(days=ahead):%Y-%m-%d}"


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press the button with this name; wait for the answer."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def primary(page: Page) -> None:
    """Press the one primary act of the page."""
    with page.expect_navigation():
        page.locator(".actions-bar .btn--primary").click()


def from_todo(page: Page, title: str, action: str) -> None:
    """Open the to-do list, find the line about ``title`` that asks for ``action``, open it."""
    page.goto("/desk/")
    line: Locator = page.locator("main li, main tr, main article").filter(has_text=title)
    line.locator(f"a[href*='do={action}#do']").first.click()
    expect(page).to_have_url(re.compile(rf"do={action}#do$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def said(page: Page, words: str) -> None:
    """Expect that the page confirms with these words."""
    expect(page.get_by_role("status").first).to_contain_text(words)


def choose(select: Locator, name: str) -> None:
    """Choose the option that names somebody."""
    select.select_option(select.locator("option").filter(has_text=name).first.get_attribute("value"))
