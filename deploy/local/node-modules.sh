#!/bin/sh
# Installs what the pages are built with, by lock file, when that changed since the last time.
set -eu
cd "$(dirname "$0")/../../web"
PATH="$PWD/../.venv/bin:$PATH"
lock=$(cksum < package-lock.json)
if [ -f node_modules/.made ] && [ "$(cat node_modules/.made)" = "$lock" ]; then exit 0; fi
npm ci --silent --no-fund --no-audit || {
    echo "✗ 无法安装网页组件：请检查网络连接或软件源设置（npm_config_registry）。" >&2
    exit 1
}
echo "$lock" > node_modules/.made
