#!/bin/sh
# Creates .tools (uv) and .venv (all other Python packages) from lock files, again only if these have changed.
set -eu
cd "$(dirname "$0")/../.."

fail() { echo "✗ $1" >&2; exit 1; }

python=""
for candidate in python3.11 python3 python; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "需要 Python 3.11 或更新的版本（含 venv）。"

version_of() { "$1" --version 2>/dev/null | tr -dc '0-9.' | cut -d. -f1; }
java_version() { java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -1; }

WHERE="PIP_INDEX_URL 或 UV_DEFAULT_INDEX"
groups="--group dev"
major=$(java_version || true)
[ "${major:-0}" -ge 17 ] 2>/dev/null || groups="$groups --group jre"
major=$(version_of node || true)
[ "${major:-0}" -ge 20 ] 2>/dev/null || groups="$groups --group node"
[ -z "${QINGYUAN_GROUPS:-}" ] || groups="$groups $QINGYUAN_GROUPS"

stamp=.venv/.made
want="$groups $(cat uv.lock pyproject.toml | cksum)"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then exit 0; fi

# One installation at a time in this folder: whoever comes second waits, and then finds everything there. The lock belongs to
# the open file, which the script inherits, so it is free again however the script ends. (macOS has no `flock` command.)
locked_by='
import fcntl, os, sys
lock = os.open(".setup.lock", os.O_CREAT | os.O_RDWR, 0o644)
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("本目录正在由另一个命令安装，等它完成", flush=True)
    fcntl.flock(lock, fcntl.LOCK_EX)
os.set_inheritable(lock, True)
os.execvp("sh", ["sh", "deploy/local/setup.sh"])
'
if [ -z "${QINGYUAN_SETUP_LOCKED:-}" ]; then
    QINGYUAN_SETUP_LOCKED=1 PYTHONUTF8=1 exec "$python" -c "$locked_by"
fi

echo "安装 Python 组件（第一次约一分钟）"
# uv and pip read the mirror from different variables. Setting either is enough.
mirror=${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-${PIP_INDEX_URL:-}}}
if [ -n "$mirror" ]; then PIP_INDEX_URL=${PIP_INDEX_URL:-$mirror} && export PIP_INDEX_URL; fi
if [ ! -x .tools/bin/uv ]; then
    "$python" -m venv .tools || fail "Python 缺少 venv 模块。"
    .tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r deploy/local/requirements-uv.txt ||
        { rm -rf .tools; fail "无法从软件源安装 uv：请检查网络连接或软件源设置（$WHERE）。"; }
fi
[ -n "$mirror" ] || mirror=$(.tools/bin/pip config get global.index-url 2>/dev/null || true)
if [ -n "$mirror" ]; then UV_DEFAULT_INDEX=$mirror && export UV_DEFAULT_INDEX; fi
export UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV="$PWD/.venv"

# `uv sync` would download from the addresses in uv.lock. By their hashes the same files may come from any index.
locked=.tools/locked.txt
# shellcheck disable=SC2086
.tools/bin/uv export --quiet --frozen --all-packages $groups --no-emit-workspace --no-annotate -o $locked >/dev/null ||
    fail "锁文件 uv.lock 无法读取。"
made=""
[ -x .venv/bin/python ] || { made=.venv && .tools/bin/uv venv --quiet --python "$python" .venv; } || fail "无法建立 .venv。"
# Everything is downloaded before anything is installed. If that fails, a new and still empty folder is removed again.
.tools/bin/uv pip sync --quiet --require-hashes $locked ||
    { rm -rf $made; fail "无法安装 Python 组件：请检查网络连接、软件源设置（$WHERE）和磁盘空间。"; }
rm -f "$stamp"
set --
for package in libs/* services/* deploy/local cli; do set -- "$@" --editable "$package"; done
.tools/bin/uv pip install --quiet --no-deps --no-build-isolation --offline "$@" || fail "无法安装本项目的各个包。"
echo "$want" > "$stamp"
