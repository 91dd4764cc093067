#!/bin/sh
# Makes ready one use of the action. Leaves as the step's outputs:
#   bin      the path of the program: the one that DEPLOYMENT_STATUS_BIN names, else this version's
#            release asset, whose checksum must be the one in SHA256SUMS here
#   sha256   its checksum, where it was checked, to be compared again before it is run again
#   use      a random word that ties the steps of this use of the action together
#   started  a file that the step which deploys makes when it begins
# Nothing is looked up on PATH, there is no "latest", and the tool cache is not trusted.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
manifest=$here/../../Cargo.toml
table=$here/SHA256SUMS

# Many times what an asset has; in bytes.
most=104857600

main() {
    expected=
    find_private_directory
    if [ -n "${DEPLOYMENT_STATUS_BIN:-}" ]; then
        take_preinstalled "$DEPLOYMENT_STATUS_BIN"
    else
        find_sha256_tool
        describe_asset
        if ! take_from_tool_cache; then
            download
            keep_in_tool_cache
        fi
    fi
    use=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    {
        printf 'bin=%s\n' "$program"
        printf 'sha256=%s\n' "$expected"
        printf 'use=%s\n' "$use"
        printf 'started=%s\n' "$directory/started"
    } >>"$GITHUB_OUTPUT"
    keep=yes
}

# Other jobs can write in the tool cache, so what is checked and run is a copy that they cannot reach.
find_private_directory() {
    temp=$(unix_path "${RUNNER_TEMP:-${TMPDIR:-/tmp}}")
    directory=$(mktemp -d "$temp/deployment-status.XXXXXX") || die "cannot make a directory in \`$temp\`, where RUNNER_TEMP points"
    keep=
    trap 'test -n "$keep" || rm -rf -- "$directory"' EXIT
}

take_preinstalled() {
    program=$1
    case $program in
        *"
"*) die "DEPLOYMENT_STATUS_BIN has a line break: expected an absolute path" ;;
        /* | [A-Za-z]:[\\/]*) ;;
        *) die "DEPLOYMENT_STATUS_BIN is \`$program\`: expected an absolute path" ;;
    esac
    [ -f "$program" ] || die "DEPLOYMENT_STATUS_BIN is \`$program\`: there is no such file$(in_container)"
    [ -x "$program" ] || die "DEPLOYMENT_STATUS_BIN is \`$program\`: it is not executable, try \`chmod +x\`"
    note "using \`$program\`, which DEPLOYMENT_STATUS_BIN names; its checksum is not checked"
}

# The runner mounts its own programs there, and nothing else of its host's.
in_container() {
    [ ! -d /__e ] || printf ' in this container, which does not see the files of the runner'
}

# Sets version, arch, suffix, asset, expected, program and cached.
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
    program=$directory/deployment-status$suffix
    cached=
    [ -z "${RUNNER_TOOL_CACHE:-}" ] || cached=$(unix_path "$RUNNER_TOOL_CACHE")/deployment-status/$version/$arch/$asset
}

manifest_value() {
    sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$manifest" | head -n 1
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
    shown=$(printf '%s' "$url" | without_password)
    pauses='1 2 4 0'
    case $base in
        https://*) protocols=https ;;
        http://*) permit_plain_http ;;
        file:///*) protocols=file pauses=0 ;;
        *) die "DEPLOYMENT_STATUS_RELEASES makes \`$shown\`: expected an address that begins with https://, http:// or file:///" ;;
    esac
    find_client
    for pause in $pauses; do
        note "downloading $shown"
        status=0
        fetch || status=$?
        if [ "$status" = 0 ]; then
            check_download
            finish_program
            return
        fi
        said=$(without_password <"$directory/said" | tr '\r\n' '  ')
        note "that failed: ${said:-$client said nothing}"
        if is_final; then break; fi
        sleep "$pause"
    done
    die "cannot download \`$shown\`: ${said:-$client said nothing}; if this runner cannot reach it, set DEPLOYMENT_STATUS_RELEASES to a mirror of the releases, or DEPLOYMENT_STATUS_BIN to the absolute path of the program"
}

# Whether another try would end in the same way.
is_final() {
    case $said in *' 404'* | *' 410'* | *'ile size'* | *'longer than'*) return 0 ;; esac
    # An address that is none, a disk that is full, a certificate, a size.
    case $client-$status in curl-1 | curl-3 | curl-23 | curl-60 | curl-63) return 0 ;; esac
    return 1
}

# The checksum protects what is run, whoever changed it on the way.
permit_plain_http() {
    protocols=http,https
    host=${base#http://}
    host=${host%%/*}
    host=${host##*@}
    case $host in
        127.0.0.1 | 127.0.0.1:* | localhost | localhost:* | '[::1]' | '[::1]':*)
            export NO_PROXY=127.0.0.1,localhost,::1 no_proxy=127.0.0.1,localhost,::1
            ;;
        *) note "DEPLOYMENT_STATUS_RELEASES is plain http: the checksum protects what is run, but others on the network can read the address and a password in it" ;;
    esac
}

# A container need not have a client, but the runner mounts its own node there.
find_client() {
    client=
    if command -v curl >/dev/null; then
        client=curl
    elif [ "$protocols" = file ]; then
        client='cp'
    elif command -v wget >/dev/null; then
        client=wget
    else
        for node in node /__e/node*/bin/node; do
            if "$node" -e 'process.exit(typeof fetch === "function" ? 0 : 1)' 2>/dev/null; then
                client=node
                break
            fi
        done
    fi
    [ -n "$client" ] || die "there is no curl, no wget and no node of version 18 or newer: install one of them, or set DEPLOYMENT_STATUS_BIN to the absolute path of the program"
}

