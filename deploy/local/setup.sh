#!/bin/sh
# Makes .tools (uv) and .venv (everything else in Python) from lock files. Runs again only when they changed.
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

groups="--group dev"
major=$(java_version || true)
[ "${major:-0}" -ge 17 ] 2>/dev/null || groups="$groups --group jre"
major=$(version_of node || true)
[ "${major:-0}" -ge 20 ] 2>/dev/null || groups="$groups --group node"
[ -z "${QINGYUAN_GROUPS:-}" ] || groups="$groups $QINGYUAN_GROUPS"

stamp=.venv/.made
want="$groups $(cat uv.lock pyproject.toml | cksum)"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then exit 0; fi

echo "安装 Python 组件（第一次约一分钟）"
if [ ! -x .tools/bin/uv ]; then
    "$python" -m venv .tools || fail "Python 缺少 venv 模块。"
    .tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r deploy/local/requirements-uv.txt ||
        fail "无法从软件源安装 uv：请检查网络连接或软件源设置。"
fi
# shellcheck disable=SC2086
UV_PYTHON="$python" UV_PYTHON_DOWNLOADS=never .tools/bin/uv sync --quiet --frozen --all-packages $groups ||
    fail "无法安装 Python 组件：请检查网络连接、软件源设置和磁盘空间。"
echo "$want" > "$stamp"
