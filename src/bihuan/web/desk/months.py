"""Months to choose from, in words: a browser's own field of months speaks the browser's language, or is none at all."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bihuan.reporting.api import current, shifted
from bihuan.web.desk.choices import options_html

MOST = 60


def said_month(month: int) -> str:
    """Return a month as addresses and fields hold it: 2024-04."""
    return f"{month // 100:04d}-{month % 100:02d}"


def month_words(month: int) -> str:
    """Return a month as people say it: 2024年4月."""
    return _("%(year)s年%(month)s月") % {"year": month // 100, "month": month % 100}


def month_options(chosen: int) -> SafeString:
    """Return ``<option>`` elements of the last five years, newest first, and the chosen month where it is older."""
    months = [shifted(current(), -n) for n in range(MOST)]
    listed = months if chosen in months else [chosen, *months]
    words = ((said_month(one), month_words(one)) for one in listed)
    return options_html(words, said_month(chosen))
