"""Write ``requirements.lock`` (to run) and ``requirements-dev.lock`` (to test) from ``pyproject.toml``.

Both carry the hash of every file and no registry's address: where packages come from is the machine's to say
(pip's own configuration), what they must be is the project's. Run it as ``make lock``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = (
    "--generate-hashes",
    "--strip-extras",
    "--allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--no-emit-options",
    "--no-header",
    "--no-annotate",
    "--quiet",
)


def compile_lock(requirements: list[str], target: Path, upgrade: list[str]) -> None:
    """Resolve ``requirements`` and write ``target`` with pins and hashes; pins already there are kept."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "requirements.in"
        source.write_text("\n".join(requirements) + "\n")
        command = [sys.executable, "-m", "piptools", "compile", *OPTIONS, *upgrade]
        subprocess.run([*command, "--output-file", str(target), str(source)], check=True)
    pins = target.read_text()
    target.write_text(f"# 由 `make lock` 生成，请勿手改。Written by `make lock` from pyproject.toml.\n{pins}")


def main() -> None:
    """Write both files; ``--upgrade`` takes the newest versions that pyproject.toml allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run = project["project"]["dependencies"]
    dev = project["dependency-groups"]["dev"]
    run_lock = ROOT / "requirements.lock"
    compile_lock(run, run_lock, sys.argv[1:])
    compile_lock([*run, *dev, f"-c {run_lock}"], ROOT / "requirements-dev.lock", sys.argv[1:])


if __name__ == "__main__":
    main()
