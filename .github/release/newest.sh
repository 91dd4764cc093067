#!/bin/sh
# usage: VERSION=1.2.3 newest.sh [PREFIX]
# Prints `true` if no newer version was released, of those that begin with PREFIX (`1`, `1.2`), else
# `false`. What is moved only then, such as `v1` and `:1`, never moves backwards. A pre-release is
# never the newest.
set -eu

case $VERSION in
    *-*)
        echo false
        exit
        ;;
esac
released=$(gh release list --exclude-drafts --exclude-pre-releases --limit 1000 --json tagName --jq '.[].tagName')
newest=$(printf '%s\n' "$released" "v$VERSION" | grep -F "v${1:+$1.}" | sort -V | tail -n 1)
if [ "$newest" = "v$VERSION" ]; then echo true; else echo false; fi
