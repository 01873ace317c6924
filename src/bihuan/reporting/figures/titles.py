"""What the values of a split are called, in the reader's language."""

from __future__ import annotations

from functools import cached_property

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from bihuan.matters.models import Matter
from bihuan.methods.api import Method, get_method, methods_in


class Titles:
    """Titles by the methods in use where the figures are read; a key that none of them knows names itself."""

    def __init__(self, area_code: str) -> None:
        """Read for an area; nothing is asked of the database before a title is wanted."""
        self.area_code = area_code
        self.language = get_language() or ""

    @cached_property
    def methods(self) -> list[Method]:
        """The methods in use there."""
        return [get_method(use.version_id) for use in methods_in(self.area_code)]

    def of(self, dim: str, value: str) -> str:
        """Return what a value of a split is called."""
        if dim == "channel":
            return gettext(str(dict(Matter.Channel.choices).get(value, value)))
        for method in self.methods:
            if dim == "method" and method.key == value:
                return method.title.say(self.language)
            if dim == "outcome" and value in method.outcomes:
                return method.outcomes[value].title.say(self.language)
            if dim in {"category", "urgency"} and dim in method.fields:
                option = method.fields[dim].options.get(value)
                if option is not None:
                    return option.say(self.language)
        return value

    def none(self, dim: str) -> str:
        """Return what stands for matters that have no value in a split."""
        words = {"category": _("还没有分类"), "urgency": _("没有定紧急程度"), "outcome": _("还没有办结")}
        return words.get(dim, _("其余"))
