"""Which matters a text counts and lists: of one method, of one kind; as its template says, or as its author chose."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, NotFound, Problem
from bihuan.methods.api import Method, get_method, method_for, methods_in
from bihuan.reporting.bulletins.templates import Template
from bihuan.reporting.bulletins.wording import ALL, Only

EVERY = "all"  # as an author's choice: the matters of all methods
_KIND = "category"


def methods_at(area_code: str) -> dict[str, Method]:
    """Return the methods in use in an area, by key."""
    return {use.key: get_method(use.version_id) for use in methods_in(area_code)}


def narrowed(area_code: str, template: Template, method: str = "", category: str = "") -> Only:
    """Return which matters a text begun from a template counts.

    Args:
        area_code: whose text it is.
        template: says ``matters`` (its method's alone, or all) and ``category``.
        method: the author's choice: a method's key, or ``EVERY``; "" leaves it to the template.
        category: the author's choice; "" leaves it to the template.

    Raises:
        BadInput: a method that is not in use there, a kind that it does not have.
    """
    spec = template.spec
    chosen = "" if method == EVERY else method or _of_template(area_code, template)
    only = Only(chosen, category or spec.category)
    problems = wrong(area_code, [only])
    if problems:
        raise BadInput([Problem("method", problem.why, problem.how) for problem in problems])
    return only


def _of_template(area_code: str, template: Template) -> str:
    if template.spec.matters == "all" or template.spec.period == "none":
        return ""
    if template.method_key:
        return template.method_key
    try:
        return method_for(area_code)[1].key
    except NotFound:  # no method takes reports there: what there is belongs to all of them
        return ""


def wrong(area_code: str, asked: Iterable[Only]) -> list[Problem]:
    """Return what is asked for and is not there: a method that is not in use, a kind that no method knows."""
    asked = [only for only in asked if only != ALL]
    known = methods_at(area_code) if asked else {}
    found: list[Problem] = []
    for only in asked:
        if only.method and only.method not in known:
            names = "、".join(known) or "—"
            found.append(
                Problem("text", _("这里没有用工作法“%s”。") % only.method[:60], _("可写：%s。") % names)
            )  # fmt: skip
            continue
        methods = [known[only.method]] if only.method else list(known.values())
        kinds = {key for method in methods for key in kinds_of(method)}
        if only.category and only.category not in kinds:
            names = "、".join(sorted(kinds)) or "—"
            found.append(Problem("text", _("没有类别“%s”。") % only.category[:40], _("可写：%s。") % names))
    return found


def kinds_of(method: Method) -> dict[str, str]:
    """Return the kinds that a method knows, with their titles in the reader's language."""
    field = method.fields.get(_KIND)
    language = get_language() or "zh"
    return {key: title.say(language) for key, title in field.options.items()} if field is not None else {}


def said(area_code: str, only: Only) -> str:
    """Return in words which matters count; "" where all do."""
    if only == ALL:
        return ""
    known = methods_at(area_code)
    words = []
    if only.method:
        method = known.get(only.method)
        words.append(method.title.say(get_language() or "zh") if method is not None else only.method)
    if only.category:
        methods = [known[only.method]] if only.method in known else list(known.values())
        titles = {key: title for method in methods for key, title in kinds_of(method).items()}
        words.append(titles.get(only.category, only.category))
    return " · ".join(words)


def narrowings(area_code: str) -> dict[str, list[tuple[str, str]]]:
    """Return what a text of an area can be narrowed to: "methods" and "kinds", each as (key, title)."""
    known = methods_at(area_code)
    kinds: dict[str, str] = {}
    for method in known.values():
        kinds |= {key: title for key, title in kinds_of(method).items() if key not in kinds}
    language = get_language() or "zh"
    return {"methods": [(key, one.title.say(language)) for key, one in known.items()], "kinds": list(kinds.items())}
