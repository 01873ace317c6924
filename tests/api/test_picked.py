"""What the machine interface answers is picked by name from what the use cases return."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pytest
from ninja import Schema

from bihuan.api.rest import schemas
from bihuan.api.rest.picked import picked
from bihuan.matters.api import PublicPage, Reported


@dataclass(frozen=True, slots=True)
class Inside:
    name: str
    phone: str
    times: tuple[int, ...] = ()


def test_only_what_is_named_goes_out() -> None:
    @picked(Inside, "name", "times")
    class Outside(Schema):
        """What anybody may see."""

        times: list[int]

    shown = Outside.from_orm(Inside("甲", "13812345678", (1, 2)))
    assert shown.model_dump() == {"name": "甲", "times": [1, 2]}
    assert Outside.model_json_schema()["required"] == ["name", "times"]
    assert Outside.model_json_schema()["description"] == "What anybody may see."


def test_a_name_that_the_shape_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError):
        picked(Inside, "address")(type("Outside", (Schema,), {}))


def test_the_public_answer_holds_less_than_the_page() -> None:
    assert set(schemas.PublicOut.model_fields) < {field.name for field in fields(PublicPage)}
    assert not {"photos", "fields", "steps"} & set(schemas.PublicOut.model_fields)


def test_without_names_the_whole_shape_goes_out() -> None:
    assert list(schemas.ReportOut.model_fields) == [field.name for field in fields(Reported)]
