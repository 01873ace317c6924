"""Registers the bulletins section with the method language: its check, and how it is drawn."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from bihuan.methods.api import Method, Report, Section, Table, register_section, warn_of_words
from bihuan.reporting.bulletins import wording
from bihuan.reporting.bulletins.section import FORMS, KEY, KEY_ZH, KINDS, Bulletins, BulletinSpec

_KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
Path = tuple[str | int, ...]


def check(method: Method, section: Bulletins, report: Report) -> None:
    """Report everything wrong with a section, at its lines."""
    from bihuan.reporting.bulletins.known import figures_of, registers_of

    figures, registers = figures_of(method), registers_of(method)
    for key, spec in section.bulletins.items():
        path: Path = (KEY, "bulletins", key)
        if not _KEY.match(key):
            report.error(
                path, "bad-key", f"代号“{key}”的写法不对。", f"The key '{key}' is not written as it must be.",
                "只用小写字母、数字和下划线，以字母开头；名称写在“标题”里。",
                "Lower-case letters, digits and _, a letter first; the name goes into 'title'.",
            )  # fmt: skip
        check_spec(spec, path, figures, registers, report)
        _kinds(method, spec, path, report)


def check_spec(
    spec: BulletinSpec, path: Path, figures: Collection[str], registers: Collection[str], report: Report
) -> None:
    """Report what cannot be filled of one template."""
    for name in ("heading", "text", "issuer", "code", "to", "copies"):
        where, text = (*path, name), getattr(spec, name)
        reading = wording.read(text)
        for mistake in reading.mistakes:
            at = f"第 {mistake.line} 行：" if name == "text" else ""
            at_en = f"line {mistake.line}: " if name == "text" else ""
            report.error(where, mistake.code, at + mistake.zh, at_en + mistake.en, mistake.mend, mistake.mend_en)
        for found, known, what, what_en in (
            (reading.figures(), figures, "指标", "figure"),
            (reading.registers(), registers, "台账", "register"),
        ):
            for one, line in found.items():
                if one not in known:
                    report.error(
                        where, f"unknown-{what_en}", f"第 {line} 行：没有{what}“{one}”。",
                        f"line {line}: there is no {what_en} '{one}'.", f"可写：{'、'.join(sorted(known))}。",
                        f"There are: {', '.join(sorted(known))}.",
                    )  # fmt: skip
        _meeting_words(spec, where, reading, report)
        if spec.period == "none" and reading.figures():
            report.error(
                where, "no-period", "用到了指标，但“期间”写的是“无”。", "It has figures, and is of no period.",
                "写上“期间: 月”、季或今年。", "Give it a period: month, quarter or year.",
            )  # fmt: skip
        warn_of_words(where, text, report)
    window = spec.window
    if window.unit != "workdays" or not 1 <= window.amount <= 60:
        report.error(
            (*path, "window"), "bad-window", "公示期要写工作日，1 到 60 个。", "The window is 1 to 60 workdays.",
            "写成“5 个工作日”。", "Write '5 workdays'.",
        )  # fmt: skip


def _kinds(method: Method, spec: BulletinSpec, path: Path, report: Report) -> None:
    """Report a kind that the method does not have, where its own matters are counted."""
    field = method.fields.get("category")
    known = field.options if field is not None else {}
    asked = [((*path, "category"), spec.category)] if spec.category and spec.matters == "method" else []
    for name in ("heading", "text"):
        found = wording.read(getattr(spec, name)).narrowed()
        asked += [((*path, name), only.category) for _line, only in found if only.method in {"", method.key}]
    for where, kind in asked:
        if kind and kind not in known and (spec.matters == "method" or where[-1] == "category"):
            report.error(
                where, "unknown-kind", f"没有类别“{kind}”。", f"There is no kind '{kind}'.",
                f"可写：{'、'.join(known)}。", f"There are: {', '.join(known)}.",
            )  # fmt: skip


def _meeting_words(spec: BulletinSpec, where: Path, reading: wording.Reading, report: Report) -> None:
    """Words of a meeting are known only where the text is written of one."""
    words = {slot.word for line in reading.lines for slot in line.slots()}
    if words & {"meeting", "items"} and spec.of != "meeting":
        report.error(
            where, "no-meeting", "用到了会议的内容，但没有写“依据: 会议”。",
            "It has words of a meeting, and is written of none.", "加上“依据: 会议”。", "Add 'of: meeting'.",
        )  # fmt: skip


def draw(method: Method, section: Bulletins, language: str, day: date | None) -> list[Table]:
    """Draw which texts there are, what they are and how they are printed."""
    del method, day
    english = language.startswith("en")
    head = ("Template", "Kind", "Printed as") if english else ("模板", "种类", "版式")
    rows = tuple(
        (key, (spec.title.say(language), spec.kind if english else KINDS[spec.kind],
               spec.form if english else FORMS[spec.form]))
        for key, spec in section.bulletins.items()
    )  # fmt: skip
    return [Table(KEY, "Bulletins" if english else KEY_ZH, head, rows)]


def register() -> None:
    """Add the section to the language; called once at start."""
    register_section(
        Section(
            key=KEY,
            zh=KEY_ZH,
            model=Bulletins,
            check=check,
            doc="简报、公示、会议纪要和通报的模板：写什么，印成什么样，谁签发，公示多久",
            doc_en="templates of bulletins, notices, minutes: what they say, how printed, who signs, how long shown",
            draw=draw,
            wraps="bulletins",
        )
    )
