"""其他 among a form's kinds: the kind of that name, or whatever the form does not list? Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from bihuan.reporting.forms.axes import Axis
from bihuan.reporting.forms.shapes import Say
from bihuan.reporting.forms.words import heading

if TYPE_CHECKING:
    from bihuan.reporting.forms.recognise import Reader

REST = Say(
    "这张表没有列全系统里的类别：“其他”是系统里叫这个名字的一类，还是没列出的都算？",
    "The form does not list every kind: is this the kind of that name, or all that it does not list?",
)
_WORDS = frozenset({"其他", "其它", "其他类", "其他类别", "其他问题", "其他事项"})
_KIND = "category:"


def ask_for_the_rest(reader: Reader, axes: Collection[Axis]) -> None:
    """Ask what 其他 is where the rows or columns beside it are not all the other kinds of its method.

    Taken for the kind of that name, it would leave out what the form has no row for, and its total would not add up.

    Args:
        reader: what is known, and where slots are kept.
        axes: the rows, or the columns, of one table; those that are asked now are unknown afterwards.
    """
    for axis in axes:
        for key in axis.slots:
            slot = reader.slots[key]
            if slot.by != "known" or heading(slot.heading) not in _WORDS or not slot.meaning.startswith(_KIND):
                continue
            own = slot.meaning.removeprefix(_KIND)
            beside = [other for other in axes if key not in other.slots and not (other.total or other.leave)]
            listed = {kind for other in beside for kind in other.said.get("category", "").split("+") if kind}
            owners = reader.place.owners
            kinds = [kind for kind in owners if owners[kind] & owners.get(own, frozenset())]
            missing = [kind for kind in kinds if kind != own and kind not in listed]
            if not missing:
                continue
            sure = not any(other.unknown for other in beside)  # else it is not known yet what is left
            options = (slot.meaning, *([_KIND + "+".join([*missing, own])] if sure else []))
            reader.slots[key] = replace(slot, meaning="", by="", why=REST, options=options)
            axis.unknown, axis.why = True, REST
            axis.said.pop("category", None)
