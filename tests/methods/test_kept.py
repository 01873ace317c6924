"""Methods as they are kept: installing, drafting, publishing, which one applies where."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from bihuan.kernel.api import BadInput, Conflict, NotFound, Refused, clock, verify
from bihuan.kernel.models import Entry
from bihuan.kernel.testing import tampering
from bihuan.methods.api import (
    copy_method,
    get_method,
    install,
    install_library,
    method_for,
    methods_in,
    publish,
    save_draft,
    versions,
)
from bihuan.methods.models import MethodUse, MethodVersion
from bihuan.people.api import METHOD_EDIT, METHOD_PUBLISH, METHOD_READ, SYSTEM, Actor, PostRef, can, visible

from .samples import SMALL, small

pytestmark = pytest.mark.django_db
DISTRICT, COMMUNITY, OTHER, DOOR = "410802", "410802004004", "410802006001", "410802004004012"


def secretary(area: str = COMMUNITY) -> Actor:
    grants = frozenset({METHOD_READ, METHOD_EDIT, METHOD_PUBLISH})
    return Actor("person", uuid4(), "孙某", (PostRef("secretary", area, granted=grants),))


def test_the_library_is_installed_once_however_often_it_is_run() -> None:
    rows = install_library(actor=SYSTEM, area_code=DISTRICT)
    assert sorted(row.key for row in rows) == [
        "cunmin-shuoshi",
        "jiesu-jiban",
        "shuzi-chengguan",
        "xiangmu-diaodu",
        "yinhuan-liuding",
        "yiwang-sanbu-wuqin",
    ]
    again = install_library(actor=SYSTEM, area_code=DISTRICT)
    assert [row.pk for row in again] == [row.pk for row in rows]
    assert MethodVersion.objects.count() == len(rows)
    assert method_for(DOOR)[0].key == "yiwang-sanbu-wuqin"
    assert [use.key for use in methods_in(DOOR)] == sorted(row.key for row in rows)


def test_an_unknown_method_of_the_library_is_told() -> None:
    with pytest.raises(BadInput):
        install_library(actor=SYSTEM, area_code=DISTRICT, keys=["nothing"])


def test_the_nearest_use_applies_and_others_keep_theirs() -> None:
    first = install(actor=SYSTEM, source=SMALL, area_code=DISTRICT, default_for_reports=True)
    actor = secretary()
    changed = install(
        actor=actor, source=small(("限期: 3 天", "限期: 4 天")), area_code=COMMUNITY, default_for_reports=True
    )
    assert method_for(DOOR)[0].pk == changed.pk
    assert method_for(DOOR, "small")[0].pk == changed.pk
    assert method_for(OTHER)[0].pk == first.pk


def test_where_nothing_is_in_use_it_is_told() -> None:
    with pytest.raises(NotFound):
        method_for(DOOR)


def test_a_secretary_copies_edits_and_publishes_version_two() -> None:
    actor = secretary(DISTRICT)
    first = install(actor=SYSTEM, source=SMALL, area_code=COMMUNITY, default_for_reports=True)
    draft = copy_method(actor=actor, version_id=first.pk, area_code=COMMUNITY)
    assert (draft.number, draft.state) == (2, "draft")
    with pytest.raises(Refused):
        copy_method(actor=actor, version_id=first.pk, area_code=COMMUNITY)
    draft, loaded = save_draft(actor=actor, version_id=draft.pk, source=small(("限期: 3 天", "限期: 4 天")))
    assert loaded.ok
    assert method_for(DOOR)[0].pk == first.pk
    done = publish(actor=actor, version_id=draft.pk)
    assert (done.number, done.state) == (2, "published")
    version, m = method_for(DOOR)
    assert version.pk == done.pk
    assert m.clocks["check"].limit.fixed is not None
    assert m.clocks["check"].limit.fixed.amount == 4
    assert get_method(first.pk).clocks["check"].limit.fixed.amount == 3  # type: ignore[union-attr]


def test_a_draft_with_errors_is_kept_but_not_published() -> None:
    actor = secretary()
    draft, _ = save_draft(actor=actor, source=SMALL, area_code=COMMUNITY)
    broken = small(("由: system", "由: robot"), ("阶梯: up", "阶梯: down"))
    draft, loaded = save_draft(actor=actor, version_id=draft.pk, source=broken)
    assert not loaded.ok
    assert MethodVersion.objects.get(pk=draft.pk).source == broken
    with pytest.raises(BadInput) as error:
        publish(actor=actor, version_id=draft.pk)
    assert len(error.value.problems) >= 2
    save_draft(actor=actor, version_id=draft.pk, source="这不是: [工作法")
    assert MethodUse.objects.count() == 0


def test_a_published_version_never_changes() -> None:
    actor = secretary()
    row = install(actor=actor, source=SMALL, area_code=COMMUNITY)
    with pytest.raises(Refused):
        save_draft(actor=actor, version_id=row.pk, source=SMALL + "# x\n")
    with pytest.raises(Refused):
        publish(actor=actor, version_id=row.pk)


CHANGES = {
    "source": SMALL + "# x\n", "sha256": "0" * 64, "key": "other", "number": 9, "area_code": OTHER, "state": "draft",
    "title": "别的", "edited_by": uuid4(), "edited_at": clock.now(), "published_at": None,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_the_database_refuses_to_change_a_published_version(name: str) -> None:
    row = install(actor=secretary(), source=SMALL, area_code=COMMUNITY)
    with pytest.raises(DatabaseError, match="已发布的工作法版本不能修改"), transaction.atomic():
        MethodVersion.objects.filter(pk=row.pk).update(**{name: CHANGES[name]})
    same = MethodVersion.objects.get(pk=row.pk)
    assert getattr(same, name) == getattr(row, name)


def test_the_database_refuses_to_delete_a_published_version_and_lets_a_draft_go() -> None:
    actor = secretary()
    row = install(actor=actor, source=SMALL, area_code=COMMUNITY)
    draft = copy_method(actor=actor, version_id=row.pk, area_code=COMMUNITY)
    MethodUse.objects.all().delete()
    with pytest.raises(DatabaseError, match="已发布的工作法版本不能修改"), transaction.atomic():
        row.delete()
    MethodVersion.objects.filter(pk=draft.pk).update(title="改过")
    draft.delete()
    assert MethodVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_test_database_with_published_versions_can_be_emptied() -> None:
    install(actor=SYSTEM, source=SMALL, area_code=COMMUNITY)
    with tampering():
        MethodVersion.objects.update(title="换")
    with pytest.raises(DatabaseError):
        MethodVersion.objects.update(title="再换")


def test_two_editors_do_not_overwrite_each_other() -> None:
    actor = secretary()
    draft, _ = save_draft(actor=actor, source=SMALL, area_code=COMMUNITY)
    seen = draft.sha256
    save_draft(actor=actor, version_id=draft.pk, source=SMALL + "# 一\n", expected_sha256=seen)
    with pytest.raises(Conflict):
        save_draft(actor=actor, version_id=draft.pk, source=SMALL + "# 二\n", expected_sha256=seen)


def test_the_key_cannot_be_changed_under_a_version() -> None:
    actor = secretary()
    draft, _ = save_draft(actor=actor, source=SMALL, area_code=COMMUNITY)
    save_draft(actor=actor, version_id=draft.pk, source=small(("工作法: small", "工作法: other-one")))
    with pytest.raises(BadInput):
        publish(actor=actor, version_id=draft.pk)


def test_nobody_publishes_outside_their_area() -> None:
    with pytest.raises(PermissionDenied):
        install(actor=secretary(), source=SMALL, area_code=DISTRICT)
    with pytest.raises(PermissionDenied):
        save_draft(actor=secretary(), source=SMALL, area_code=OTHER)


def test_what_was_done_to_a_method_is_in_the_record() -> None:
    actor = secretary()
    draft, _ = save_draft(actor=actor, source=SMALL, area_code=COMMUNITY)
    publish(actor=actor, version_id=draft.pk)
    verbs = list(Entry.objects.filter(subject_type="method").order_by("seq").values_list("verb", flat=True))
    assert verbs == ["method.saved", "method.published"]
    assert not verify().flaws
    assert [row.pk for row in versions(actor)] == [draft.pk]
    assert list(versions(secretary(OTHER))) == []


def test_finding_the_method_of_an_area_takes_one_query_once_it_is_known(django_assert_num_queries: object) -> None:
    install(actor=SYSTEM, source=SMALL, area_code=DISTRICT, default_for_reports=True)
    method_for(DOOR)
    with django_assert_num_queries(1):  # type: ignore[operator]
        method_for(DOOR)


def test_versions_with_one_text_are_parsed_once() -> None:
    one = install(actor=SYSTEM, source=SMALL, area_code=COMMUNITY)
    two = install(actor=SYSTEM, source=SMALL, area_code=OTHER)
    assert get_method(one.pk) is get_method(two.pk)


def test_what_the_district_has_in_use_is_read_and_copied_below_but_not_edited_there() -> None:
    district = install(actor=SYSTEM, source=SMALL, area_code=DISTRICT)
    draft = copy_method(actor=SYSTEM, version_id=district.pk, area_code=DISTRICT)
    other = install(actor=SYSTEM, source=SMALL, area_code=OTHER)
    actor = secretary()
    assert [row.pk for row in versions(actor)] == [district.pk]
    assert not can(actor, METHOD_READ, draft)
    assert not can(actor, METHOD_READ, other)
    for permission in (METHOD_EDIT, METHOD_PUBLISH):
        assert not can(actor, permission, district)
        assert not visible(actor, permission, MethodVersion.objects.all()).exists()
    with pytest.raises(PermissionDenied):
        copy_method(actor=actor, version_id=district.pk, area_code=DISTRICT)
    mine = copy_method(actor=actor, version_id=district.pk, area_code=COMMUNITY)
    assert (mine.area_code, mine.number, mine.source) == (COMMUNITY, 1, SMALL)
    MethodUse.objects.all().delete()
    assert [row.pk for row in versions(actor)] == [mine.pk]


@pytest.mark.parametrize("area", [DISTRICT, COMMUNITY, OTHER, DOOR, "410802004"])
@pytest.mark.parametrize("permission", [METHOD_READ, METHOD_EDIT, METHOD_PUBLISH])
def test_the_two_shapes_of_the_rule_agree_on_versions(area: str, permission: str) -> None:
    for owner in (DISTRICT, "410802004", COMMUNITY, OTHER):
        first = install(actor=SYSTEM, source=SMALL, area_code=owner)
        install(actor=SYSTEM, source=small(("限期: 3 天", "限期: 4 天")), area_code=owner)
        copy_method(actor=SYSTEM, version_id=first.pk, area_code=owner)
    actor = secretary(area)
    shown = {row.pk for row in visible(actor, permission, MethodVersion.objects.all())}
    assert shown == {row.pk for row in MethodVersion.objects.all() if can(actor, permission, row)}
    assert shown or permission != METHOD_READ
