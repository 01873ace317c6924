"""The description of the interface (OpenAPI), in which two shapes of one name do not become one.

Ninja writes every shape under its class's name, so of two modules' ``DoneOut`` the last would stand for both. A name
that several modules have is told with its module's: ``BringinDoneOut``; that of ``schemas`` stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.schema import NinjaGenerateJsonSchema
from pydantic import BaseModel

_HOME, _FIRST = "bihuan.api", "schemas"


@cache
def shared() -> frozenset[str]:
    """Return the names that shapes of more than one module have. Asked when every module is loaded."""
    modules: dict[str, set[str]] = defaultdict(set)
    waiting: list[type[BaseModel]] = [BaseModel]
    while waiting:
        for shape in waiting.pop().__subclasses__():
            if shape.__module__.startswith(_HOME):
                modules[shape.__name__].add(shape.__module__)
            waiting.append(shape)
    return frozenset(name for name, found in modules.items() if len(found) > 1)


class _Named(NinjaGenerateJsonSchema):
    def get_defs_ref(self, core_mode_ref: Any) -> Any:
        """Return the name under which a shape is written."""
        core_ref, mode = core_mode_ref
        where, _colon, number = core_ref.rpartition(":")
        module, _dot, name = where.rpartition(".")
        own = module.rpartition(".")[2]
        if name in shared() and module.startswith(_HOME) and own != _FIRST:
            prefix = "".join(word.capitalize() for word in own.split("_"))
            core_ref = f"{module}.{prefix}{name}:{number}"
        return super().get_defs_ref((core_ref, mode))


class Description(OpenAPISchema):
    """Ninja's description, with a name of its own for every shape."""

    def _create_schema_from_model(
        self,
        model: Any,
        by_alias: bool = True,  # noqa: FBT001, FBT002 - ninja's
        remove_level: bool = True,  # noqa: FBT001, FBT002 - ninja's
        mode: Any = "validation",
    ) -> tuple[dict[str, Any], bool]:
        if hasattr(model, "__ninja_flatten_map__"):
            return super()._create_schema_from_model(model, by_alias, remove_level, mode)
        told = model.model_json_schema(
            ref_template=REF_TEMPLATE, by_alias=by_alias, schema_generator=_Named, mode=mode
        ).copy()
        if told.get("$defs"):
            self.add_schema_definitions(told.pop("$defs"))
        if remove_level and len(told["properties"]) == 1:
            name, details = next(iter(told["properties"].items()))
            return details, name in told.get("required", {})
        return told, True
