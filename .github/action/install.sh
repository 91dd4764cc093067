#!/bin/sh
# Leaves the path of the program as the step's output `bin`: the one that DEPLOYMENT_STATUS_BIN
# names, else this version's release asset, whose checksum must be the one in SHA256SUMS here.
# Nothing is looked up on PATH, there is no "latest", and the tool cache is not trusted.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
manifest=$here/../../Cargo.toml
table=$here/SHA256SUMS

main() {
    if [ -n "${DEPLOYMENT_STATUS_BIN:-}" ]; then
        take_preinstalled "$DEPLOYMENT_STATUS_BIN"
    else
        describe_asset
        make_private_directory
        if ! take_from_tool_cache; then
            download
            keep_in_tool_cache
        fi
    fi
    printf 'bin=%s\n' "$program" >>"$GITHUB_OUTPUT"
}

take_preinstalled() {
    program=$1
    case $program in
        *"
"*) die "DEPLOYMENT_STATUS_BIN has a line break: expected an absolute path" ;;
        /* | [A-Za-z]:[\\/]*) ;;
        *) die "DEPLOYMENT_STATUS_BIN is \`$program\`: expected an absolute path" ;;
    esac
    [ -f "$program" ] || die "DEPLOYMENT_STATUS_BIN is \`$program\`: there is no such file"
    [ -x "$program" ] || die "DEPLOYMENT_STATUS_BIN is \`$program\`: it is not executable, try \`chmod +x\`"
    note "using \`$program\`, which DEPLOYMENT_STATUS_BIN names; its checksum is not checked"
}

# Sets version, arch, suffix, asset and expected.
describe_asset() {
    version=$(manifest_value version)
    suffix=
    case ${RUNNER_OS:-$(uname -s)}-${RUNNER_ARCH:-$(uname -m)} in
        Linux-X64 | Linux-x86_64) arch=x64 target=x86_64-unknown-linux-musl ;;
        Linux-ARM64 | Linux-aarch64) arch=arm64 target=aarch64-unknown-linux-musl ;;
        macOS-X64 | Darwin-x86_64) arch=x64 target=x86_64-apple-darwin ;;
        macOS-ARM64 | Darwin-arm64) arch=arm64 target=aarch64-apple-darwin ;;
        Windows-X64) arch=x64 target=x86_64-pc-windows-msvc suffix=.exe ;;
        Windows-ARM64) arch=arm64 target=aarch64-pc-windows-msvc suffix=.exe ;;
        *) die "there is no release asset for ${RUNNER_OS:-$(uname -s)} on ${RUNNER_ARCH:-$(uname -m)}: build the program with \`cargo install deployment-status@$version\` and set DEPLOYMENT_STATUS_BIN to its absolute path, or run the job in the image $(manifest_value repository | sed s,https://github.com/,ghcr.io/,):$version-shell" ;;
    esac
    asset=deployment-status-$version-$target$suffix
    expected=$(awk -v asset="$asset" '$2 == asset || $2 == "*" asset { print $1 }' "$table" 2>/dev/null || :)
    [ -n "$expected" ] || die "this commit of the action carries no checksum of \`$asset\`, so it is not a release: use a release's tag, or build the program with \`cargo build --release\` and set DEPLOYMENT_STATUS_BIN to its absolute path"
}

manifest_value() {
    sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$manifest" | head -n 1
}

# Other jobs can write in the tool cache, so what is checked and run is a copy that they cannot reach.
make_private_directory() {
    temp=$(unix_path "${RUNNER_TEMP:-${TMPDIR:-/tmp}}")
    directory=$(mktemp -d "$temp/deployment-status.XXXXXX")
    trap 'test -z "$directory" || rm -rf -- "$directory"' EXIT
    program=$directory/deployment-status$suffix
    cached=
    [ -z "${RUNNER_TOOL_CACHE:-}" ] || cached=$(unix_path "$RUNNER_TOOL_CACHE")/deployment-status/$version/$arch/$asset
}

take_from_tool_cache() {
    [ -n "$cached" ] && [ -e "$cached" ] || return 1
    if [ -f "$cached" ] && cp -- "$cached" "$program" && is_expected "$program"; then
        finish_program
        return 0
    fi
    annotate warning "\`$cached\` is not what was released as \`$asset\`: it is replaced by a fresh download"
    rm -rf -- "$cached" "$program"
    return 1
}

download() {
    base=${DEPLOYMENT_STATUS_RELEASES:-$(manifest_value repository)/releases/download}
    url=${base%/}/v$version/$asset
    shown=$(printf '%s' "$url" | sed 's#//[^/@]*@#//***@#')
    case $base in
        https://*) protocols=https ;;
        http://127.0.0.1[:/]* | http://localhost[:/]* | 'http://[::1]'[:/]*)
            protocols=http,https
            export NO_PROXY=127.0.0.1,localhost,::1 no_proxy=127.0.0.1,localhost,::1
            ;;
        file:///*) protocols='file' ;;
        *) die "DEPLOYMENT_STATUS_RELEASES makes \`$shown\`: expected https (or http on loopback, or file)" ;;
    esac
    for pause in 1 2 4 0; do
        note "downloading $shown"
        if fetch; then
            is_expected "$program" || die "\`$shown\` has the SHA-256 $(sha256 "$program"), expected $expected: it was deleted and nothing was run; the release or the mirror has been changed, or something on the way changes downloads"
            finish_program
            return
        fi
        if [ "$answer" = 404 ]; then break; fi
        sleep "$pause"
    done
    die "cannot download \`$shown\`: see above; if this runner cannot reach it, set DEPLOYMENT_STATUS_RELEASES to a mirror of the releases, or DEPLOYMENT_STATUS_BIN to the absolute path of the program"
}

# Sets answer: the HTTP status, 000 where there was none.
fetch() {
    answer=000
    if command -v curl >/dev/null; then
        answer=$(curl --fail --silent --show-error --location \
            --proto "=$protocols" --proto-redir "=$protocols" \
            --connect-timeout 10 --max-time 60 --max-filesize 104857600 \
            --output "$program" --write-out '%{http_code}' -- "$url")
    elif command -v wget >/dev/null; then
        wget -q -T 60 -O "$program" -- "$url"
    else
        die "neither curl nor wget is here: install one, or set DEPLOYMENT_STATUS_BIN to the absolute path of the program"
    fi
}

# A tool cache that cannot be written costs a download a job, nothing else.
keep_in_tool_cache() {
    [ -n "$cached" ] || return 0
    if ! { mkdir -p -- "${cached%/*}" && spare=$(mktemp "$cached.XXXXXX") && cp -- "$program" "$spare" && mv -f -- "$spare" "$cached"; }; then
        note "cannot keep the program in the tool cache; the next job downloads it again"
    fi
}

finish_program() {
    chmod 755 "$program"
    directory=
    note "using version $version, whose checksum is right"
}

is_expected() {
    [ "$(sha256 "$1")" = "$expected" ]
}

# Reads from stdin, since GNU's marks file names that have a backslash.
sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1"
    elif command -v shasum >/dev/null; then
        shasum -a 256 <"$1"
    else
        openssl dgst -sha256 -r <"$1"
    fi | cut -c 1-64
}

unix_path() {
    if command -v cygpath >/dev/null; then cygpath -u "$1"; else printf '%s\n' "$1"; fi
}

note() {
    printf 'deployment-status: %s\n' "$1" >&2
}

annotate() {
    printf '::%s title=deployment-status::%s\n' "$1" "$(printf '%s' "$2" | tr '\r\n' '  ' | sed 's/%/%25/g')"
}

die() {
    annotate error "$1"
    exit 1
}

main
