#!/bin/sh
# Builds the web pages when their sources changed since the last build.
set -eu
cd "$(dirname "$0")/../../web"
PATH="$PWD/../.venv/bin:$PATH"
fail() { echo "✗ $1" >&2; exit 1; }
want=$(find src public m index.html package-lock.json vite.config.ts -type f -exec cksum {} + 2>/dev/null | sort | cksum)
if [ -f dist/.made ] && [ "$(cat dist/.made)" = "$want" ] && [ -d ../.local/lib/fonts ]; then exit 0; fi
echo "构建网页"
lock=$(cksum < package-lock.json)
if [ ! -f node_modules/.made ] || [ "$(cat node_modules/.made)" != "$lock" ]; then
    npm ci --silent --no-fund --no-audit || fail "无法安装网页组件：请检查网络连接或软件源设置（npm_config_registry）。"
    echo "$lock" > node_modules/.made
fi
# What printing needs: two weights of a Chinese font.
fonts=node_modules/@expo-google-fonts/noto-sans-sc
mkdir -p ../.local/lib/fonts
cp "$fonts"/400Regular/*.ttf "$fonts"/700Bold/*.ttf ../.local/lib/fonts/
npm run --silent build || fail "网页构建失败。"
echo "$want" > dist/.made
