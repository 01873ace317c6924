"""The limits of a method as a short form: choose one, write another length; the file's comments stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem
from bihuan.methods.api import Amount, Method, set_value

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """One length of time in the file: what form fields call it, where it stands, what it is now."""

    key: str
    title: str
    path: Path
    now: str


def limits_of(method: Method, language: str) -> list[Limit]:
    """Return every limit of every clock, in the order of the file."""
    return [
        Limit(".".join(str(part) for part in path), title, path, amount.say("zh"))
        for path, title, amount in _lengths(method, language)
    ]


def _lengths(method: Method, language: str) -> Iterator[tuple[Path, str, Amount]]:
    for key, clock in method.clocks.items():
        title, limit, base = clock.title.say(language), clock.limit, ("clocks", key, "limit")
        alone = not (limit.by or limit.cases or limit.given or limit.otherwise)
        if limit.fixed:
            # A limit that says nothing else is one line of the file, “限期: 3 个工作日”, and stays one.
            yield (base if alone else (*base, "fixed")), title, limit.fixed
        field = method.fields.get(limit.by)
        for value, amount in limit.table.items():
            option = field.options.get(value) if field else None
            named = option.say(language) if option else value
            yield (*base, "table", value), f"{title} · {named}", amount
        if limit.otherwise:
            yield (*base, "otherwise"), f"{title} · {_('其余情况')}", limit.otherwise


def change_limit(source: str, method: Method, key: str, length: str) -> str:
    """Return the text with limit ``key`` set to ``length`` (“4 个工作日”); everything else as it was.

    Raises:
        BadInput: for a limit that is not there, or what is no length of time.
    """
    found = {limit.key: limit for limit in limits_of(method, "zh")}.get(key)
    if found is None:
        raise BadInput(Problem("limit", _("没有这个时限。"), _("请从列表中选择。")))
    try:
        amount = Amount.model_validate(length.strip())
    except ValueError as error:
        raise BadInput(
            Problem(
                "length",
                _("“%(length)s”不是时间长度。") % {"length": length[:20]},
                _("写成“3 个工作日”“4 工作时”“24 小时”“7 天”。"),
            )
        ) from error
    return set_value(source, found.path, amount.say("zh"))
