"""The documents say what is there: commands, variables, modules, files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools import commands

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_list_of_commands_is_the_command_lines_own() -> None:
    told = (ROOT / "docs/commands.md").read_text()
    assert told == commands.text(), "python -m tools.commands > docs/commands.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_named_is_there(page: Path) -> None:
    known = set(re.findall(r"^## `bihuan ([a-z-]+)", commands.text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^|/)bihuan ([a-z][a-z-]+)", page.read_text(), re.MULTILINE))
    assert named <= known


def test_every_variable_of_the_environment_is_in_the_deployment_page() -> None:
    code = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    read = set(re.findall(r"""(?:environ(?:\.get)?[\[(]|flag\(|words\(|secret\()\s*["'](BIHUAN_[A-Z0-9_]+)""", code))
    told = (ROOT / "docs/deploy.md").read_text()
    assert {"BIHUAN_SECRET_KEY", "BIHUAN_SSL_REDIRECT", "BIHUAN_HOSTS"} <= read
    assert [name for name in sorted(read) if f"`{name}`" not in told] == []


def test_every_module_of_matters_is_explained() -> None:
    rows = (ROOT / "docs/architecture.md").read_text().partition("## The modules of matters")[2].splitlines()
    told = [name for row in rows if row.startswith("|") for name in re.findall(r"`([a-z]+)`", row.split("|")[2])]
    there = {path.stem for path in (ROOT / "src/bihuan/matters").glob("*.py")} - {"__init__"}
    assert sorted(told) == sorted(there)


def test_every_module_of_fieldwork_is_explained() -> None:
    part = (ROOT / "docs/architecture.md").read_text().partition("## The modules of fieldwork")[2].partition("\n## ")[0]
    told = [name for row in part.splitlines() if row.startswith("|") for name in re.findall(r"`([a-z_]+)`", row)]
    there = {path.stem for path in (ROOT / "src/bihuan/fieldwork").glob("*.py")} - {"__init__"}
    assert sorted(told) == sorted(name for name in there if not name.startswith(("pairing_", "paste_")))


def test_every_make_target_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(), re.MULTILINE)}
    assert named <= targets
