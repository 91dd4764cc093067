#!/bin/sh
# Prints the tags that the image of VERSION gets, each with SUFFIX: the version, and the shorter ones
# that no newer version has.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

echo "$VERSION$SUFFIX"
for short in "${VERSION%.*}" "${VERSION%%.*}"; do
    is_newest=$("$here/newest.sh" "$short")
    if [ "$is_newest" = true ]; then echo "$short$SUFFIX"; fi
done
