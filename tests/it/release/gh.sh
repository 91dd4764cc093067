#!/bin/sh
# A stand-in of GitHub's client for the release scripts, with a repository in the directory STATE:
#   refs/NAME        the commit of a tag
#   tables/COMMIT    the table of checksums that a commit carries
#   workflows/REV    the tree of .github/workflows there
#   releases/TAG/    assets/, and the files draft, prerelease and latest
#   lag              how many reads do not see yet what was written
#   breaks           `N before` or `N after`: call number N fails, before or after it was done
set -eu
cd "$STATE"

number=$(($(cat count 2>/dev/null || echo 0) + 1))
echo "$number" >count
echo "$*" >>calls

broken() {
    if [ "$(cat breaks 2>/dev/null)" = "$number $1" ]; then
        rm breaks
        echo "HTTP 502: Bad Gateway" >&2
        exit 1
    fi
}

main() {
    case $1-$2 in
        release-list)
            for release in releases/*; do
                [ -d "$release" ] && [ ! -e "$release/draft" ] && [ ! -e "$release/prerelease" ] || continue
                basename "$release"
            done
            ;;
        release-view)
            known "$3"
            if [ -e "releases/$3/draft" ]; then echo true; else echo false; fi
            ;;
        release-delete) known "$3" && rm -r "releases/$3" ;;
        release-create) create "$@" ;;
        release-download) known "$3" && cat "releases/$3/assets/SHA256SUMS" ;;
        release-edit) edit "$@" ;;
        api-*) api "$@" ;;
        *) echo "this stand-in does not know: $*" >&2 && exit 99 ;;
    esac
}

known() {
    if [ ! -d "releases/$1" ]; then
        echo 'release not found' >&2
        exit 1
    fi
}

create() {
    tag=$3
    [ ! -d "releases/$tag" ] || exit 1
    mkdir -p "releases/$tag/assets"
    touch "releases/$tag/draft"
    for argument; do
        case $argument in dist/*) cp "$OLDPWD/$argument" "releases/$tag/assets" ;; esac
    done
}

edit() {
    tag=$3
    known "$tag"
    case "$*" in *--verify-tag*) test -e "refs/$tag" ;; esac
    case "$*" in *--draft=false*) rm -f "releases/$tag/draft" ;; esac
    case "$*" in *--prerelease=true*) touch "releases/$tag/prerelease" ;; esac
    case "$*" in *--latest=true*) rm -f releases/*/latest && touch "releases/$tag/latest" ;; esac
}

api() {
    shift
    method=GET
    case $1 in --method) method=$2 && shift 2 ;; esac
    path=${1#repos/octo/app/}
    shift
    field() {
        name=$1
        shift
        for argument; do
            case $argument in "$name="*) printf '%s\n' "${argument#*=}" ;; esac
        done
    }
    case $method-$path in
        GET-git/matching-refs/tags/*)
            tag=${path##*/}
            [ -e "refs/$tag" ] || return 0
            lag=$(cat lag 2>/dev/null || echo 0)
            if [ "$lag" -gt 0 ]; then echo $((lag - 1)) >lag; else cat "refs/$tag"; fi
            ;;
        GET-git/trees\?*) exit 99 ;;
        GET-git/trees/*) rev=${path#git/trees/} && cat "workflows/${rev%%\?*}" ;;
        GET-git/trees)
            cp "$OLDPWD/dist/SHA256SUMS" tables/pending
            echo tree
            ;;
        GET-git/commits)
            mv tables/pending "tables/commit-$number"
            echo "commit-$number"
            ;;
        GET-git/refs)
            tag=$(field ref "$@")
            tag=${tag#refs/tags/}
            if [ -e "refs/$tag" ]; then echo 'Reference already exists' >&2 && exit 1; fi
            field sha "$@" >"refs/$tag"
            ;;
        PATCH-git/refs/tags/*) test -e "refs/${path##*/}" && field sha "$@" >"refs/${path##*/}" ;;
        GET-contents/*) cat "tables/${path#*ref=}" ;;
        *) echo "this stand-in does not know: $method $path" >&2 && exit 99 ;;
    esac
}

broken before
main "$@"
broken after
