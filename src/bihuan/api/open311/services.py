"""Which services a jurisdiction offers: the categories of the work methods in use there.

A jurisdiction is a district, street or community; its id is the area's code, or a name that
``BIHUAN_OPEN311_JURISDICTIONS`` gives it (``example.gov.cn=410802``). A service code is ``<method key>.<category>``, or
the method's key alone for what has no category (yet).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.api.rest.words import PublicWords, method_words, say
from bihuan.areas.api import ancestors, find, is_code, subtree_q
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, NotFound, Problem
from bihuan.methods.api import FieldSpec, Method
from bihuan.methods.models import MethodUse

LEVELS = ("district", "street", "community")
# What POST has names of its own for, or what stands in the service code.
_NOT_ATTRIBUTES = frozenset({"title", "text", "category", "photos", "phone", "reporter_name"})
_TYPES = {
    "text": "string",
    "long_text": "text",
    "number": "number",
    "amount": "number",
    "choice": "singlevaluelist",
    "choices": "multivaluelist",
    "yes_no": "singlevaluelist",
    "date": "datetime",
    "time": "datetime",
}


def jurisdiction(given: str) -> Area:
    """Return the area that a ``jurisdiction_id`` names; without one the only district of the site.

    Raises:
        BadInput: none given, and there are several. NotFound: no such jurisdiction.
    """
    named = dict(line.split("=", 1) for line in settings.OPEN311_JURISDICTIONS if "=" in line)
    code = named.get(given, given)
    if not code:
        tops = list(Area.objects.filter(active=True, level="district").order_by("code")[:2])
        if len(tops) != 1:
            raise BadInput(Problem("jurisdiction_id", _("没有写 jurisdiction_id。"), _("请写区、街道或社区的编码。")))
        return tops[0]
    area = find(code) if is_code(code) else None
    if area is None or area.level not in LEVELS:
        raise NotFound(Problem("jurisdiction_id", _("没有这个 jurisdiction_id。"), _("请写区、街道或社区的编码。")))
    return area


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of report: a method in use, and one of its categories ("": not sorted)."""

    words: PublicWords
    category: str

    @property
    def code(self) -> str:
        """The service code."""
        return f"{self.words.key}.{self.category}" if self.category else self.words.key

    @property
    def name(self) -> str:
        """What people call it."""
        return self.words.category(self.category) if self.category else self.words.title()

    def listed(self) -> dict[str, Any]:
        """The service as GET services has it."""
        title = self.words.title()
        return {
            "service_code": self.code,
            "service_name": self.name,
            "description": _("%(method)s：%(name)s") % {"method": title, "name": self.name} if self.category else title,
            "metadata": bool(self.attributes()),
            "type": "realtime",
            "keywords": None,
            "group": title,
        }

    def attributes(self) -> list[dict[str, Any]]:
        """The fields that a report of this kind takes besides; none that is personal."""
        method = self.words.method
        opening = method.file.opening["report"]
        found: list[dict[str, Any]] = []
        for key, need in opening.gives.items():
            spec = method.fields.get(key)
            if key in _NOT_ATTRIBUTES or spec is None or spec.sensitivity != "none" or spec.type not in _TYPES:
                continue
            found.append(_attribute(key, spec, required=need == "required", order=len(found) + 1))
        return found


def _attribute(key: str, spec: FieldSpec, *, required: bool, order: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "variable": True,
        "code": key,
        "datatype": _TYPES[spec.type],
        "required": required,
        "datatype_description": say(spec.hint) or None,
        "order": order,
        "description": say(spec.title),
    }
    if spec.type == "yes_no":
        told["values"] = [{"key": "true", "name": _("是")}, {"key": "false", "name": _("否")}]
    elif spec.options:
        told["values"] = [{"key": option, "name": say(text)} for option, text in spec.options.items()]
    return told


def services_in(area: Area) -> list[Service]:
    """Return the services of a jurisdiction: of each method that anybody may report by, in its nearest version."""
    return [service for words in _methods_in(area) for service in _services_of(words)]


def find_service(area: Area, code: str) -> Service:
    """Return one service of a jurisdiction.

    Raises:
        NotFound: it offers none with this code.
    """
    for service in services_in(area):
        if service.code == code:
            return service
    raise NotFound(Problem("service_code", _("没有这个 service_code。"), _("请先取服务清单 services。")))


def _methods_in(area: Area) -> Iterator[PublicWords]:
    uses = MethodUse.objects.filter(area_code__in=ancestors(area.code)) | MethodUse.objects.filter(
        subtree_q("area_code", area.code)
    )
    nearest: dict[str, tuple[int, MethodUse]] = {}
    for use in uses.order_by("key", "area_code"):
        above = area.code.startswith(use.area_code)
        rank = len(use.area_code) if above else -len(use.area_code)  # the nearest above, else the first below
        if use.key not in nearest or rank > nearest[use.key][0]:
            nearest[use.key] = (rank, use)
    for _rank, use in nearest.values():
        words = method_words(use.version_id)
        if _takes_reports(words.method):
            yield words


def _takes_reports(method: Method) -> bool:
    opening = method.file.opening.get("report")
    return opening is not None and "anyone" in opening.by


def _services_of(words: PublicWords) -> Iterator[Service]:
    yield Service(words, "")
    spec = words.method.fields.get("category")
    if spec is not None and spec.public:
        yield from (Service(words, key) for key in spec.options)
