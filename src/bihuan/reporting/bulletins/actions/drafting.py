"""Beginning a text from a template, and editing it until it is signed off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.areas.api import find
from bihuan.kernel.api import AlreadyRecorded, BadInput, NotFound, Problem, already, clock, visible
from bihuan.people.api import BULLETIN_WRITE, Actor, require
from bihuan.reporting.bulletins import guards, heads, periods, wording
from bihuan.reporting.bulletins.editing import from_text
from bihuan.reporting.bulletins.filling import Filled, fill, fill_text
from bihuan.reporting.bulletins.known import figures_of, registers_of
from bihuan.reporting.bulletins.narrowing import narrowed, wrong
from bihuan.reporting.bulletins.reader import Live
from bihuan.reporting.bulletins.store import SUBJECT, begin, load, must, text_of, used_before
from bihuan.reporting.bulletins.templates import Template, template_of
from bihuan.reporting.documents import from_json, to_json
from bihuan.reporting.models import Bulletin

LONGEST = 20_000
LINES = {"title": 120, "to": 200, "copies": 200}


def draft(
    *,
    actor: Actor,
    entry_id: UUID,
    area_code: str,
    template: str,
    since: date | None = None,
    until: date | None = None,
    meeting_id: UUID | None = None,
    method: str = "",
    category: str = "",
) -> Bulletin:
    """Begin a text: its template is filled with what is known now.

    Args:
        actor: needs BULLETIN_WRITE in the area.
        entry_id: UUIDv7 made by the client; becomes the bulletin's id. Sent twice it is one.
        area_code: whose it is, and of which its figures are.
        template: key of one of ``templates_in(area_code)``.
        since: first day of its first month; the template's usual period where left out.
        until: last day of its last month.
        meeting_id: the meeting of which it is written, where the template is of one.
        method: whose matters are counted and listed: a key, "all", or "" as the template says.
        category: only matters of this kind; "" as the template says.

    Raises:
        PermissionDenied: the actor writes none there. NotFound: no such area or template.
        BadInput: a period that there is not, no meeting. Refused: the meeting is not over.
    """
    if (before := already(entry_id)) is not None:
        if (before.subject_type, before.subject_id) != (SUBJECT, entry_id):
            raise used_before()
        return Bulletin.objects.get(pk=entry_id)
    row = preview(
        actor=actor,
        entry_id=entry_id,
        area_code=area_code,
        template=template,
        since=since,
        until=until,
        meeting_id=meeting_id,
        method=method,
        category=category,
    )
    body = {
        "kind": row.kind,
        "template": row.template,
        "period": [str(row.period_from), str(row.period_until)] if row.period_from else [],
        "subject": str(row.subject_id) if row.subject_id else "",
    }
    try:
        with transaction.atomic():
            return begin(actor, row, entry_id, body)
    except AlreadyRecorded as error:  # the same form sent twice at once
        return Bulletin.objects.get(pk=error.entry.subject_id)


def preview(
    *,
    actor: Actor,
    entry_id: UUID,
    area_code: str,
    template: str,
    since: date | None = None,
    until: date | None = None,
    meeting_id: UUID | None = None,
    method: str = "",
    category: str = "",
) -> Bulletin:
    """Return a filled template that is kept nowhere: what ``draft`` would begin with, to be printed.

    Raises:
        As ``draft``.
    """
    if find(area_code) is None:
        raise NotFound(Problem("area_code", _("没有这个区域。"), _("请检查区域编号。")))
    require(actor, BULLETIN_WRITE, area_code)
    found = template_of(area_code, template)
    reader = _reader(actor, area_code, found, since, until, meeting_id)
    reader.only = narrowed(area_code, found, method, category)
    return _row(actor, entry_id, area_code, found, reader, fill(found.spec, reader))


def _reader(
    actor: Actor, area_code: str, template: Template, since: date | None, until: date | None, meeting_id: UUID | None
) -> Live:
    spec = template.spec
    if spec.of == "meeting" and meeting_id is None:
        raise BadInput(Problem("meeting_id", _("没有选会议。"), _("从一次已结束的会议开始写。")))
    usual = periods.usual(spec.period)
    if usual is not None and (since is None or until is None):
        since, until = usual
    if spec.period == "none":
        since = until = None
    return Live(
        actor,
        area_code,
        since,
        until,
        meeting_id if spec.of == "meeting" else None,
        template.method_key,
        int(spec.window.amount),
    )


def _row(actor: Actor, entry_id: UUID, area_code: str, template: Template, reader: Live, filled: Filled) -> Bulletin:
    spec = template.spec
    return Bulletin(
        id=entry_id,
        kind=spec.kind,
        template=template.key,
        area_code=area_code,
        code=filled.code[:20],
        title=filled.title[: LINES["title"]],
        blocks_json=to_json(filled.blocks),
        figures_json=filled.questions,
        form=spec.form,
        to=filled.to[: LINES["to"]],
        copies=filled.copies[: LINES["copies"]],
        subject_type="meeting" if reader.meeting_id else "",
        subject_id=reader.meeting_id,
        author_id=actor.person_id,
        period_from=reader.since,
        period_until=reader.until,
        rules_json={
            "issuer": filled.issuer[:60],
            "sign": spec.sign,
            "window": int(spec.window.amount),
            "method": template.method_key,
            "only": reader.only.as_json(),
            "head": heads.of_template(spec).as_json(),
            "people": [list(pair) for pair in reader.people()] if spec.form == "jiyao" else [],
        },
        created_at=clock.now(),
    )


def reader_of(actor: Actor, row: Bulletin) -> Live:
    """Return what a bulletin's numbers are read with."""
    return Live(
        actor,
        row.area_code,
        row.period_from,
        row.period_until,
        row.subject_id if row.subject_type == "meeting" else None,
        row.rules_json.get("method", ""),
        int(row.rules_json.get("window", 0)),
        wording.Only(**row.rules_json.get("only", {})),
    )


