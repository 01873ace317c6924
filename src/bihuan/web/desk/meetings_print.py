"""What a meeting prints: notice, sign-in sheet, personal vote links, paper ballots, minutes, results."""

from __future__ import annotations

from typing import Any

import segno
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from bihuan.kernel.api import new_id, parse_id
from bihuan.meetings import api as meetings
from bihuan.meetings import guards
from bihuan.meetings.api import MeetingPage, ballot_link_token
from bihuan.meetings.models import Attendance
from bihuan.people.api import Actor

GIVEN_OUT = "links"  # shown only when asked for by POST
KINDS = frozenset({"notice", "signin", "links", "ballots", "minutes", "results"})
_BALLOTS_A_SHEET = 4


def qr(url: str) -> SafeString:
    """Return a QR code of an address as SVG that fills its box, by attributes alone (no inline style)."""
    svg = segno.make(url, error="m", micro=False).svg_inline(omitsize=True, border=2, dark="#000", svgclass=None)
    return mark_safe(svg)  # noqa: S308 - made of numbers and of the constants given here


def context(request: HttpRequest, actor: Actor, page: MeetingPage, what: str) -> dict[str, Any]:
    """Return what one print needs.

    Raises:
        Http404: for an unknown kind, or results before the end.
        PermissionDenied: vote links and ballots are for who runs the meeting: they are secrets and votes.
    """
    if what not in KINDS:
        raise Http404
    if what in {"links", "ballots"} and (refusal := page.may["run"]) is not None:
        raise PermissionDenied(refusal.why)
    if what == "results" and page.meeting.state not in {"ended", "published"}:
        raise Http404
    makers = {"links": _links, "minutes": _minutes, "results": _results, "ballots": _ballots, "signin": _signin}
    return makers[what](request, actor, page) if what in makers else {}


def _links(request: HttpRequest, actor: Actor, page: MeetingPage) -> dict[str, Any]:
    """Whom the codes are for; the codes themselves once they are asked for, which is recorded."""
    if request.method != "POST":
        return {"cards": [], "holders": [_holder(row) for row in page.due], "entry_id": new_id()}
    cards = []
    entry_id = parse_id(request.POST.get("entry_id", ""))
    for row in meetings.hand_out_links(actor=actor, entry_id=entry_id, meeting_id=page.meeting.pk):
        token = ballot_link_token(row)
        url = request.build_absolute_uri(reverse("votes:page", args=[token]))
        name = _holder(row)
        cards.append({"name": name, "for_": row.name if name != row.name else "", "qr": qr(url), "url": url})
    return {"cards": cards, "holders": [], "entry_id": entry_id}


def _holder(row: Attendance) -> str:
    return row.deputy_name if row.presence == Attendance.Presence.DEPUTY else row.name


def _minutes(request: HttpRequest, actor: Actor, page: MeetingPage) -> dict[str, Any]:
    return {"minutes": meetings.minutes(actor, page.meeting.pk)}


def _results(request: HttpRequest, actor: Actor, page: MeetingPage) -> dict[str, Any]:
    url = request.build_absolute_uri(reverse("portal:meeting", args=[page.meeting.pk]))
    return {"qr": qr(url), "url": url, "results": meetings.published(page.meeting.pk)}


def _ballots(request: HttpRequest, actor: Actor, page: MeetingPage) -> dict[str, Any]:
    items = [item for item in page.items if item.row.state in {"waiting", "voting"}]
    present = sum(row.presence in guards.PRESENT for row in page.due) or len(page.due)
    return {"items": items, "copies": range(min(present, 200)), "a_sheet": _BALLOTS_A_SHEET}


def _signin(request: HttpRequest, actor: Actor, page: MeetingPage) -> dict[str, Any]:
    rows = [(page.role_titles.get(row.role, ""), row) for row in (*page.due, *page.guests)]
    return {"rows": rows, "blank": range(4)}
