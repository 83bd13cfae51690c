#!/bin/sh
# Types, lint and unit tests of the pages; and whether the types of the API are those of the OpenAPI document.
set -eu
cd "$(dirname "$0")"
PATH="$PWD/../.venv/bin:$PATH"
npm run --silent types -- --check || { echo "src/api/schema.d.ts 不是由 OpenAPI 文档生成的最新版本，请运行 make generate。" >&2; exit 1; }
npm run --silent typecheck
npm run --silent lint
npm run --silent test
node src/phone/shell/size.mjs
