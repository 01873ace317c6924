"""What a public page shows, held against what the entries say, word by word: one module for each kind of page.

``docs/pages.md`` lists every word of each kind of page and where it is held; ``tests/web/portal`` alters each.
"""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.web.portal.compared import activities, bulletins, matters, meetings
from bihuan.web.portal.compared.told import Told
from bihuan.web.portal.subjects import Subject


def differences(subject: Subject, told: Told) -> Iterator[str]:
    """Yield what the page of a subject shows otherwise than its entries say, in words."""
    match subject.type:
        case "bulletin":
            yield from bulletins.differences(subject.row, told)
        case "meeting" if subject.id is not None:
            yield from meetings.differences(subject.id, told)
        case "activity":
            yield from activities.differences(subject.row, told)
        case _:
            yield from matters.differences(subject.row, told)
