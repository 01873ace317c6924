"""Says everything that is wrong or doubtful in a method file, at once."""

from __future__ import annotations

from bihuan.methods.method import Method
from bihuan.methods.problems import Report
from bihuan.methods.sections import sections

from . import burdens, clocks, conditions, flow, references


def check(method: Method, report: Report) -> None:
    """Add every problem of ``method`` to ``report``: errors keep it from being published, warnings do not."""
    references.check(method, report)
    clocks.check(method, report)
    flow.check(method, report)
    conditions.check(method, report)
    burdens.check(method, report)
    for key in method.section_keys:
        section = sections().get(key)
        if section is not None:
            before = len(report.problems)
            section.check(method, method.section(key), report)
            if any(report.open("steps", step, "deliberated_by") for step in ("", *method.steps)):
                report.drop_warnings(before)  # what no step waits for may be what a step could not be read for
