"""The lock files hold what pyproject.toml asks for, with hashes and no registry's address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUN = PROJECT["project"]["dependencies"]
DEV = PROJECT["dependency-groups"]["dev"]


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text()
    found = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})*)", text, re.MULTILINE)
    assert all(hashes for _name, _version, hashes in found)
    return {canonicalize_name(package): version for package, version, _hashes in found}


@pytest.mark.parametrize(
    ("lock", "requirements"), [("requirements.lock", RUN), ("requirements-dev.lock", [*RUN, *DEV])]
)
def test_every_requirement_is_pinned_within_its_bounds(lock: str, requirements: list[str]) -> None:
    pinned = pins(lock)
    for requirement in map(Requirement, requirements):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in {lock}: run make lock"
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement}: run make lock"


def test_both_locks_agree() -> None:
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert run.items() <= dev.items()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_no_registry_address_and_no_path_of_a_machine_stands_in_a_lock(lock: str) -> None:
    assert not re.search(r"https?://|file://|--index|--find-links|--trusted", (ROOT / lock).read_text())
