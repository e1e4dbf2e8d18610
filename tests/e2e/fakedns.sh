#!/usr/bin/env bash
# fakedns as a user runs it: endpoints, answers, the log, mistakes, busy ports, signals.
#
#   tests/e2e/fakedns.sh FAKEDNS
#
# Questions are asked with dig or kdig; where neither is installed that part is skipped, aloud.
set -euo pipefail

fakedns=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
server=
trap 'end_server; rm -rf "$folder"' EXIT

end_server() {
    [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true
    server=
}

fail() {
    echo "FAILED: $*" >&2
    sed 's/^/  out: /' "$folder/out" >&2 || true
    sed 's/^/  err: /' "$folder/err" >&2 || true
    exit 1
}

# start ARGUMENT…: runs fakedns and waits until it says that it is ready.
start() {
    mkfifo "$folder/lines"
    "$fakedns" "$@" >"$folder/lines" 2>"$folder/err" &
    server=$!
    : >"$folder/out"
    while IFS= read -r -t 20 line; do
        echo "$line" >>"$folder/out"
        [ "$line" != ready ] || break
    done <"$folder/lines"
    rm "$folder/lines"
    grep -qx ready "$folder/out" || fail "fakedns $* did not become ready"
}

# stop SIGNAL: ends it and expects status 0.
stop() {
    kill -"$1" "$server"
    status=0
    wait "$server" || status=$?
    server=
    [ "$status" = 0 ] || fail "SIG$1 ended it with status $status"
}

# refused STATUS PATTERN ARGUMENT…: it ends at once with a message.
refused() {
    local wanted=$1 pattern=$2 status=0
    shift 2
    timeout 20 "$fakedns" "$@" >"$folder/out" 2>"$folder/err" </dev/null || status=$?
    [ "$status" = "$wanted" ] || fail "fakedns $*: status $status, not $wanted"
    grep -q -- "$pattern" "$folder/err" || fail "fakedns $*: no \"$pattern\" in its message"
}

# endpoint ADDRESS: host and port of a server, separated by a blank.
endpoint() {
    awk -v address="$1" '$1 == "server" && $2 == address { print $3 }' "$folder/out" |
        sed 's/^\[//; s/\]\{0,1\}:\([0-9]*\)$/ \1/'
}

asker=
for tool in dig kdig; do
    [ -n "$asker" ] || ! command -v "$tool" >/dev/null || asker=$tool
done
[ -n "$asker" ] || echo "skipped: questions, because neither dig nor kdig is installed"

# ask HOST PORT NAME TYPE OPTION…: prints the short answer.
ask() {
    local host=$1 port=$2
    shift 2
    "$asker" @"$host" -p "$port" +time=5 +tries=2 +short "$@"
}

# same EXPECTED ACTUAL WHAT
same() {
    [ "$1" = "$2" ] || fail "$3: expected \"$1\", got \"$2\""
}

cat >"$folder/example.com.zone" <<'END'
$ORIGIN example.com.
$TTL 300
@ IN SOA ns1 hostmaster 1 3600 900 604800 300
@ IN NS ns1
ns1 IN A 192.0.2.1
www 600 IN A 192.0.2.80
text IN TXT "a text"
END

# ---- one ordinary zone
start --zone "example.com=$folder/example.com.zone" --listen 127.0.0.1 --port 0 \
    --query-log "$folder/log"
read -r host port <<<"$(endpoint 192.0.2.1:53)"
[ -n "$port" ] || fail "no endpoint is printed"
if [ -n "$asker" ]; then
    same 192.0.2.80 "$(ask "$host" "$port" www.example.com A)" "over UDP"
    same '"a text"' "$(ask "$host" "$port" text.example.com TXT +tcp)" "over TCP"
    same 2 "$(wc -l <"$folder/log")" "lines in the query log"
    grep -q '"qname":"www.example.com.","qtype":"A"' "$folder/log" || fail "the log has no question"
    grep -q '"transport":"tcp"' "$folder/log" || fail "the log has no TCP query"
fi

# ---- its port is taken while it runs
refused 2 "127.0.0.1:$port.*[Aa]ddress already in use" \
    --zone "example.com=$folder/example.com.zone" --port "$port"
stop TERM

# ---- a world, with several servers on one port, and a front end
start "$root/scenarios/lib/easy-dkim.yaml" --port "$port" --resolver
same "127.0.0.1 $port" "$(endpoint 198.51.100.1:53)" "the first endpoint"
same "127.0.0.2 $port" "$(endpoint 198.51.100.2:53)" "the second endpoint"
resolver=$(awk '$1 == "resolver" { print $2 }' "$folder/out")
[ -n "$resolver" ] || fail "no endpoint of the front end is printed"
if [ -n "$asker" ]; then
    answer=$(ask "${resolver%:*}" "${resolver##*:}" token2._domainkey.example.com CNAME)
    same token2.dkim.amazonses.com. "$answer" "through the front end"
fi
stop INT

# ---- a log that cannot be written is said, and serving goes on
start "$root/scenarios/lib/easy-dkim.yaml" --query-log "$folder/no/such/folder/log"
grep -q 'query log .*cannot be written' "$folder/err" || fail "nothing is said about the log"
stop TERM
if [ -e /dev/full ] && [ -n "$asker" ]; then
    start --zone "example.com=$folder/example.com.zone" --query-log /dev/full
    read -r host port <<<"$(endpoint 192.0.2.1:53)"
    same 192.0.2.80 "$(ask "$host" "$port" www.example.com A)" "with a full log"
    same 192.0.2.80 "$(ask "$host" "$port" www.example.com A)" "with a full log, again"
    stop TERM
    same 1 "$(grep -c 'cannot be written' "$folder/err")" "times it is said that the log is full"
fi

# ---- a signed zone, as it is served, and what validators start from
cat >"$folder/signed.yaml" <<END
base: $root/scenarios/lib/easy-dkim.yaml
zones: { com: { sign: yes }, example.com: { sign: { nsec3: yes } } }
END
for run in one two; do
    start "$folder/signed.yaml" --save-zone "example.com=$folder/$run.zone" --save-zone "com=$folder/com.zone" \
        --trust-anchor "$folder/anchor" --seed 7
    stop TERM
done
grep -q '^www.example.com. 300 IN RRSIG A 15 ' "$folder/one.zone" || fail "the saved zone has no signature"
same "$(grep DNSKEY "$folder/one.zone" | grep -v RRSIG)" "$(grep DNSKEY "$folder/two.zone" | grep -v RRSIG)" \
    "keys of the same seed"
same 1 "$(grep -c '^example.com. [0-9]* IN DS ' "$folder/com.zone")" "DS records in the parent"
same "com. com." "$(cut -d ' ' -f 1 "$folder/anchor" | xargs)" "zones with a trust anchor"
refused 2 'no such zone' "$folder/signed.yaml" --save-zone "example.net=$folder/no.zone"
refused 2 'NAME=FILE' "$folder/signed.yaml" --save-zone example.com
refused 2 'cannot be written' "$folder/signed.yaml" --trust-anchor "$folder/no/such/folder/anchor"

# ---- mistakes
refused 2 'a world file is missing'
refused 2 'one of' world.yaml --zone "example.com=$folder/example.com.zone"
refused 2 'too much' one.yaml two.yaml
refused 2 'NAME=FILE' --zone example.com
refused 2 '0 to 65535' --port 70000 world.yaml
refused 2 '0 to 65535' --port -1 world.yaml
refused 2 'without a port' --listen 127.0.0.1:53 world.yaml
refused 2 'without a port' --listen localhost world.yaml
refused 2 '0.001 to 1000000' --scale 0 world.yaml
refused 2 '0.001 to 1000000' --scale nan world.yaml
refused 2 'whole number' --seed 1x world.yaml
refused 2 'see fakedns --help' --no-such-option
refused 2 'no-such-file.yaml' "$folder/no-such-file.yaml"
refused 2 'no-such-file.zone' --zone "example.com=$folder/no-such-file.zone"
refused 2 'cannot listen on 192.0.2.77' "$root/scenarios/lib/easy-dkim.yaml" --listen 192.0.2.77
echo 'zones: { example.com: "@ A 192.0.2.1" }' >"$folder/bad.yaml"
echo 'servres: {}' >>"$folder/bad.yaml"
refused 2 'bad.yaml:2:1: error: .*did you mean' "$folder/bad.yaml"

"$fakedns" --help | grep -q -- '--query-log' || fail "--help does not tell of --query-log"
"$fakedns" --version | grep -qE '^fakedns [0-9]+\.[0-9]+\.[0-9]+$' || fail "--version"
echo "fakedns: all as it should be"
