"""Desk pages: a team's duty roster, making one, the log of a duty."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.activities.duties import api as duties
from bihuan.activities.duties.api import LogPage, Proposal, RosterPage
from bihuan.areas.api import children, display_name, names
from bihuan.kernel.api import NotFound, Problem, clock, new_id, parse_id
from bihuan.people.api import Actor, actor_for
from bihuan.web.desk.activities import TOLD
from bihuan.web.desk.duties_forms import MakeForm, NoteForm
from bihuan.web.portal.secrets import form_id

USUAL = "工作日 09:00–11:00 2人"
CALL_BADGES = {"open": "doing", "settled": "settled", "matter": "open"}


@never_cache
@require_safe
def roster(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """A month of a team's duties."""
    return _show_roster(request, duties.roster_page(actor_for(request), team_id, request.GET.get("month", "")))


def _show_roster(
    request: HttpRequest, page: RosterPage, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    now = clock.now()
    turns = [turn for day in page.days for shift in day.shifts for turn in shift.turns]
    home = reverse("desk:roster", args=[page.team.pk])
    last = monthrange(page.month.year, page.month.month)[1]
    context = {
        "page": page,
        "team": page.team,
        "problems": problems,
        "new_id": new_id,
        "may_keep": page.may["keep"] is None,
        "may_log": page.may["log"] is None,
        "to_come": [turn for turn in turns if not turn.over and not turn.handed],
        "mine": [turn for turn in turns if turn.mine and not turn.over and not turn.handed],
        "wanted": [turn for turn in turns if (turn.empty or turn.offered) and not turn.over and not turn.mine],
        "current": [one for one in page.rosters if one.ended_at is None and one.until >= now.date()],
        "weekdays": [(str(n + 1), title, str(n + 1) in page.own_away) for n, title in WEEKDAYS.items()],
        "away_days": " ".join(day for day in page.own_away if len(day) > 1),
        "before_url": f"{home}?month={page.month - timedelta(days=1):%Y-%m}",
        "after_url": f"{home}?month={page.month + timedelta(days=last):%Y-%m}",
    }
    return render(request, "web/desk/duties/roster.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Make a roster: what is proposed by turns, to be looked at; then published exactly so."""
    actor = actor_for(request)
    page = duties.roster_page(actor, team_id)  # 404 for who may not know of it, before anything is said
    form = MakeForm(request.POST if request.method == "POST" else None, initial=_usual(page))
    status, proposal, key = 200, None, form_id(request.POST.get("entry_id", ""))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("since", "until")} | {
                "text": form.cleaned_data["shifts"]
            }
            try:
                if request.POST.get("digest"):
                    digest = request.POST["digest"]
                    made = duties.publish_roster(actor=actor, entry_id=key, team_id=team_id, digest=digest, **given)
                    messages.success(request, _("值班表已公布，有账号的队员会收到消息。"))
                    return HttpResponseRedirect(f"{reverse('desk:roster', args=[team_id])}?month={made.since:%Y-%m}")
                proposal = duties.make_roster(actor=actor, team_id=team_id, **given)
                status = 200
            except TOLD as error:
                form.tell(error.problems)
    elif page.may["keep"] is not None:
        return _show_roster(request, page, (page.may["keep"],), 403)
    context = {"page": page, "team": page.team, "form": form, "proposal": proposal, "entry_id": key}
    return render(request, "web/desk/duties/make.html", context | _table(proposal), status=status)


def _usual(page: RosterPage) -> dict[str, Any]:
    """Return what is asked for as a rule: what is left of this month or the next one, with the shifts as they were."""
    today = clock.today()
    first = today if not page.rosters else (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    shifts = page.rosters[-1].shifts if page.rosters else USUAL
    return {"since": first, "until": last, "shifts": shifts}


def _table(proposal: Proposal | None) -> dict[str, Any]:
    """Return a proposal as rows: a shift of a day, and who stands it."""
    if proposal is None:
        return {"rows": []}
    rows: dict[tuple[date, Any], dict[str, Any]] = {}
    for seat in proposal.seats:
        key = (seat.slot.starts, seat.slot.ends)
        row = rows.setdefault(key, {"slot": seat.slot, "names": [], "empty": 0})
        if seat.member is None:
            row["empty"] += 1
        else:
            row["names"].append(seat.member.name or "—")
    return {"rows": list(rows.values())}


@never_cache
@require_POST
def roster_act(request: HttpRequest, team_id: UUID, act: str) -> HttpResponse:
    """Do one thing with a roster. Refused: the page again with the reasons."""
    actor = actor_for(request)
    page = duties.roster_page(actor, team_id, request.POST.get("month", ""))
    handler = _ROSTER_ACTS.get(act)
    if handler is None:
        raise Http404
    try:
        said = handler(request, actor, page)
    except TOLD as error:
        return _show_roster(request, page, tuple(error.problems), 422)
    messages.success(request, said)
    return HttpResponseRedirect(f"{reverse('desk:roster', args=[team_id])}?month={page.month:%Y-%m}")


def common(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """Return who acts, and the id that the form carried."""
    return {"actor": actor, "entry_id": parse_id(request.POST.get("entry_id", ""))}


def chosen(request: HttpRequest, name: str) -> UUID:
    """Return the id that was chosen in a form."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise NotFound(Problem(name, _("没有选。"), _("请从列出的里面选一个。"))) from error


def _on(request: HttpRequest, page: RosterPage, name: str = "duty") -> UUID:
    """Return the chosen duty, one of this team's."""
    key = chosen(request, name)
    if key not in {turn.id for day in page.days for shift in day.shifts for turn in shift.turns}:
        raise NotFound(Problem(name, _("这张表上没有那一班。"), _("请刷新页面。")))
    return key


def _swap(request: HttpRequest, actor: Actor, page: RosterPage) -> str:
    one, other = _on(request, page), _on(request, page, "other")
    duties.swap(**common(request, actor), duty_id=one, other_id=other, reason=request.POST.get("reason", ""))
    return _("已换班，有账号的会收到消息。")


def _stand_in(request: HttpRequest, actor: Actor, page: RosterPage) -> str:
    duties.stand_in(
        **common(request, actor),
        duty_id=_on(request, page),
        member_id=chosen(request, "member"),
        reason=request.POST.get("reason", ""),
    )
    return _("已安排顶班，有账号的会收到消息。")


def _offer(request: HttpRequest, actor: Actor, page: RosterPage) -> str:
    duties.offer(**common(request, actor), duty_id=_on(request, page), reason=request.POST.get("reason", ""))
    return _("已告诉队长。有人顶班以前，这一班还是您的。")


def _away(request: HttpRequest, actor: Actor, page: RosterPage) -> str:
    days = [
        *request.POST.getlist("weekday"),
        *request.POST.get("days", "").replace("，", " ").replace("、", " ").split(),
    ]
    if page.own_member is None:
        raise NotFound(Problem("", _("您不在这支队伍里。"), _("先加入队伍。")))
    duties.set_away(**common(request, actor), member_id=page.own_member, days=days)
    return _("记下了，下次排班会避开这些日子。")


def _take_back(request: HttpRequest, actor: Actor, page: RosterPage) -> str:
    key = chosen(request, "roster")
    if key not in {one.pk for one in page.rosters}:
        raise NotFound(Problem("roster", _("没有这张值班表。"), _("请刷新页面。")))
    duties.take_back(**common(request, actor), roster_id=key, reason=request.POST.get("reason", ""))
    return _("已撤回，还没值的班取消了。")


_ROSTER_ACTS: dict[str, Callable[[HttpRequest, Actor, RosterPage], str]] = {
    "swap": _swap,
    "stand_in": _stand_in,
    "offer": _offer,
    "away": _away,
    "take_back": _take_back,
}


@dataclass(slots=True)
class Typed:
    """What was typed on the log's page where it was refused, and what is shown in the clear."""

    note: NoteForm = field(default_factory=NoteForm)
    problems: tuple[Problem, ...] = ()
    shown: tuple[UUID, str] | None = None


@never_cache
@require_safe
def log(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """The log of one duty."""
    return _show_log(request, duties.log_page(actor_for(request), duty_id), Typed())


def _show_log(request: HttpRequest, page: LogPage, typed: Typed, status: int = 200) -> HttpResponse:
    may_matter = page.may["matter"] is None
    context = {
        "page": page,
        "team": page.team,
        "duty": page.duty,
        "typed": typed,
        "lines": [(line, CALL_BADGES[line.state]) for line in page.calls],
        "earlier": [(line, CALL_BADGES[line.state]) for line in page.open_before],
        "new_id": new_id,
        "can": {name: refusal is None for name, refusal in page.may.items()},
        "places": [(one.code, display_name(one)) for one in children(page.team.area_code)] if may_matter else [],
        "area_name": names([page.team.area_code]).get(page.team.area_code, "") if may_matter else "",
    }
    return render(request, "web/desk/duties/log.html", context, status=status)


@never_cache
@require_POST
def log_act(request: HttpRequest, duty_id: UUID, act: str) -> HttpResponse:
    """Do one thing in the log of a duty. Refused: the page again with the reasons and what was typed."""
    actor = actor_for(request)
    page = duties.log_page(actor, duty_id)
    handler = _LOG_ACTS.get(act)
    if handler is None:
        raise Http404
    typed = Typed()
    try:
        said = handler(request, actor, page, typed)
    except TOLD as error:
        if act == "note":
            typed.note.tell(error.problems)
        else:
            typed.problems = tuple(error.problems)
        said = ""
    if typed.shown is not None:
        return _show_log(request, page, typed)
    if not said:
        return _show_log(request, duties.log_page(actor, duty_id), typed, 422)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:duty", args=[duty_id]))


def _note(request: HttpRequest, actor: Actor, page: LogPage, typed: Typed) -> str:
    typed.note = form = NoteForm(request.POST)
    given = common(request, actor)
    if not form.is_valid():
        return ""
    duties.note_call(**given, duty_id=page.duty.id, **form.given(page))
    return _("已登记。")


def _call(request: HttpRequest, page: LogPage) -> UUID:
    key = chosen(request, "call")
    if key not in {line.id for line in (*page.calls, *page.open_before)}:
        raise NotFound(Problem("call", _("这一班的登记里没有这一件。"), _("请刷新页面。")))
    return key


def _instruct(request: HttpRequest, actor: Actor, page: LogPage, _typed: Typed) -> str:
    duties.instruct(**common(request, actor), call_id=_call(request, page), words=request.POST.get("words", ""))
    return _("批示已记下。")


def _settle(request: HttpRequest, actor: Actor, page: LogPage, _typed: Typed) -> str:
    duties.settle_call(**common(request, actor), call_id=_call(request, page), result=request.POST.get("result", ""))
    return _("已办结。")


def _matter(request: HttpRequest, actor: Actor, page: LogPage, _typed: Typed) -> str:
    key, area = parse_id(request.POST.get("entry_id", "")), request.POST.get("area", "")
    done = duties.call_to_matter(actor=actor, id=key, call_id=_call(request, page), area_code=area)
    return _("已转为事项 %(number)s，进展以后看事项。") % {"number": done.display_number}


def _reveal(request: HttpRequest, actor: Actor, page: LogPage, typed: Typed) -> str:
    key, what = _call(request, page), request.POST.get("what", "")
    if what not in {"name", "phone"}:
        raise NotFound(Problem("what", _("没有选。"), _("请从列出的里面选一个。")))
    typed.shown = (key, duties.reveal_call(actor=actor, call_id=key, what=what, reason=request.POST.get("reason", "")))
    return ""


def _hand(request: HttpRequest, actor: Actor, page: LogPage, _typed: Typed) -> str:
    minutes = request.POST.get("minutes", "")
    duties.hand_over(
        **common(request, actor),
        duty_id=page.duty.id,
        taker_id=chosen(request, "taker") if request.POST.get("taker") else None,
        undone=request.POST.get("undone", ""),
        minutes=(int(minutes) if minutes.isdecimal() and len(minutes) < 6 else 0) if minutes else None,
    )
    return _("已交班，时长待公示。")


_LOG_ACTS: dict[str, Callable[[HttpRequest, Actor, LogPage, Typed], str]] = {
    "note": _note,
    "instruct": _instruct,
    "settle": _settle,
    "matter": _matter,
    "reveal": _reveal,
    "hand": _hand,
}


urlpatterns = [
    path("teams/<uuid:team_id>/roster/", roster, name="roster"),
    path("teams/<uuid:team_id>/roster/make/", make, name="roster_make"),
    path("teams/<uuid:team_id>/roster/do/<slug:act>/", roster_act, name="roster_act"),
    path("duties/<uuid:duty_id>/", log, name="duty"),
    path("duties/<uuid:duty_id>/do/<slug:act>/", log_act, name="duty_act"),
]
