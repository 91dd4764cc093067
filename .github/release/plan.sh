#!/bin/sh
# What is left to do of the release of VERSION, as the step's outputs:
#   stage   `build` where nothing is fixed yet, `publish` where the tag is there, `published` where
#           the release is
# A tag fixes the checksums of the assets, so they are built before it and never again.
set -eu

main() {
    case $VERSION in
        [0-9]*.[0-9]*.[0-9]*) ;;
        *) die "\`$VERSION\` is no version: expected one such as 1.2.3" ;;
    esac
    [ "$GITHUB_REF" = refs/heads/main ] || die "this was dispatched on $GITHUB_REF: releases are made of main"
    if [ "$(gh release view "v$VERSION" --json isDraft --jq .isDraft 2>/dev/null)" = false ]; then
        stage=published
    elif [ -n "$(tagged_commit)" ]; then
        stage=publish
    else
        stage=build
        check_commit
    fi
    note "v$VERSION: the stage is \`$stage\`"
    printf 'stage=%s\n' "$stage" >>"$GITHUB_OUTPUT"
}

tagged_commit() {
    gh api "repos/$GH_REPO/git/matching-refs/tags/v$VERSION" \
        --jq ".[] | select(.ref == \"refs/tags/v$VERSION\") | .object.sha"
}

check_commit() {
    grep -qxF "version = \"$VERSION\"" Cargo.toml ||
        die "Cargo.toml has another version than $VERSION"
    grep -qE "^## \[?$VERSION" CHANGELOG.md ||
        die "CHANGELOG.md has no heading for $VERSION"
    grep -qxF "repository = \"$GITHUB_SERVER_URL/$GITHUB_REPOSITORY\"" Cargo.toml ||
        die "Cargo.toml names another repository than $GITHUB_REPOSITORY, and the action downloads from there"
    major=${VERSION%%.*}
    grep -qF "deployment-status@v$major" README.md ||
        die "README.md does not say \`deployment-status@v$major\`: the tag that is moved is not the one that people are told to use"
}

note() {
    printf '%s\n' "$1" >&2
}

die() {
    printf '::error title=Release::%s\n' "$1"
    exit 1
}

main
