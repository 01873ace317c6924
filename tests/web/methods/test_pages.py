"""What a secretary does with a work method, page by page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from bihuan import library
from bihuan.kernel.api import clock, new_id
from bihuan.kernel.models import Entry
from bihuan.matters.api import report
from bihuan.matters.models import Matter
from bihuan.methods.api import install, load
from bihuan.methods.models import MethodUse, MethodVersion
from bihuan.people.api import ANONYMOUS, SYSTEM
from bihuan.web.desk.method_edit import SAMPLE_STEP
from tests.web.methods.conftest import COMMUNITY, METHOD, Cast, sign_in


def draft_of(cast: Cast) -> MethodVersion:
    response = cast.clients["secretary"].post(reverse("desk:method_copy", args=[cast.version.pk]))
    draft = MethodVersion.objects.get(state=MethodVersion.State.DRAFT)
    assert response.url == reverse("desk:method_edit", args=[draft.pk])
    return draft


def save(client: Client, draft: MethodVersion, source: str, do: str = "save", seen: str | None = None):
    data = {"source": source, "seen": draft.sha256 if seen is None else seen, "do": do}
    return client.post(reverse("desk:method_edit", args=[draft.pk]), data)


def test_the_list_shows_each_version_and_where_it_is_in_use(cast: Cast) -> None:
    page = cast.clients["secretary"].get(reverse("desk:methods")).content.decode()
    assert "小事快办" in page
    assert "第 1 版" in page
    assert "本社区自己的" in page
    assert "用在：区域410802004004" in page


def test_a_version_is_shown_as_picture_as_steps_and_as_text(cast: Cast) -> None:
    page = cast.clients["worker"].get(reverse("desk:method", args=[cast.version.pk])).content.decode()
    assert "<svg" in page
    assert "办理时限：3 个工作日" in page
    assert "“正在核查”" in page
    assert "→ 已办结（实质办结）" in page
    assert "# 最小的工作法" in page
    assert "<script>" not in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            (
                "三方联动巡查",
                "物业、警务人员（全部）",
                "下一期",
                "本期 4月1日—4月7日",
                "帮就医",
                "党建联席会议",
                "节日文艺活动",
            ),
        ),
        (
            "en",
            ("Joint patrol", "Police officer (all must come)", "now, 1 Apr–7 Apr", "Festival event"),
        ),
    ],
)
def test_rounds_pairings_and_activities_stand_in_tables_under_the_picture(
    cast: Cast, language: str, words: tuple[str, ...]
) -> None:
    source = (Path(library.__file__).parent / "yiwang_sanbu_wuqin" / "method.yaml").read_text(encoding="utf-8")
    version = install(actor=SYSTEM, source=source, area_code=COMMUNITY)
    with clock.at(datetime(2024, 4, 3, 9, tzinfo=clock.ZONE)):
        url = reverse("desk:method", args=[version.pk])
        text = cast.clients["worker"].get(url, headers={"accept-language": language}).content.decode()
    assert [word for word in words if word not in text] == []
    assert text.index("<svg") < text.index('id="table-rounds"') < text.index('id="steps"')


def test_the_same_page_in_english(cast: Cast) -> None:
    client = cast.clients["worker"]
    page = client.get(reverse("desk:method", args=[cast.version.pk]), headers={"accept-language": "en"})
    text = page.content.decode()
    assert "Under way" in text
    assert "3 workdays" in text
    assert "Grid worker" in text


def test_who_may_not_edit_sees_the_button_disabled_with_the_reason(cast: Cast) -> None:
    page = cast.clients["worker"].get(reverse("desk:method", args=[cast.version.pk])).content.decode()
    assert 'disabled aria-describedby="why-copy"' in page
    assert "编辑工作法" in page


def test_a_copy_becomes_a_draft_of_version_two_and_a_second_copy_is_refused(cast: Cast) -> None:
    draft = draft_of(cast)
    assert (draft.number, draft.area_code, draft.source) == (2, cast.version.area_code, METHOD)
    again = cast.clients["secretary"].post(reverse("desk:method_copy", args=[cast.version.pk]), follow=True)
    assert "已经有这个工作法的草稿" in again.content.decode()
    assert MethodVersion.objects.count() == 2


def test_a_draft_with_errors_is_kept_shows_every_problem_and_cannot_be_published(cast: Cast) -> None:
    draft = draft_of(cast)
    broken = METHOD.replace("到: checking", "到: nowhere").replace("3 个工作日", "3 个月亮")
    page = save(cast.clients["secretary"], draft, broken, do="publish")
    text = page.content.decode()
    assert page.status_code == 422
    assert text.count("is-error") >= 1
    assert "nowhere" in text
    draft.refresh_from_db()
    assert draft.source == broken
    assert draft.state == MethodVersion.State.DRAFT


def test_problems_name_their_line_so_that_the_margin_can_show_them(cast: Cast) -> None:
    draft = draft_of(cast)
    line = METHOD.splitlines().index("    限期: 3 个工作日") + 1
    check = cast.clients["secretary"].post(
        reverse("desk:method_check", args=[draft.pk]), {"source": METHOD.replace("3 个工作日", "三天半")}
    )
    assert f'data-line="{line}" data-severity="error"' in check.content.decode()
    draft.refresh_from_db()
    assert draft.source == METHOD


def test_a_changed_limit_is_published_as_version_two_and_an_entry_says_so(cast: Cast) -> None:
    draft = draft_of(cast)
    done = save(cast.clients["secretary"], draft, METHOD.replace("3 个工作日", "2 个工作日"), do="publish")
    assert done.url == reverse("desk:method", args=[draft.pk])
    assert MethodUse.objects.get().version_id == draft.pk
    verbs = Entry.objects.filter(subject_id=draft.pk).order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["method.copied", "method.saved", "method.published"]
    cast.version.refresh_from_db()
    assert cast.version.source == METHOD


def test_saving_over_somebody_elses_save_is_a_conflict_and_loses_nothing(cast: Cast) -> None:
    draft = draft_of(cast)
    save(cast.clients["secretary"], draft, METHOD + "# 第一个人\n")
    late = save(cast.clients["secretary"], draft, METHOD + "# 第二个人\n", seen=draft.sha256)
    assert late.status_code == 409
    assert "# 第二个人" in late.content.decode()
    draft.refresh_from_db()
    assert "# 第一个人" in draft.source


def test_windows_line_ends_of_a_browser_do_not_change_the_file(cast: Cast) -> None:
    draft = draft_of(cast)
    save(cast.clients["secretary"], draft, METHOD.replace("\n", "\r\n"))
    draft.refresh_from_db()
    assert draft.source == METHOD


def test_two_versions_are_compared_line_by_line(cast: Cast) -> None:
    draft = draft_of(cast)
    save(cast.clients["secretary"], draft, METHOD.replace("3 个工作日", "2 个工作日"))
    page = cast.clients["secretary"].get(reverse("desk:method_diff", args=[cast.version.pk, draft.pk]))
    text = page.content.decode()
    assert "办理时限：限期 3 个工作日 → 2 个工作日" in text
    assert "删去：</span>    限期: 3 个工作日" in text
    assert "新增：</span>    限期: 2 个工作日" in text


def test_a_published_version_cannot_be_edited(cast: Cast) -> None:
    page = cast.clients["secretary"].get(reverse("desk:method_edit", args=[cast.version.pk]))
    assert page.url == reverse("desk:method", args=[cast.version.pk])


@pytest.mark.parametrize("name", ["method", "method_edit"])
def test_another_communitys_method_is_not_there(cast: Cast, name: str) -> None:
    assert cast.clients["neighbour"].get(reverse(f"desk:{name}", args=[cast.version.pk])).status_code == 404
    assert cast.clients["resident"].get(reverse(f"desk:{name}", args=[uuid4()])).status_code == 404


def test_who_may_read_but_not_edit_is_told_so(cast: Cast) -> None:
    draft = draft_of(cast)
    worker = cast.clients["worker"]
    assert worker.get(reverse("desk:method_edit", args=[draft.pk])).status_code == 403
    assert worker.post(reverse("desk:method_check", args=[draft.pk]), {"source": ""}).status_code == 403
    assert save(worker, draft, "x").status_code == 403
    draft.refresh_from_db()
    assert draft.source == METHOD


def test_a_resident_without_a_post_that_reads_methods_gets_no_list(cast: Cast) -> None:
    assert cast.clients["resident"].get(reverse("desk:methods")).status_code == 403


def test_text_in_a_method_cannot_become_markup(cast: Cast) -> None:
    draft = draft_of(cast)
    evil = METHOD.replace("zh: 办理中", 'zh: "<script>alert(1)</script>"')
    page = save(cast.clients["secretary"], draft, evil, do="check").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def reported(cast: Cast, count: int = 1) -> None:
    for number in range(count):
        report(actor=ANONYMOUS, id=new_id(), area_code=COMMUNITY, text=f"楼道灯不亮，第 {number} 处", channel="web")


def test_running_matters_stay_until_they_are_moved_and_can_be_moved_back(cast: Cast) -> None:
    reported(cast, 2)
    draft = draft_of(cast)
    client = cast.clients["secretary"]
    changed = METHOD.replace("标题: {zh: 核查, en: Checking}", "标题: {zh: 复核, en: Checking}")
    save(client, draft, changed, do="publish")
    assert set(Matter.objects.values_list("version_ref_id", flat=True)) == {cast.version.pk}
    forth = reverse("desk:method_migrate", args=[cast.version.pk, draft.pk])
    back = reverse("desk:method_migrate", args=[draft.pk, cast.version.pk])
    dry = client.get(forth).content.decode()
    assert "这是预演" in dry
    assert dry.count('name="matter"') == 2
    assert set(Matter.objects.values_list("version_ref_id", flat=True)) == {cast.version.pk}
    chosen = [str(key) for key in Matter.objects.values_list("pk", flat=True)]
    assert "已转 2 件" in client.post(forth, {"do": "apply", "matter": chosen}).content.decode()
    assert set(Matter.objects.values_list("version_ref_id", flat=True)) == {draft.pk}
    client.post(back, {"do": "apply", "matter": chosen})
    assert set(Matter.objects.values_list("version_ref_id", flat=True)) == {cast.version.pk}


def test_only_the_chosen_matters_are_moved(cast: Cast) -> None:
    reported(cast, 2)
    draft = draft_of(cast)
    client = cast.clients["secretary"]
    save(client, draft, METHOD.replace("标题: {zh: 核查, en", "标题: {zh: 复核, en"), do="publish")
    chosen = str(Matter.objects.order_by("number").values_list("pk", flat=True)[0])
    client.post(reverse("desk:method_migrate", args=[cast.version.pk, draft.pk]), {"do": "apply", "matter": [chosen]})
    assert Matter.objects.filter(version_ref_id=draft.pk).count() == 1


def test_a_matter_that_met_what_changed_stays_with_the_reason(cast: Cast) -> None:
    reported(cast)
    draft = draft_of(cast)
    client = cast.clients["secretary"]
    save(
        client,
        draft,
        METHOD.replace("  doing:", "  working:").replace("到: doing", "到: working").replace("[doing]", "[working]"),
        do="publish",
    )
    page = client.get(reverse("desk:method_migrate", args=[cast.version.pk, draft.pk])).content.decode()
    assert "在新版里没有了" in page
    assert 'name="matter"' not in page


def test_who_may_not_move_matters_is_refused(cast: Cast) -> None:
    url = reverse("desk:method_migrate", args=[cast.version.pk, cast.version.pk])
    assert cast.clients["worker"].get(url).status_code == 403
    assert cast.clients["neighbour"].get(url).status_code == 404


def test_a_malformed_id_is_told_and_nothing_moves(cast: Cast) -> None:
    reported(cast)
    draft = draft_of(cast)
    client = cast.clients["secretary"]
    save(client, draft, METHOD, do="publish")
    url = reverse("desk:method_migrate", args=[cast.version.pk, draft.pk])
    page = client.post(url, {"do": "apply", "matter": ["' OR 1=1"]}, follow=True)
    assert page.status_code == 200
    assert not Matter.objects.filter(version_ref_id=draft.pk).exists()


def test_counts_hold_only_matters_that_the_reader_may_see(cast: Cast) -> None:
    reported(cast)
    assert "1 件办理中" in cast.clients["secretary"].get(reverse("desk:methods")).content.decode()
    volunteer = sign_in("志愿者", "volunteer", COMMUNITY)
    assert "件办理中" not in volunteer.get(reverse("desk:methods")).content.decode()


def test_the_page_takes_few_queries_however_many_versions(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    draft_of(cast)
    with django_assert_max_num_queries(12):
        cast.clients["secretary"].get(reverse("desk:method", args=[cast.version.pk]))
    with django_assert_max_num_queries(12):
        cast.clients["secretary"].get(reverse("desk:methods"))


def test_a_limit_is_changed_by_a_short_form_and_the_comments_stay(cast: Cast) -> None:
    draft = draft_of(cast)
    data = {"source": METHOD, "seen": draft.sha256, "do": "limit", "limit": "clocks.work.limit", "length": "5个工作日"}
    page = cast.clients["secretary"].post(reverse("desk:method_edit", args=[draft.pk]), data)
    assert page.context["source"] == METHOD.replace("3 个工作日", "5 个工作日")
    draft.refresh_from_db()
    assert draft.source == METHOD


@pytest.mark.parametrize(("limit", "length"), [("clocks.work.limit", "很快"), ("clocks.none.limit", "3 天"), ("", "")])
def test_what_is_no_limit_is_told_and_the_text_stays(cast: Cast, limit: str, length: str) -> None:
    draft = draft_of(cast)
    data = {"source": METHOD, "seen": draft.sha256, "do": "limit", "limit": limit, "length": length}
    page = cast.clients["secretary"].post(reverse("desk:method_edit", args=[draft.pk]), data)
    assert page.status_code == 422
    assert page.context["source"] == METHOD


def test_the_sample_of_a_new_step_is_sound(cast: Cast) -> None:
    extended = METHOD.replace(
        "        到: checking\n  checking:", "        到: look_again\n" + "\n".join(SAMPLE_STEP) + "\n  checking:"
    )
    assert extended != METHOD
    loaded = load(extended)
    assert loaded.ok, loaded.problems
