"""Says everything that is wrong or doubtful in a method file, at once."""

from __future__ import annotations

from ..method import Method
from ..problems import Report
from ..sections import sections


def check(method: Method, report: Report) -> None:
    """Add every problem of ``method`` to ``report``."""
    for key in method.section_keys:
        sections()[key].check(method, method.section(key), report)
