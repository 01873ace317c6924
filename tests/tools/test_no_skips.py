"""Where everything is required, nothing is skipped in silence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(folder: Path, test: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_x.py").write_text(f"import pytest\n{test}\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        "/dev/null",
        "--rootdir",
        str(folder),
        *options,
        str(folder),
    ]
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, env=env, cwd=folder)


def test_a_skipped_test_passes_without_the_plugin_and_fails_with_it(tmp_path: Path) -> None:
    test = "def test_a():\n    pytest.skip('no browser')"
    assert run(tmp_path, test).returncode == 0
    strict = run(tmp_path, test, "-p", "tools.no_skips")
    assert strict.returncode == 1
    assert "no browser" in strict.stdout


def test_a_module_skipped_as_a_whole_fails_too(tmp_path: Path) -> None:
    strict = run(tmp_path, "pytest.skip('no engine', allow_module_level=True)", "-p", "tools.no_skips")
    assert strict.returncode != 0
    assert "no engine" in strict.stdout


def test_an_expected_failure_stays_one(tmp_path: Path) -> None:
    test = "@pytest.mark.xfail(strict=True)\ndef test_a():\n    assert False"
    assert run(tmp_path, test, "-p", "tools.no_skips").returncode == 0
