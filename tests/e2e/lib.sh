# shellcheck shell=bash
# What the tests of the programs share. A test sources this after `set -euo pipefail`, calls `try`
# and what follows it, and ends with `finish`. Everything that fails is told, not only the first.

# shellcheck disable=SC2034 # for the tests that source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mktemp -d)
out=$folder/out # of the last try
err=$folder/err
server= # pid of the running fakedns
map=    # the lines that it printed
tried=nothing
n_checks=0
n_failed=0
trap 'end_server; rm -rf "$folder"' EXIT

failed() { # failed WHAT: counts it, and shows what the last command printed
    n_failed=$((n_failed + 1))
    {
        echo "FAILED: $*"
        echo "  tried: $tried"
        head -c 4000 "$out" | sed 's/^/  out: /'
        head -c 4000 "$err" | sed 's/^/  err: /'
    } >&2
}

# try STATUS COMMAND…: runs it and expects that exit status. 124 means that it did not end.
try() {
    local wanted=$1 status=0
    shift
    tried="$*"
    n_checks=$((n_checks + 1))
    timeout 100 "$@" >"$out" 2>"$err" </dev/null || status=$?
    [ "$status" = "$wanted" ] || failed "status $status, not $wanted"
}

# Of the last try: a line on standard output, or on standard error, holds TEXT; or none does.
prints() { grep -qF -e "$1" "$out" || failed "no \"$1\" on standard output"; }
says() { grep -qF -e "$1" "$err" || failed "no \"$1\" on standard error"; }
prints_no() { ! grep -qF -e "$1" "$out" || failed "\"$1\" on standard output"; }
prints_nothing() { [ ! -s "$out" ] || failed "something on standard output"; }
# No sanitizer and no assertion has spoken.
is_calm() {
    ! grep -qE 'Sanitizer|runtime error|Assertion|fatal' "$err" || failed "it crashed"
}

same() { # same EXPECTED ACTUAL WHAT
    n_checks=$((n_checks + 1))
    [ "$1" = "$2" ] || failed "$3: expected \"$1\", got \"$2\""
}

# same_files A B WHAT
same_files() {
    n_checks=$((n_checks + 1))
    cmp -s "$1" "$2" || {
        failed "$3: the files differ"
        diff "$1" "$2" | head -20 >&2 || true
    }
}

# start_server ARGUMENT…: runs $fakedns until it is ready; $map holds its lines.
start_server() {
    local line
    map=$folder/map
    mkfifo "$folder/lines"
    # shellcheck disable=SC2154 # the test that sources this sets it
    "$fakedns" "$@" >"$folder/lines" 2>"$folder/fakedns.err" &
    server=$!
    : >"$map"
    while IFS= read -r -t 30 line; do
        echo "$line" >>"$map"
        [ "$line" != ready ] || break
    done <"$folder/lines"
    rm "$folder/lines"
    if ! grep -qx ready "$map"; then
        echo "FAILED: fakedns $* did not become ready" >&2
        cat "$folder/fakedns.err" >&2
        exit 1
    fi
}

end_server() {
    [ -n "$server" ] || return 0
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}

finish() { # finish NAME
    if [ "$n_failed" -gt 0 ]; then
        echo "$1: $n_failed of $n_checks checks failed" >&2
        exit 1
    fi
    echo "$1: $n_checks checks, all as they should be"
}
