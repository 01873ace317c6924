"""Desk page: what was taken out of the area (导出记录): who, what, by which filters, how many lines, when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.kernel.api import BadInput
from bihuan.people.api import EXPORT_READ, actor_for, require
from bihuan.reporting.api import EXPORT_KINDS, Taken, TakenPage, exports_in
from bihuan.web.desk import choices

_LONGEST = 100


@never_cache
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """List what was taken out of the reader's areas, newest first."""
    actor = actor_for(request)
    require(actor, EXPORT_READ)
    roots = actor.areas_with(EXPORT_READ)
    given = {name: request.GET.get(name, "").replace("\x00", "")[:_LONGEST] for name in ("area", "what", "after")}
    area = given["area"][:21] or (roots[0] if len(roots) == 1 else "")
    found, wrong = TakenPage(()), ""
    try:
        found = exports_in(actor, area, given["what"], given["after"])
    except BadInput as error:
        wrong = " ".join(f"{one.why}{one.how}" for one in error.problems)
    words = _Words(area or (roots[0] if roots else ""))
    kinds = [("", _("全部")), *((key, _(str(title))) for key, title in EXPORT_KINDS)]
    kept = {name: value for name, value in {"area": area, "what": given["what"]}.items() if value}
    context = {
        "rows": [(one, words.filters(one), _how(one)) for one in found.rows],
        "wrong": wrong,
        "areas": choices.options_html(
            [*([("", _("全部"))] if len(roots) > 1 else []), *choices.area_options(roots, area)], area
        ),
        "kinds": choices.options_html(kinds, given["what"]),
        "next_url": _address(kept, found.next) if found.next else "",
        "first_url": _address(kept) if given["after"] else "",
    }
    return render(request, "web/desk/exports/list.html", context)


def _address(kept: dict[str, str], after: str = "") -> str:
    return reverse("desk:exports") + "?" + urlencode(kept | ({"after": after} if after else {}))


def _how(one: Taken) -> str:
    """Return by which way it went: the page, or a machine's key, and how often that day."""
    form = "JSON" if one.row.form == "json" else one.row.form.upper()
    if not one.row.via:
        return form
    key = one.row.via
    said = _("%(form)s，接口 %(key)s") % {"form": form, "key": key}
    return said + (_("，当天 %(n)s 次") % {"n": one.row.times} if one.row.times > 1 else "")


class _Words:
    """The filters of an area in words: what stands in the record as keys."""

    def __init__(self, area_code: str) -> None:
        self._known = {name: (title, dict(options)) for name, title, options in choices.filter_choices(area_code)}
        self._known |= {
            "since": (_("从"), {}),
            "until": (_("到"), {}),
            "split": (_("分开看"), {}),
            "text": (_("搜索"), {}),
        }

    def filters(self, one: Taken) -> str:
        """Return the filters of an export as one line; what was typed is not kept, only that it was."""
        parts = []
        for name, value in one.row.filters_json.items():
            title, options = self._known.get(name, (name, {}))
            parts.append(f"{title} {_('（有，未保存）') if value == '*' else options.get(value, value)}")
        return _("；").join(parts)


urlpatterns = [path("exports/", exports, name="exports")]
