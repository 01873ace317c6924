"""The check that finds texts without English."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools import locale_check


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    source = tmp_path / "src" / "bihuan"
    (source / "locale/en/LC_MESSAGES").mkdir(parents=True)
    (source / "templates").mkdir()
    monkeypatch.setattr(locale_check, "ROOT", tmp_path)
    monkeypatch.setattr(locale_check, "SOURCE", source)
    return source


def catalogue(tree: Path, text: str) -> None:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (tree / "locale/en/LC_MESSAGES/django.po").write_text(head + text)


def test_a_text_in_python_without_english_is_named_with_its_line(tree: Path) -> None:
    (tree / "a.py").write_text('from x import gettext as _\n\nprint(_("保存"))\n')
    assert locale_check.problems() == ["src/bihuan/a.py:3 「保存」没有英文 · has no English"]


def test_texts_in_templates_are_found_in_both_tags(tree: Path) -> None:
    (tree / "templates/p.html").write_text(
        '{% load i18n %}\n{% trans "提交" %}\n{% blocktrans with n=x %}共 {{ n }} 件{% endblocktrans %}\n'
    )
    assert [problem.split(" ")[0] for problem in locale_check.problems()] == [
        "src/bihuan/templates/p.html:2",
        "src/bihuan/templates/p.html:3",
    ]


def test_what_is_translated_is_no_problem(tree: Path) -> None:
    (tree / "a.py").write_text('_("保存")\n_("保存")\n')
    catalogue(tree, 'msgid "保存"\nmsgstr "Save"\n')
    assert locale_check.problems() == []


def test_an_empty_translation_and_a_lost_placeholder_are_problems(tree: Path) -> None:
    (tree / "a.py").write_text('WORDS = ["甲", "共 %(n)s 件"]\n')
    catalogue(tree, 'msgid "甲"\nmsgstr ""\n\nmsgid "共 %(n)s 件"\nmsgstr "many"\n')
    assert len(locale_check.problems()) == 2


def test_english_that_nothing_says_any_more_is_named(tree: Path) -> None:
    (tree / "a.py").write_text('TABLE = {"a": "甲"}\n')
    catalogue(tree, 'msgid "甲"\nmsgstr "A"\n\nmsgid "乙"\nmsgstr "B"\n')
    assert [problem.split(" ", 1)[1] for problem in locale_check.problems()] == ["「乙」没有地方用 · nothing says it"]


def test_one_text_with_two_english_ones_is_named(tree: Path) -> None:
    (tree / "a.py").write_text('_("甲")\n')
    catalogue(tree, 'msgid "甲"\nmsgstr "A"\n')
    other = tree / "web/locale/en/LC_MESSAGES/django.po"
    other.parent.mkdir(parents=True)
    other.write_text((tree / "locale/en/LC_MESSAGES/django.po").read_text().replace('"A"', '"Other"'))
    assert [problem.split(" ", 1)[1] for problem in locale_check.problems()] == [
        "「甲」在别处另有英文 · has another English elsewhere"
    ]
