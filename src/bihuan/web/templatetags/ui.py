"""The words that every page is built of; listed with their parameters in ``docs/pages.md``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.api import clock, sql
from bihuan.people.api import actor_for
from bihuan.web import dates
from bihuan.web.view import ViewChoice, view_choice

register = template.Library()

BADGES = frozenset({"open", "doing", "settled", "closed", "quiet"})
PLATES = {"yellow": gettext_lazy("黄牌"), "red": gettext_lazy("红牌")}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw icon ``name`` from the sprite; ``label`` is its text when no words stand beside it."""
    return _icon(name, str(label))


@lru_cache(maxsize=512)
def _icon(name: str, label: str) -> SafeString:
    href = f"{static('build/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.filter
def when(value: datetime | date | None) -> str:
    """Write an instant as people say it; exact on hover and in print. Nothing for nothing."""
    if not value:
        return ""
    stamp = timezone.localtime(value) if isinstance(value, datetime) else value
    return format_html(
        '<time datetime="{}" title="{}"><span class="screen-only">{}</span><span class="print-only">{}</span></time>',
        stamp.isoformat(timespec="minutes") if isinstance(stamp, datetime) else stamp.isoformat(),
        dates.exact(value),
        dates.moment(value),
        dates.exact(value),
    )


@register.filter
def exactly(value: datetime | date | None) -> str:
    """Write an instant or a day in full."""
    return dates.exact(value) if value else ""


@register.filter
def due(value: datetime | None) -> str:
    """Write a limit: what is left (in workdays) and until when."""
    if not value:
        return ""
    return format_html(
        '<span class="due{}"><time datetime="{}" title="{}"><span class="screen-only">{}</span></time> '
        '<span class="screen-only muted">{}</span><span class="print-only">{}</span></span>',
        " due--late" if value < clock.now() else "",
        timezone.localtime(value).isoformat(timespec="minutes"),
        dates.exact(value),
        dates.left(value),
        dates.until(value),
        dates.exact(value),
    )


@register.filter
def grouped(value: float | None) -> str:
    """Write a number with its digits grouped: 12,345."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


@register.simple_tag
def badge(text: str, kind: str = "open") -> SafeString:
    """Write a state with its shape. ``kind``: open ○, doing ◐, settled ● (green), closed ■, quiet."""
    if kind not in BADGES:
        raise ValueError(f"badge kind {kind!r} is none of {sorted(BADGES)}")
    return format_html('<span class="badge badge--{}">{}</span>', kind, text)


@register.simple_tag
def plate(colour: str) -> str:
    """Hang a yellow or red plate (督办牌); nothing where there is none."""
    if not colour:
        return ""
    return format_html('<span class="plate plate--{}">{}</span>', colour, PLATES[colour])


@register.inclusion_tag("web/parts/field.html")
def field(bound: BoundField, optional: str = "", *, hide_label: bool = False, inline: bool = False) -> dict[str, Any]:
    """Show one form field: label, hint, control, error beside it. ``optional``: a word after the label.

    ``inline``: short choices beside each other.
    """
    word = optional or ("" if bound.field.required else _("选填"))
    dated = getattr(bound.field.widget, "input_type", "") in {"date", "datetime-local"}
    return {
        "field": bound,
        "optional": word,
        "hide_label": hide_label,
        "inline": inline,
        "wrong": bool(bound.errors),
        "dated": dated,
    }


@register.inclusion_tag("web/parts/day.html")
def day_said(id: str, value: Any) -> dict[str, str]:  # noqa: A002 - the attribute's name
    """Say beside a date field, in full, which day it holds: browsers draw it in their own language.

    ``id`` is the field's, ``value`` what it holds.
    """
    return {"id": id, "said": dates.picked(value)}


@register.inclusion_tag("web/parts/form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """Say at the head of a form that something is to be mended, and what stands beside no field."""
    return {"form": form, "general": form.non_field_errors(), "any": bool(form.errors)}


@register.inclusion_tag("web/parts/empty.html")
def empty(title: str, hint: str = "", url: str = "", label: str = "") -> dict[str, str]:
    """Say what will appear here and how to start."""
    return {"title": title, "hint": hint, "url": url, "label": label}


@register.inclusion_tag("web/parts/stations.html")
def stations(items: Iterable[Mapping[str, Any]], *, line: bool = False) -> dict[str, Any]:
    """Draw steps as stations: mappings with ``title`` and ``state`` (done, now, next), perhaps who, until, note."""
    keys = ("who", "until", "note")
    rows = [{**dict.fromkeys(keys), "state": "next", **item} for item in items]
    return {"items": rows, "line": line}


@register.inclusion_tag("web/parts/timeline.html")
def timeline(items: Iterable[Mapping[str, Any]], token: str = "") -> dict[str, Any]:
    """List what happened: mappings with ``at``, ``text``, perhaps ``said``, ``recorded_at``, ``photos``."""
    keys = ("said", "recorded_at")
    return {"items": [{**dict.fromkeys(keys), "photos": (), **item} for item in items], "token": token}


@register.inclusion_tag("web/parts/photos.html")
def photos(files: Iterable[Any], token: str = "") -> dict[str, Any]:
    """Show stored photos as small pictures that open; ``token``: the follow link's secret that permits it."""
    return {"files": list(files), "token": token}


