"""A cell of an old ledger as the value of a method's field, whatever the field's type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.methods.api import FieldSpec, Text
from bihuan.reporting.bringin.values import NOTHING, UNITS, amount, moment, narrow, yes_no
from bihuan.reporting.sheets.values import bracketed, plain


class Unread(Exception):
    """A cell that is not what its field takes: why, how to mend it, and whether its row cannot go in so."""

    def __init__(self, why: str, how: str, *, stops: bool = True) -> None:
        super().__init__(why)
        self.why, self.how, self.stops = why, how, stops


def field_value(spec: FieldSpec, value: Any, said: str, heading: str, year: int | None) -> Any:
    """Return what a cell gives for a field; None where it says that there is nothing.

    Args:
        spec: the field.
        value: the cell's value, of its own type.
        said: the cell as shown.
        heading: what stands over it: its unit may be another than the field's.
        year: what a date without one is in.

    Raises:
        Unread: it is not what the field takes.
    """
    if spec.type in {"number", "amount", "date"} and narrow(said) in NOTHING:
        return None
    if spec.type in {"number", "amount"}:
        return _number(spec, said, heading)
    if spec.type == "date":
        at = moment(value, said, year)
        if at is None:
            raise Unread(
                _("这个日期看不懂。"), _("请写成 2024-03-05 或 2024年3月5日；没有年份的，请在上面选一个年份。")
            )
        return at.date().isoformat()
    if spec.type == "yes_no":
        if (answer := yes_no(said)) is None:
            raise Unread(_("看不出是“是”还是“否”。"), _("请写“是”或“否”。"))
        return answer
    if spec.type == "choice":
        return _option(spec, said)
    if spec.longest is not None and len(said) > spec.longest:
        raise Unread(
            _("超过 %(n)s 字，放进内容里。") % {"n": spec.longest}, _("想放进这一栏，请写短一些。"), stops=False
        )
    return said


def _number(spec: FieldSpec, said: str, heading: str) -> int | float:
    unit, wanted = bracketed(heading), bracketed(spec.title.zh)
    if wanted not in UNITS:
        unit = ""
    found = amount(said, unit, wanted)
    if found is None or (spec.type == "number" and not isinstance(found, int)):
        raise Unread(_("这个数看不懂。"), _("这一格只写数字，例如 1250.5；单位写在表头里。"))
    return found


def option_of(options: Mapping[str, Text], said: str) -> str:
    """Return the key of the choice that a cell names, or clearly means; "" for none."""
    wanted = plain(said)
    for key, title in options.items():
        if wanted in {plain(title.zh), plain(title.en), key}:
            return key
    near = [key for key, title in options.items() if wanted in plain(title.zh) or plain(title.zh) in wanted]
    return near[0] if len(near) == 1 else ""


def _option(spec: FieldSpec, said: str) -> str:
    if key := option_of(spec.options, said):
        return key
    options = "、".join(title.zh for title in spec.options.values())
    raise Unread(_("没有这个选项，放进内容里。"), _("可用：%s。") % options, stops=False)
