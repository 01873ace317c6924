"""Following a matter by its secret link: where it stands, until when, and what the reporter may say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, id_from, new_id
from bihuan.matters.api import (
    MatterPage,
    Photo,
    advance,
    by_follow_token,
    kept_about,
    matter_page,
    supervisor_by,
    unfollow,
)
from bihuan.matters.api import follow as follow_matter
from bihuan.matters.models import Matter
from bihuan.meetings.api import published_deliberations
from bihuan.methods.api import Offer
from bihuan.people.api import Actor, actor_for
from bihuan.web import chain, source
from bihuan.web.portal import kept, method
from bihuan.web.portal.forms import ActForm
from bihuan.web.portal.secrets import form_id, link_secret
from bihuan.web.stages import progress_of

_WITH_PHOTOS = frozenset({"deny", "reopen", "return", "note"})  # where a picture shows what words cannot


@dataclass(frozen=True, slots=True)
class Holder:
    """Who came by which link: the reporter or a follower (``via_link``), or a party named on the matter."""

    matter: Matter
    actor: Actor
    token: str
    via_link: str | None
    url: str

    def sheet(self) -> MatterPage:
        """Return the matter as this holder sees it."""
        return matter_page(self.actor, self.matter.pk, via_link=self.via_link)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@source.guessed_slowly
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the matter to the holder of the reporter's or a follower's link; take what they say."""
    matter = by_follow_token(token)
    if matter is None:
        raise Http404
    url = reverse("portal:follow", args=[token])
    return _answer(request, Holder(matter, actor_for(request), token, token, url))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@source.guessed_slowly
def supervise(request: HttpRequest, token: str) -> HttpResponse:
    """The same page for the supervising resident, who needs no account: the link is theirs and this matter's alone."""
    found = supervisor_by(token)
    if found is None:
        raise Http404
    matter, actor = found
    return _answer(request, Holder(matter, actor, token, None, reverse("portal:supervise", args=[token])))


def _answer(request: HttpRequest, holder: Holder) -> HttpResponse:
    return _act(request, holder) if request.method == "POST" else _show(request, holder)


