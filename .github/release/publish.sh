#!/bin/sh
# Publishes VERSION from the assets in dist/: makes a draft that has every asset, tags a commit that
# carries their checksums, and publishes the draft. Leaves the tag's commit as the step's output
# `commit`. What was done before is left out, so that it can be run again wherever it broke off.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
tag=v$VERSION
table=.github/action/SHA256SUMS

main() {
    state=$(release_state)
    commit=$(tagged_commit)
    if [ "$state" != published ]; then
        if [ -z "$commit" ]; then
            check_assets
            check_workflows
            renew_draft
            tag_table
        else
            check_tag
        fi
        publish
    fi
    note "$tag is published, its commit is $commit"
    printf 'commit=%s\n' "$commit" >>"$GITHUB_OUTPUT"
}

# `none`, `draft` or `published`.
release_state() {
    if answer=$(gh release view "$tag" --json isDraft --jq .isDraft 2>&1); then
        if [ "$answer" = true ]; then echo draft; else echo published; fi
    else
        case $answer in
            *'release not found'*) echo none ;;
            *) note "$answer" && return 1 ;;
        esac
    fi
}

tagged_commit() {
    gh api "repos/$GH_REPO/git/matching-refs/tags/$tag" \
        --jq ".[] | select(.ref == \"refs/tags/$tag\") | .object.sha"
}

check_assets() {
    [ -f dist/SHA256SUMS ] || die "there is no dist/SHA256SUMS: the assets of this run are gone, dispatch the workflow again"
    (cd dist && sha256sum --check --strict --quiet SHA256SUMS) || die "the assets in dist/ do not have their checksums"
}

# GitHub's token may not push a workflow file that the branch has not: 403, after the approval.
check_workflows() {
    [ "$(workflows_of "$GITHUB_SHA")" = "$(workflows_of "$GITHUB_REF_NAME")" ] ||
        die "a workflow file has changed on $GITHUB_REF_NAME since this run was dispatched, so its commit cannot be tagged any more: dispatch the workflow again"
}

workflows_of() {
    gh api "repos/$GH_REPO/git/trees/$1?recursive=1" --jq '.tree[] | select(.path == ".github/workflows") | .sha'
}

# Complete before it is published, since an immutable release takes no assets afterwards.
renew_draft() {
    if [ "$state" = draft ]; then gh release delete "$tag" --yes; fi
    gh release create "$tag" dist/* --draft --title "$VERSION" --generate-notes --target "$GITHUB_SHA"
}

tag_table() {
    tree=$(gh api "repos/$GH_REPO/git/trees" -f "base_tree=$GITHUB_SHA" \
        -f "tree[][path]=$table" -f 'tree[][mode]=100644' -f 'tree[][type]=blob' \
        -F 'tree[][content]=@dist/SHA256SUMS' --jq .sha)
    commit=$(gh api "repos/$GH_REPO/git/commits" -f "message=Release $VERSION" \
        -f "tree=$tree" -f "parents[]=$GITHUB_SHA" --jq .sha)
    gh api "repos/$GH_REPO/git/refs" -f "ref=refs/tags/$tag" -f "sha=$commit" --silent ||
        note "the tag was not taken, or the answer was lost: see whether it is there"
    wait_for_tag
}

# What was written is not at once what is read.
wait_for_tag() {
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
        found=$(tagged_commit)
        if [ "$found" = "$commit" ]; then return; fi
        [ -z "$found" ] || die "$tag is the tag of $found, which this run did not make: another run is at work"
        sleep 5
    done
    die "the tag $tag was made and cannot be read after a minute: run the failed jobs again"
}

# The tag is from a run that broke off. Its table says which assets are the right ones.
check_tag() {
    carried=$(gh api "repos/$GH_REPO/contents/$table?ref=$commit" -H 'Accept: application/vnd.github.raw')
    if [ "$state" = draft ]; then
        drafted=$(gh release download "$tag" --pattern SHA256SUMS --output -)
        [ "$drafted" = "$carried" ] && return
    elif [ -f dist/SHA256SUMS ]; then
        check_assets
        if [ "$(cat dist/SHA256SUMS)" = "$carried" ]; then
            renew_draft
            return
        fi
    fi
    die "the tag $tag is there, but the assets whose checksums it carries are not: nobody was given them, so delete it (git push --delete origin $tag) and dispatch the workflow again"
}

publish() {
    prerelease=false
    case $VERSION in *-*) prerelease=true ;; esac
    latest=$("$here/newest.sh")
    gh release edit "$tag" --verify-tag --draft=false --prerelease="$prerelease" --latest="$latest"
}

note() {
    printf '%s\n' "$1" >&2
}

die() {
    printf '::error title=Release::%s\n' "$1"
    exit 1
}

main
