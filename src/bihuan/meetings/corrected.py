"""Corrections of a meeting's record, put beside the words they correct."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from bihuan.meetings import guards
from bihuan.meetings.models import Attendance, Correction, Meeting, Opinion
from bihuan.meetings.shapes import CorrectionLine
from bihuan.people.api import person_names

HEAD = ("place", "began", "ended", "chair", "minutes")
IN_PUBLIC = ("place", "began", "ended")
OVER = (Meeting.State.ENDED, Meeting.State.PUBLISHED)
Found = dict[str, tuple[CorrectionLine, ...]]


def beside(
    meeting: Meeting, rows: Iterable[Attendance], opinions: Iterable[Opinion]
) -> tuple[tuple[CorrectionLine, ...], Found]:
    """Put the corrections on the rows and opinions at hand; return all of them, and those of the head by what it is.

    What is about a row or an opinion that is not at hand (of an item kept from this reader) is left out. One
    statement where nothing was corrected, two where something was, none before the end.
    """
    head: Found = dict.fromkeys(HEAD, ())
    if meeting.state not in OVER:
        return (), head
    found = list(meeting.corrections.all())
    if not found:
        return (), head
    names = person_names({one.by for one in found})
    about: dict[tuple[str, str], Attendance | Opinion] = {("reason", str(row.pk)): row for row in rows}
    about |= {("opinion", str(opinion.pk)): opinion for opinion in opinions}
    lines = []
    for one in found:
        subject = about.get((one.what, one.target))
        if subject is None and one.what not in HEAD:
            continue
        line = line_of(one, subject.name if subject else "", names.get(one.by, ""))
        lines.append(line)
        if subject is None:
            head[one.what] = (*head[one.what], line)
        else:
            subject.corrected = (*subject.corrected, line)
    return tuple(lines), head


def line_of(one: Correction, about: str, by: str) -> CorrectionLine:
    """Return a correction as it is read."""
    title = guards.correctable_title(one.what)
    return CorrectionLine(one.what, title, about, one.was, one.words, one.why, by, one.created_at)


def in_public(meeting: Meeting) -> tuple[CorrectionLine, ...]:
    """Return what anybody may read: corrections of time and place, without who made them. One statement."""
    return tuple(line_of(one, "", "") for one in meeting.corrections.filter(what__in=IN_PUBLIC))


def amended(words: str, lines: Sequence[object]) -> str:
    """Return words as the minutes write them, with what they were corrected to."""
    for line in lines:
        assert isinstance(line, CorrectionLine)  # noqa: S101 - the reads put nothing else there
        words += _("（更正为：%(words)s）") % {"words": line.words}
    return words
