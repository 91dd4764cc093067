#!/bin/sh
# Moves the tag of the major version, such as `v1`, to COMMIT, unless a newer version has it.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
major=${VERSION%%.*}

is_newest=$("$here/newest.sh" "$major")
if [ "$is_newest" = false ]; then
    echo "v$VERSION is a pre-release, or there is a newer version: v$major stays where it is"
    exit 0
fi
found=$(gh api "repos/$GH_REPO/git/matching-refs/tags/v$major" \
    --jq ".[] | select(.ref == \"refs/tags/v$major\") | .object.sha")
if [ -z "$found" ]; then
    gh api "repos/$GH_REPO/git/refs" -f "ref=refs/tags/v$major" -f "sha=$COMMIT" --silent
elif [ "$found" != "$COMMIT" ]; then
    gh api --method PATCH "repos/$GH_REPO/git/refs/tags/v$major" -f "sha=$COMMIT" -F force=true --silent
fi
echo "v$major is v$VERSION"
