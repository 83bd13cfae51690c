#!/bin/sh
# Builds the web pages and the manual, and prepares the fonts for printing, each only if its sources have changed since the last time.
set -eu
cd "$(dirname "$0")/../../web"
PATH="$PWD/../.venv/bin:$PATH"
lib=$PWD/../.local/lib
fail() { echo "✗ $1" >&2; exit 1; }
fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
pages=$(find src public m index.html package-lock.json vite.config.ts -type f -exec cksum {} + 2>/dev/null | sort | cksum)
manual=$(find ../docs/manual ../docs/images manual package-lock.json -type f -not -path '*/.temp/*' -exec cksum {} + | sort | cksum)
printing=../services/views/src/views/printing
fonts=$(cat package-lock.json fonts.mjs "$printing/keeping.py" "$printing/rare.py" "$printing/fontfiles.py" | cksum)
[ -d "$lib/rare-fonts" ] || rm -f "$lib/fonts/.made"
if fresh dist/.made "$pages" && fresh dist/help/.made "$manual" && fresh "$lib/fonts/.made" "$fonts"; then exit 0; fi
sh ../deploy/local/node-modules.sh
if ! fresh "$lib/fonts/.made" "$fonts"; then
    echo "准备打印字体"
    # Two weights of a Chinese font, and from another font the characters that both lack.
    noto=node_modules/@expo-google-fonts/noto-sans-sc
    mkdir -p "$lib/fonts"
    cp "$noto"/400Regular/*.ttf "$noto"/700Bold/*.ttf "$lib/fonts/"
    unpacked=$(mktemp -d "$lib/XXXXXX")
    trap 'rm -rf "$unpacked"' EXIT
    { node fonts.mjs "$unpacked" && python -m views.printing.keeping "$unpacked" "$lib/fonts" "$lib/rare-fonts"; } ||
        fail "打印字体无法准备：请检查磁盘空间。"
    echo "$fonts" > "$lib/fonts/.made"
fi
if ! fresh dist/.made "$pages"; then
    echo "构建网页"
    npm run --silent build || fail "网页构建失败。"
    echo "$pages" > dist/.made
fi
# The manual is kept beside the pages, whose build empties their folder.
if ! fresh help/.made "$manual"; then
    echo "构建操作手册"
    said=$(npm run --silent build:manual 2>&1) || fail "操作手册构建失败：$said"
    echo "$manual" > help/.made
fi
if ! fresh dist/help/.made "$manual"; then
    rm -rf dist/help
    cp -R help dist/help
fi