def _show(
    request: HttpRequest,
    holder: Holder,
    refused: tuple[str, ActForm, list[kept.Kept]] | None = None,
    status: int = 200,
) -> HttpResponse:
    sheet = holder.sheet()
    matter = sheet.matter
    limit = next_limit(sheet)
    words = {
        "page": sheet,
        "token": holder.token,
        "url": holder.url,
        "acts": [_card(sheet, offer, refused) for offer in sheet.offers if _shown(offer)],
        "form_id": new_id(),
        "progress": progress_of(matter.version_ref_id, sheet.steps, is_open=matter.is_open, until=limit),
        "limit": limit,
        "solved": method.is_solved(matter.version_ref_id, matter.outcome),
        "is_follower": holder.via_link is not None and "reporter" not in sheet.roles,
        "timeline": lines_of(sheet),
        "deliberated": chain.shown(published_deliberations(matter.pk)),
        "link": request.build_absolute_uri(holder.url),
        "most_photos": settings.PHOTO_MAX_COUNT,
        "mine": kept_about(actor=holder.actor, matter=matter, via_link=holder.via_link) if holder.via_link else None,
    }
    response = render(request, "web/portal/follow.html", words, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _shown(offer: Offer) -> bool:
    """Show what may be done, and what is waited for with the reason why not yet."""
    return not offer.refusals or offer.must


def _card(sheet: MatterPage, offer: Offer, refused: tuple[str, ActForm, list[kept.Kept]] | None) -> dict[str, Any]:
    mine = refused is not None and refused[0] == offer.action
    english = method.reads_english()
    return {
        "offer": offer,
        "title": method.say((offer.title, offer.title_en)),
        "why_not": [(item.message_en if english else item.message) for item in offer.refusals],
        "form": refused[1] if refused is not None and mine else _form(sheet, offer),
        "kept": refused[2] if refused is not None and mine else [],
        "open": mine or (offer.primary and not offer.refusals),
    }


def _form(sheet: MatterPage, offer: Offer, *data: Any) -> ActForm:
    form = ActForm(
        *data,
        reason=offer.reason,
        with_photos=bool(offer.photos) or offer.does in _WITH_PHOTOS,
        auto_id=f"{offer.action}_%s",
    )
    for key in offer.gives:
        form.fields[f"give_{key}"] = method.form_field(sheet.matter.version_ref_id, key, needed=key in offer.required)
    form.order_fields([f"give_{key}" for key in offer.gives])
    return form


def next_limit(sheet: MatterPage) -> Any:
    """Return the nearest running limit, or nothing."""
    running = [clock.due_at for clock in sheet.clocks if clock.stopped_at is None and clock.paused_at is None]
    return min(running, default=None)


def lines_of(sheet: Any) -> list[Mapping[str, Any]]:
    """Return the timeline as the part shows it, the latest first."""
    by_id = {photo.id: photo for photo in sheet.photos}
    return [
        {
            "at": line.happened_at,
            "recorded_at": line.recorded_at if (line.recorded_at - line.happened_at).total_seconds() > 3600 else None,
            "text": line.sentence,
            "said": "" if line.reason in line.sentence else line.reason,
            "photos": [by_id[photo] for photo in line.photos if photo in by_id],
        }
        for line in reversed(sheet.timeline)
    ]


def _act(request: HttpRequest, holder: Holder) -> HttpResponse:
    sheet = holder.sheet()
    action = request.POST.get("action", "")
    offer = next((item for item in sheet.offers if item.action == action and _shown(item)), None)
    if offer is None:
        messages.warning(request, _("这一步已经办过，或者现在不能办。下面是最新的情况。"))
        return HttpResponseRedirect(holder.url)
    photos, wrong = kept.gather(request)
    form = _form(sheet, offer, request.POST)
    if slow_down := source.too_fast(request, source.ACT):
        form.tell([Problem("", slow_down)])
        return _show(request, holder, (action, form, photos), status=429)
    form.tell(wrong)
    if form.is_valid():
        try:
            return _advance(request, holder, offer, form, photos)
        except (BadInput, Refused, NotFound) as error:
            form.tell(_beside(form, error.problems))
        except Conflict:
            form.tell([Problem("", _("就在刚才，这件事有了新进展。"), _("请看下面最新的情况，再决定是否提交。"))])
        except PermissionDenied as error:
            form.tell([Problem("", str(error) or _("这个链接不能办这一步。"))])
    return _show(request, holder, (action, form, photos), status=422)


def _beside(form: forms.Form, problems: tuple[Problem, ...]) -> list[Problem]:
    return [
        Problem(f"give_{item.field}", item.why, item.how) if f"give_{item.field}" in form.fields else item
        for item in problems
    ]


def _advance(
    request: HttpRequest, holder: Holder, offer: Offer, form: ActForm, photos: list[kept.Kept]
) -> HttpResponse:
    matter = holder.matter
    data = {
        key.removeprefix("give_"): value
        for key, value in form.cleaned_data.items()
        if key.startswith("give_") and value not in ("", None)
    }
    reason = str(form.cleaned_data.get("reason", ""))
    if reason:
        data["reason"] = reason
    tag = next(iter(offer.photos), "scene")
    opened = [(photo, photo.open()) for photo in photos]
    try:
        advance(
            actor=holder.actor,
            matter_id=matter.pk,
            action=offer.action,
            data=data,
            photos=[Photo(upload=file, tag=tag, file_id=photo.file_id) for photo, file in opened],
            entry_id=id_from(form_id(request.POST.get("form_id", "")), str(matter.pk), offer.action, reason),
            via_link=holder.via_link,
        )
    finally:
        for _photo, file in opened:
            file.close()
    what = method.say((offer.title, offer.title_en))
    messages.success(request, _("已记下：%(what)s。谢谢您。") % {"what": what})
    return HttpResponseRedirect(holder.url)


@login_not_required
@require_POST
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """“我也遇到，关注”: follow a public matter instead of reporting it again; no account, no name."""
    if message := source.too_fast(request, source.FOLLOW):
        return render(request, "web/portal/slow.html", {"message": message}, status=429)
    matter = Matter.objects.filter(number=number, public=True).first()
    if matter is None:
        raise Http404
    follow_id = id_from(form_id(request.POST.get("form_id", "")), "follow", number)
    try:
        token = follow_matter(
            actor=actor_for(request), id=follow_id, matter_id=matter.pk, follow_token=link_secret(follow_id)
        )
    except (BadInput, Refused, NotFound) as error:
        messages.warning(request, " ".join(f"{item.why} {item.how}" for item in error.problems))
        return HttpResponseRedirect(reverse("portal:matter", args=[number]))
    if not token:
        messages.success(request, _("您已经在关注这件事，进展会通知您。"))
        return HttpResponseRedirect(reverse("portal:matter", args=[number]))
    messages.success(request, _("已关注。请收藏本页：这是您自己的查询链接，进展都写在这里。"))
    return HttpResponseRedirect(reverse("portal:follow", args=[token]))


@login_not_required
@require_POST
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Follow no longer; the link ends with it."""
    matter = by_follow_token(token)
    if matter is None:
        raise Http404
    unfollow(actor=actor_for(request), matter_id=matter.pk, follow_token=token)
    messages.success(request, _("已取消关注。"))
    return HttpResponseRedirect(reverse("portal:home"))