# Leaves what the client complained of in the file `said`. Its files may not grow beyond `most`.
fetch() (
    # In blocks of 512 bytes by the standard. Git's shell on Windows has no such limit.
    ulimit -f $((most / 512)) 2>/dev/null || :
    exec 2>"$directory/said"
    "fetch_with_$client"
)

# Without ~/.curlrc, which could add anything.
fetch_with_curl() {
    curl -q --fail --silent --show-error --location \
        --proto "=$protocols" --proto-redir "=$protocols" \
        --connect-timeout 10 --max-time 60 --max-filesize "$most" \
        --output "$program" -- "$url"
}

# GNU's tries 20 times and reads ~/.wgetrc, unless it is told in words that busybox's does not know.
# Some builds of that crash on a -T that their help does not have.
fetch_with_wget() {
    words=
    help=$(wget --help 2>&1) || :
    for word in --tries=1 --no-config --no-verbose '-T 60'; do
        case $help in *"${word%%[= ]*}"*) words="$words $word" ;; esac
    done
    # shellcheck disable=SC2086 # they are several words
    wget $words -O "$program" -- "$url"
}

fetch_with_node() {
    # shellcheck disable=SC2016 # it is JavaScript
    NODE_USE_ENV_PROXY=1 "$node" -e '
        const [url, file, most] = process.argv.slice(1);
        (async () => {
            const address = new URL(url);
            const { username, password } = address;
            address.username = address.password = "";
            const login = Buffer.from(decodeURIComponent(`${username}:${password}`)).toString("base64");
            const headers = username ? { authorization: `Basic ${login}` } : {};
            const answer = await fetch(address, { headers, signal: AbortSignal.timeout(60000) });
            if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
            const parts = [];
            let size = 0;
            for await (const part of answer.body) {
                parts.push(part);
                size += part.length;
                if (size > most) throw new Error(`the answer is longer than ${most} bytes`);
            }
            require("fs").writeFileSync(file, Buffer.concat(parts));
        })().catch((error) => {
            console.error(String(error.cause ?? error));
            process.exit(1);
        });' "$url" "$program" "$most"
}

# There is no proxy and no password on the way to a file.
fetch_with_cp() {
    cp -- "${url#file://}" "$program"
}

check_download() {
    is_expected "$program" || die "\`$shown\` has the SHA-256 $(sha256 "$program"), expected $expected: it was deleted and nothing was run; the release or the mirror has been changed, or something on the way changes downloads"
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
    note "using version $version, whose checksum is right"
}

is_expected() {
    [ "$(sha256 "$1")" = "$expected" ]
}

# The same three are tried by action.yml before the program is run again.
find_sha256_tool() {
    for tool in sha256sum shasum openssl ''; do
        if [ -n "$tool" ] && command -v "$tool" >/dev/null; then break; fi
    done
    [ -n "$tool" ] || die "there is no sha256sum, no shasum and no openssl to check the program with: install one of them, or set DEPLOYMENT_STATUS_BIN to the absolute path of a program that you trust"
}

# Reads from stdin, since GNU's marks file names that have a backslash.
sha256() {
    case $tool in
        sha256sum) sha256sum <"$1" ;;
        shasum) shasum -a 256 <"$1" ;;
        openssl) openssl dgst -sha256 -r <"$1" ;;
    esac | cut -c 1-64
}

# Hides everything before the last @ of an address: a password may have any character.
without_password() {
    sed 's#//[^ ]*@#//***@#g'
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
