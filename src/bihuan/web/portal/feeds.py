"""Atom feeds (RFC 4287) of what an area publishes: ids that stay, instants of the last change, nobody's name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.activities.models import Activity
from bihuan.areas.api import ancestors, display_name, subtree_q
from bihuan.areas.models import Area
from bihuan.kernel.models import Entry
from bihuan.reporting.bulletins import api as bulletins
from bihuan.reporting.models import Bulletin
from bihuan.web import dates
from bihuan.web.portal import queries
from bihuan.web.portal.subjects import area_of

MOST = 30
_SAID = ("activity.announced", "activity.changed", "activity.moved", "activity.called_off", "activity.held")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed. ``id`` stays as it is whatever becomes of the words."""

    id: str
    title: str
    words: str
    path: str
    published: datetime
    updated: datetime


class _Atom(Atom1Feed):
    """Django's, with the id and the instants that the standard asks for even of an empty feed."""

    def latest_post_date(self) -> datetime:
        """Return the last change; of an empty feed the beginning of time: it has not changed."""
        found = [item["updateddate"] for item in self.items]
        return max(found) if found else datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class _AreaFeed(Feed):  # type: ignore[type-arg]
    """A feed of one kind of an area. Texts are plain."""

    feed_type = _Atom
    kind = ""
    page = ""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Area:
        """Return the area.

        Raises:
            Http404: where it has no public side.
        """
        return area_of(kwargs["code"])

    def heading(self) -> str:
        """Return what this is a feed of."""
        raise NotImplementedError

    def found(self, area: Area) -> Iterable[Item]:
        """Return the newest."""
        raise NotImplementedError

    def title(self, obj: Area) -> str:
        """Place and kind."""
        return f"{display_name(obj)} · {self.heading()}"

    def link(self, obj: Area) -> str:
        """The page of the same list."""
        return settings.PUBLIC_URL + reverse(f"portal:{self.page}", args=[obj.code])

    def feed_url(self, obj: Area) -> str:
        """The feed's own address."""
        return settings.PUBLIC_URL + reverse(f"portal:{self.kind}_feed", args=[obj.code])

    def feed_guid(self, obj: Area) -> str:
        """An id that stays."""
        return self.feed_url(obj)

    def author_name(self, obj: Area) -> str:
        """The area: never a person."""
        return str(obj.name)

    def items(self, obj: Area) -> list[Item]:
        """The newest."""
        return list(self.found(obj))

    def item_title(self, item: Any) -> str:
        """Public words."""
        return str(item.title)

    def item_description(self, item: Any) -> str:
        """Public words."""
        return escape(item.words)  # the generator declares it to be HTML

    def item_link(self, item: Any) -> str:
        """Its page."""
        return settings.PUBLIC_URL + str(item.path)

    def item_guid(self, item: Any) -> str:
        """An id that stays."""
        return str(item.id)

    def item_pubdate(self, item: Any) -> datetime:
        """When it was published."""
        at: datetime = item.published
        return at

    def item_updateddate(self, item: Any) -> datetime:
        """When it changed last."""
        at: datetime = item.updated
        return at


class _Results(_AreaFeed):
    kind, page = "results", "results"

    def heading(self) -> str:
        return _("办结的事项")

    def found(self, area: Area) -> Iterable[Item]:
        for row in queries.results_of(area.code, limit=MOST).rows:
            at = row.closed_at or row.created_at
            words = f"{row.area_name} · {row.words}" if row.words else row.area_name
            path = reverse("portal:matter", args=[row.number])
            yield Item(f"{settings.PUBLIC_URL}{path}", row.title, words, path, at, at)


class _Meetings(_AreaFeed):
    kind, page = "meetings", "meetings"

    def heading(self) -> str:
        return _("会议结果")

    def found(self, area: Area) -> Iterable[Item]:
        for row in queries.latest_meetings(area.code, limit=MOST):
            told = {"items": row.items, "carried": row.carried}
            words = _("%(items)s 项议题，通过 %(carried)s 项") % told
            yield Item(
                _urn(row.id), row.title, words, reverse("portal:meeting", args=[row.id]),
                row.published_at, row.published_at,
            )  # fmt: skip


class _Notices(_AreaFeed):
    kind, page, only = "notices", "notices", ""

    def heading(self) -> str:
        return _("公开的简报和公示")

    def found(self, area: Area) -> Iterable[Item]:
        rows = bulletins.published_bulletins(area.code, kind=self.only, limit=MOST).rows
        ended = dict(
            Bulletin.objects.filter(pk__in=[row.id for row in rows], concluded_at__isnull=False).values_list(
                "pk", "concluded_at"
            )
        )
        for row in rows:
            words = " · ".join(part for part in (row.area_name, row.kind_title, row.number) if part)
            path = reverse("portal:notice", args=[row.id])
            yield Item(_urn(row.id), row.title, words, path, row.at, ended.get(row.id) or row.at)


class _Models(_Notices):
    kind, only = "models", "model"

    def heading(self) -> str:
        return _("身边榜样")


class _Activities(_AreaFeed):
    kind, page = "activities", "public"

    def heading(self) -> str:
        return _("活动")

    def found(self, area: Area) -> Iterable[Item]:
        around = subtree_q("area_code", area.code) | Q(area_code__in=ancestors(area.code))
        rows = list(Activity.objects.filter(around).order_by("-announced_at", "-pk")[:MOST])
        said = Entry.objects.filter(subject_type="activity", subject_id__in=[row.pk for row in rows], verb__in=_SAID)
        changed = dict(said.order_by().values_list("subject_id").annotate(at=Max("recorded_at")))
        for row in rows:
            called_off = row.state == Activity.State.CANCELLED
            words = f"{dates.exact(row.starts_at)} · {row.place}"
            words = _("已取消：%(what)s") % {"what": words} if called_off else words
            path = reverse("portal:activity", args=[row.pk])
            yield Item(_urn(row.pk), row.title, words, path, row.announced_at, changed.get(row.pk, row.announced_at))


def _urn(key: UUID) -> str:
    return f"urn:uuid:{key}"


def _view(feed: _AreaFeed) -> Any:
    """Return a feed as a view: for reading, without an account, asked for anew each time."""

    @login_not_required
    @require_safe
    def answer(request: HttpRequest, code: str) -> HttpResponse:
        response: HttpResponse = feed(request, code=code)
        response["Cache-Control"] = "no-cache"
        return response

    return answer


results = _view(_Results())
meetings = _view(_Meetings())
notices = _view(_Notices())
models = _view(_Models())
activities = _view(_Activities())
