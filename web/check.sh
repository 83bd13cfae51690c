#!/bin/sh
# Types, lint and unit tests of the pages.
set -eu
cd "$(dirname "$0")"
PATH="$PWD/../.venv/bin:$PATH"
npm run --silent typecheck
npm run --silent lint
npm run --silent test
node src/phone/shell/size.mjs