@register.inclusion_tag("web/parts/crumbs.html")
def crumbs(*pairs: str) -> dict[str, Any]:
    """Show where the page stands: ``url, text, url, text, …``; the last may have no url ("")."""
    return {"items": [{"url": url, "text": text} for url, text in zip(pairs[::2], pairs[1::2], strict=True)]}


@register.simple_tag(takes_context=True)
def side_nav(context: Context) -> SafeString:
    """Write the lines of the left navigation that whoever looks may open."""
    from bihuan.web.desk.nav import side_nav as lines

    return lines(context["request"])


@register.simple_tag(takes_context=True)
def view(context: Context) -> ViewChoice:
    """Return how this person wants pages: ``theme`` ("", light, dark), ``size`` ("", elder), ``lang``."""
    return view_choice(context.get("request"))


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: Any) -> str:
    """Return the page's query string with ``changes`` made (an empty value removes a key): ``?area=…&step=…``."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in {"", None}:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def person_masked(name: str) -> str:
    """Write a name as 张**: for people who need not know whose it is."""
    return f"{name[:1]}**" if name else ""


@register.simple_tag
def photo_url(file: Any, token: str = "", size: str = "") -> str:
    """Return the address of a stored photo; ``size="small"`` for a thumbnail."""
    query = {key: value for key, value in (("size", size), ("t", token)) if value}
    return reverse("portal:photo", args=[file.id]) + (f"?{urlencode(query)}" if query else "")


@register.simple_tag
def photo_words(file: Any) -> str:
    """Return what a photo shows, by its tag."""
    return {
        "scene": _("现场照片"),
        "before": _("办理前照片"),
        "after": _("办理后照片"),
        "paper": _("纸质材料"),
    }.get(file.tag, _("照片"))


@register.filter
def told(problem: Any) -> str:
    """Return why something may not be and how to mend it, as whole sentences; takes a problem or a mapping."""
    said = (problem.get("why"), problem.get("how")) if isinstance(problem, Mapping) else (problem.why, problem.how)
    stop = _("。")
    parts = [text if text[-1] in "。．.!?！？…" else text + stop for text in said if text]
    return ("" if stop == "。" else " ").join(parts)


@register.simple_tag(takes_context=True)
def holds(context: Context, permission: str) -> bool:
    """Say whether who is signed in holds a permission anywhere: the navigation shows no page that refuses them."""
    request = context.get("request")
    return request is not None and bool(actor_for(request).areas_with(permission))


@register.simple_tag(takes_context=True)
def signed_in(context: Context) -> str:
    """Return by which name the signed-in person is called: their own, or that of the account where it has nobody."""
    request = context.get("request")
    if request is None:
        return ""
    return actor_for(request).name or str(request.user)


# Ninety-nine are many; whoever has more need not be counted out.
_UNREAD = (
    "SELECT count(*) FROM (SELECT 1 FROM kernel_notification WHERE person_id = %s AND read_at IS NULL LIMIT 100) AS few"
)


@register.inclusion_tag("web/parts/bell.html", takes_context=True)
def nav_bell(context: Context) -> dict[str, Any]:
    """Show the bell with the number of unread lines, for a signed-in person."""
    request = context.get("request")
    person = getattr(getattr(request, "user", None), "person_id", None)
    if person is None:
        return {"url": "", "count": 0}
    unread = sql.rows(_UNREAD, [person])[0][0]
    try:
        return {"url": reverse("desk:notices"), "count": unread}
    except NoReverseMatch:
        return {"url": "", "count": 0}
