"""Desk pages: the ledger of livelihood problems (民生问题台账)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from bihuan.kernel.api import BadInput
from bihuan.matters.api import LedgerFilters, ledger
from bihuan.people.api import LEDGER_READ, actor_for, require
from bihuan.web.desk import choices
from bihuan.web.desk.render import DEFAULT, Column, chosen_columns, column_choices, head_cells, ledger_rows

COOKIE = "desk_ledger"
_YEAR = 365 * 24 * 3600
_ROWS = 50
_NAMES = tuple(field.name for field in fields(LedgerFilters))
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class LedgerView:
    """How one person wants the ledger: which columns, and how dense."""

    columns: tuple[Column, ...]
    dense: bool

    @classmethod
    def of(cls, request: HttpRequest) -> LedgerView:
        """Read the choice from the cookie; whatever is bent in it falls back to the default."""
        keys, _dot, density = request.COOKIES.get(COOKIE, "").partition("|")
        return cls(chosen_columns(keys.split(".") if keys else DEFAULT), density != "roomy")

    def cookie(self) -> str:
        """Return what the cookie keeps."""
        return ".".join(column.key for column in self.columns) + ("|dense" if self.dense else "|roomy")


@require_safe
def ledger_page(request: HttpRequest) -> HttpResponse:
    """The ledger, or only its list where htmx asks for it."""
    actor = actor_for(request)
    require(actor, LEDGER_READ)
    filters, cursor = read_filters(request)
    look = LedgerView.of(request)
    wrong = ""
    try:
        listing = ledger(actor, filters, cursor or None, _ROWS)
    except BadInput as error:
        wrong = " ".join(f"{problem.why}{problem.how}" for problem in error.problems)
        cursor = ""
        listing = ledger(actor, LedgerFilters(area=filters.area), None, _ROWS)
    context = {
        "rows": ledger_rows(listing.rows, look.columns),
        "any": bool(listing.rows),
        "capped": listing.capped,
        "heads": head_cells(look.columns, {key: address(filters, sort=key) for key in ("new", "due")}, filters.sort),
        "dense": look.dense,
        "filters": filters,
        "filtered": any(value for name, value in asdict(filters).items() if name not in {"sort", "area"}),
        "next_url": address(filters, listing.next) if listing.next else "",
        "first_url": address(filters) if cursor else "",
        "wrong": wrong,
    }
    fragment = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    if fragment:
        response = render(request, "web/desk/ledger/_list.html", context)
        response["HX-Push-Url"] = address(filters, cursor)
    else:
        context |= {
            "selects": choices.ledger_selects(actor, filters),
            "columns": column_choices(look.columns, get_language() or ""),
            "here": address(filters, cursor),
        }
        response = render(request, "web/desk/ledger/page.html", context)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


def read_filters(request: HttpRequest) -> tuple[LedgerFilters, str]:
    """Read the address: what the ledger shows, and the cursor. Unknown names and overlong values are dropped."""
    given = {name: request.GET.get(name, "").strip()[:_LONGEST].replace("\x00", "") for name in _NAMES}
    given["sort"] = "due" if given["sort"] == "due" else "new"
    given["state"] = given["state"] if given["state"] in {"open", "closed"} else ""
    given["card"] = given["card"] if given["card"] in {"yellow", "red"} else ""
    return LedgerFilters(**given), request.GET.get("after", "")[:_LONGEST]


def address(filters: LedgerFilters, cursor: str | None = "", **changes: str) -> str:
    """Return the stable address of a page of the ledger: the same filters in the same order, empty ones left out."""
    values = asdict(filters) | changes
    pairs = [(name, value) for name, value in values.items() if value and not (name == "sort" and value == "new")]
    if cursor:
        pairs.append(("after", cursor))
    query = urlencode(pairs)
    return reverse("desk:ledger") + (f"?{query}" if query else "")


@require_POST
def ledger_view(request: HttpRequest) -> HttpResponse:
    """Remember the choice of columns and density for a year, on this device."""
    require(actor_for(request), LEDGER_READ)
    look = LedgerView(chosen_columns(request.POST.getlist("columns")), request.POST.get("density") != "roomy")
    back = request.POST.get("next", "")
    home = reverse("desk:ledger")
    response = HttpResponseRedirect(back if back == home or back.startswith(home + "?") else home)
    response.set_cookie(COOKIE, look.cookie(), max_age=_YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


urlpatterns = [
    path("ledger/", ledger_page, name="ledger"),
    path("ledger/view/", ledger_view, name="ledger_view"),
]
