"""``make test``: every static check, then the whole suite on SQLite and on PostgreSQL.

What is missing on the machine is not silently left out: the end says what was skipped and how to have it.
``BIHUAN_REQUIRE_ALL=1`` (as in ``.ci/run``) turns every skip into a failure.
Arguments that are not options of this command go to pytest.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tools import postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass
class Run:
    """What happened so far: ``(name, seconds, passed)`` of each part; what was skipped and its remedy."""

    require_all: bool
    parts: list[tuple[str, float, bool]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def part(self, name: str, *command: str, env: dict[str, str] | None = None) -> bool:
        """Run one command with its output shown; remember how it ended."""
        print(f"\n── {name} " + "─" * max(2, 70 - len(name)), flush=True)
        begun = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})})
        self.parts.append((name, time.monotonic() - begun, done.returncode == 0))
        return done.returncode == 0

    def skip(self, what: str, remedy: str) -> None:
        """Remember that ``what`` was not run, and how to have it."""
        self.skipped.append((what, remedy))


def lint(run: Run) -> None:
    """Style, types, layers, templates, migrations, translations."""
    with tempfile.TemporaryDirectory(prefix="bihuan-lint-") as folder:
        _lint(run, folder)


def _lint(run: Run, folder: str) -> None:
    env = {
        "BIHUAN_DATA": folder,
        "DJANGO_SETTINGS_MODULE": "bihuan.settings",
    }
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "src").rglob("templates/**/*.html"))
    python = sys.executable
    run.part("ruff", str(BIN / "ruff"), "check", ".")
    run.part("ruff format", str(BIN / "ruff"), "format", "--check", ".")
    run.part("mypy --strict", str(BIN / "mypy"), env=env)
    run.part("import-linter", str(BIN / "lint-imports"), env=env)
    if templates:
        run.part("djade", str(BIN / "djade"), "--check", "--target-version", "5.2", *templates)
    run.part("makemigrations --check", python, "manage.py", "makemigrations", "--check", "--dry-run", env=env)
    run.part("locale", python, "-m", "tools.locale_check", env=env)
    shutil.rmtree(env["BIHUAN_DATA"], ignore_errors=True)


def find_chromium() -> str | None:
    """Return the browser that the journeys drive: ``BIHUAN_CHROMIUM``, or the first one on the PATH."""
    if named := os.environ.get("BIHUAN_CHROMIUM"):
        return named
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def has_libreoffice() -> bool:
    """Say whether documents can be drawn here and measured: by ``BIHUAN_SOFFICE``, or one on the PATH."""
    named = os.environ.get("BIHUAN_SOFFICE")
    return any(shutil.which(name) for name in ([named] if named else ["soffice", "libreoffice"]))


def suite(run: Run, engine: str, pytest_args: list[str], env: dict[str, str]) -> None:
    """Run pytest once: what is marked for the other engine is not for this one, nor drawn pages a second time."""
    other = {"SQLite": "postgres", "PostgreSQL": "sqlite and not drawn"}[engine]
    marks = f"not {other}" if env.get("BIHUAN_CHROMIUM") else f"not {other} and not browser"
    plugin = ["-p", "tools.no_skips"] if run.require_all else []
    plugin += ["-p", "tools.once"] if engine == "PostgreSQL" else []
    workers = os.environ.get("BIHUAN_TEST_PROCESSES", "2")
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadfile", "--durations=8"]
    run.part(f"tests on {engine}", *command, *plugin, "-m", marks, *pytest_args, env=env)


def suites(run: Run, pytest_args: list[str]) -> None:
    """SQLite first, then PostgreSQL where there is one."""
    env = {"DATABASE_URL": "", "BIHUAN_CHROMIUM": find_chromium() or ""}
    if not env["BIHUAN_CHROMIUM"]:
        run.skip(
            "浏览器测试（真实 Chromium 中的操作、axe 无障碍检查）· the browser journeys",
            "apt-get install chromium fonts-noto-cjk，或用 BIHUAN_CHROMIUM=/path/to/chromium 指明",
        )
    if not has_libreoffice():
        run.skip(
            "公文版面测量（用 LibreOffice 排出来量）· the measures of printed documents",
            "apt-get install libreoffice-writer-nogui poppler-utils fonts-noto-cjk",
        )
    suite(run, "SQLite", pytest_args, env)
    if address := os.environ.get("TEST_DATABASE_URL"):
        suite(run, "PostgreSQL", pytest_args, {**env, "DATABASE_URL": address})
    elif binaries := postgres.find_bin():
        with postgres.throw_away(binaries) as address:
            suite(run, "PostgreSQL", pytest_args, {**env, "DATABASE_URL": address})
    else:
        run.skip(
            "PostgreSQL 上的整套测试 · the whole suite on PostgreSQL",
            "apt-get install postgresql，或用 TEST_DATABASE_URL=postgresql://… 指明一个可建库的地址",
        )


def summary(run: Run) -> int:
    """Print what ran, what failed, what was skipped; return the exit status."""
    print("\n── 小结 · summary " + "─" * 55)
    for name, seconds, passed in run.parts:
        print(f"  {'✓' if passed else '✗'} {name:<28} {seconds:7.1f} s")
    for what, remedy in run.skipped:
        print(f"  – 未运行 skipped: {what}\n    要运行它 to have it: {remedy}")
    failed = [name for name, _, passed in run.parts if not passed]
    if run.require_all and run.skipped:
        failed.append("skipped parts (BIHUAN_REQUIRE_ALL=1)")
    print(f"  {'✗ 未通过 failed: ' + ', '.join(failed) if failed else '✓ 全部通过 all passed'}", flush=True)
    return 1 if failed else 0


def main() -> int:
    """Parse the arguments and run what they ask for."""
    parser = argparse.ArgumentParser(prog="make test")
    parser.add_argument("--lint-only", action="store_true", help="only the static checks")
    parser.add_argument("--tests-only", action="store_true", help="only the suites")
    options, pytest_args = parser.parse_known_args()
    run = Run(require_all=os.environ.get("BIHUAN_REQUIRE_ALL") == "1")
    if not options.tests_only:
        lint(run)
    if not options.lint_only:
        suites(run, pytest_args)
    return summary(run)


if __name__ == "__main__":
    sys.exit(main())
