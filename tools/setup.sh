#!/bin/sh
# Makes .venv and installs the project: `sh tools/setup.sh run` or `sh tools/setup.sh dev`.
# Does nothing when what it would install is already there. Only needs sh and Python 3.11+.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
if [ "$kind" = dev ]; then lock=requirements-dev.lock; else lock=requirements.lock; fi

say() { printf '%s\n' "$*" >&2; }
fail() { say ""; say "✗ $1"; shift; for line in "$@"; do say "  $line"; done; exit 1; }

find_python() {
    for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
        [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 || continue
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"; return 0
        fi
    done
    return 1
}

wanted() { cat "$1" pyproject.toml hatch_build.py 2>/dev/null | cksum; }
installed() { [ -x .venv/bin/python ] && [ -f ".venv/.installed-$1" ] && [ "$(cat ".venv/.installed-$1")" = "$(wanted "$2")" ]; }

# The larger installation has all that the smaller one needs.
if installed "$kind" "$lock" || installed dev requirements-dev.lock; then
    # Sources of the pages may have changed since: this builds them again only then.
    exec .venv/bin/python -m tools.assets >/dev/null
fi

if [ ! -x .venv/bin/python ]; then
    python=$(find_python) || fail "没有找到 Python 3.11 或更新的版本。Python 3.11 or newer was not found." \
        "请先安装，或用 PYTHON=/path/to/python3.11 make run 指明。Install it, or name it with PYTHON=…"
    say "1/3 建立虚拟环境 .venv（$("$python" --version)）"
    "$python" -m venv .venv >.venv.log 2>&1 || {
        cat .venv.log >&2; rm -rf .venv .venv.log
        fail "虚拟环境没有建成（原因见上）。The virtual environment could not be made (see above)." \
            "Debian / Ubuntu: apt-get install python3-venv，然后再试一次。"
    }
    rm -f .venv.log
fi

say "2/3 安装依赖（$lock，逐个核对哈希；第一次约需一两分钟）"
.venv/bin/python -m pip install --disable-pip-version-check --no-input -q --require-hashes -r "$lock" ||
    fail "依赖没有装成（原因见上）。The dependencies could not be installed (see above)." \
        "多半是连不上软件源：检查网络，或用 PIP_INDEX_URL=https://… make $kind 指定镜像。" \
        "Most often the package index cannot be reached: check the network or set PIP_INDEX_URL."

say "3/3 安装本项目并构建网页资源"
.venv/bin/python -m pip install --disable-pip-version-check --no-input -q --no-deps -e . ||
    fail "本项目没有装成（原因见上）。The project could not be installed (see above)." \
        "构建脚本和样式需要下载一次构建工具；检查网络后再运行同一条命令即可继续。" \
        "Building scripts and styles fetches the build tools once; check the network and run the same again."
wanted "$lock" >".venv/.installed-$kind"
say "✓ 就绪"