@transaction.atomic
def edit(
    *,
    actor: Actor,
    entry_id: UUID,
    bulletin_id: UUID,
    title: str,
    text: str,
    to: str = "",
    copies: str = "",
    head: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
) -> Bulletin:
    """Change what it says; it is a draft again. New ``{指标 …}`` in the text are filled in.

    Args:
        actor: needs BULLETIN_WRITE.
        entry_id: UUIDv7 made by the client.
        bulletin_id: which.
        title: at most 120 characters.
        text: the whole text as it is edited (``editing``), at most 20,000 characters.
        to: 主送机关.
        copies: 抄送机关.
        head: 公文要素 to change: joint, upward, signers, urgency, annotation, sealed, both_sides.
        expected_version: the version that was edited; another one since then is a conflict.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says.
        Conflict: somebody else changed it meanwhile. Refused: it was signed off.
        BadInput: no title, too long, braces that cannot be read; every problem at once.
    """
    work = load(actor=actor, permission=BULLETIN_WRITE, entry_id=entry_id, bulletin_id=bulletin_id)
    row = work.row
    if work.resent:
        return row
    must(guards.open_to_edit(row), _meanwhile(row, expected_version))
    lines = {"title": title, "to": to, "copies": copies}
    problems = [problem for name, words in lines.items() if (problem := _too_long(name, words))]
    text = visible(text)
    if len(text) > LONGEST:
        problems.append(Problem("text", _("太长：最多 %(n)s 个字。") % {"n": LONGEST}, _("分成几份写。")))
    if not " ".join(title.split()):
        problems.append(Problem("title", _("没有写题目。"), ""))
    around, wrong_head = heads.changed(heads.head_of(row), head or {})
    problems += wrong_head
    if problems:
        raise BadInput(problems)
    questions = dict(row.figures_json)
    blocks = _filled_in(actor, row, text, questions)
    work.set(
        **{name: " ".join(visible(words).split()) for name, words in lines.items()},
        blocks_json=to_json(blocks),
        figures_json=questions,
        rules_json={**row.rules_json, "head": around.as_json()},
        state=Bulletin.State.DRAFT,
    )
    work.record("bulletin.edited", {}, sealed=[text_of(row)])
    return row


def _meanwhile(row: Bulletin, expected: int | None) -> Problem | None:
    if expected is None or expected == row.version:
        return None
    return Problem("", _("别人刚刚改过这一份。"), _("把自己改的复制下来，刷新后再改。"))


def _too_long(name: str, words: str) -> Problem | None:
    most = LINES[name]
    if len(words) <= most:
        return None
    return Problem(name, _("太长：最多 %(n)s 个字。") % {"n": most}, _("写短一些。"))


def _filled_in(actor: Actor, row: Bulletin, text: str, questions: dict[str, Any]) -> list[Any]:
    """Return the text's blocks, with what was newly put in braces filled in."""
    put = wording.KEPT.sub("", text)
    if "{" not in put and "}" not in put:
        return from_text(text)
    reading = wording.read(put)
    problems = [Problem("text", mistake.zh, mistake.mend) for mistake in reading.mistakes]
    known = figures_of(None) | {str(one.get("key", "")) for one in questions.values()}
    for key in reading.figures():
        if key not in known:
            problems.append(Problem("text", _("没有指标“%s”。") % key, _("可写：%s。") % "、".join(sorted(known))))
        elif row.period_from is None:
            problems.append(Problem("text", _("这一份没有期间，不能用指标。"), _("直接写数字。")))
    missing = [key for key in reading.registers() if key not in registers_of(None)]
    problems += [Problem("text", _("没有台账“%s”。") % key, "") for key in missing]
    problems += wrong(row.area_code, [only for _line, only in reading.narrowed()])
    if problems:
        raise BadInput(problems)
    reader = reader_of(actor, row)
    out: list[Any] = []
    for line in text.splitlines():
        if "{" in wording.KEPT.sub("", line):
            hidden, back = _hide(line)
            found = to_json(fill_text(hidden, reader, questions))
            out += [_back(block, back) for block in found]
        else:
            out.append(line)
    return _joined(out)


def _hide(line: str) -> tuple[str, dict[str, str]]:
    """Take the numbers that are there out of a line while it is filled."""
    back: dict[str, str] = {}

    def put(found: Any) -> str:
        sign = f"\x02{len(back)}\x03"
        back[sign] = found[0]
        return sign

    return wording.KEPT.sub(put, line), back


def _back(block: dict[str, Any], back: dict[str, str]) -> dict[str, Any]:
    text = block.get("text")
    for sign, number in back.items():
        text = text.replace(sign, number) if text is not None else None
    return {**block, "text": text} if text is not None else block


def _joined(parts: list[Any]) -> list[Any]:
    """Return blocks in order: lines of text read together, between blocks that were filled in."""
    found: list[Any] = []
    lines: list[str] = []
    for part in parts:
        if isinstance(part, str):
            lines.append(part)
            continue
        found += from_text("\n".join(lines))
        lines = []
        found += from_json([part])
    return [*found, *from_text("\n".join(lines))]
