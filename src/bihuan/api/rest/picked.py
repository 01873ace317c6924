"""A schema of what a use case returns: the names say what goes out, the shape says of which type it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

from ninja import Schema
from pydantic import create_model

S = TypeVar("S", bound=Schema)


def picked(shape: type, *names: str) -> Callable[[type[S]], type[S]]:
    """Return a decorator that gives a schema the fields of a frozen shape, with the shape's own types.

    Names are picked, never left out: what a shape gains later (a photo, a field of the method) stays inside until
    somebody writes its name here. A field that the class itself declares keeps that type.

    Args:
        shape: a dataclass that a use case returns.
        names: the fields that go out, in their order; all of them when none is named.

    Raises:
        KeyError: the shape has no field of that name.
    """
    types = get_type_hints(shape)

    def fill(schema: type[S]) -> type[S]:
        own = schema.model_fields
        fields: dict[str, Any] = {
            name: (own[name].annotation if name in own else types[name], ...) for name in names or types
        }
        made: Any = create_model(
            schema.__name__, __base__=Schema, __module__=schema.__module__, __doc__=schema.__doc__, **fields
        )
        return made  # type: ignore[no-any-return]

    return fill
