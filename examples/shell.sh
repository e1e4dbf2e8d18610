#!/usr/bin/env bash
# A test in a shell: the server runs beside it, curl makes it wrong.
#
#   shell.sh FAKEDNS WORLD
set -euo pipefail

lines=$(mktemp)
"$1" "$2" --control 127.0.0.1:0 >"$lines" &
server=$!
trap 'kill $server; rm -f "$lines"' EXIT
until grep -qx ready "$lines"; do kill -0 $server; done # it says so once all sockets are there

control=$(awk '$1 == "control" { print $2 }' "$lines")
port=$(awk '$2 == "192.0.2.1:53" { sub(/.*:/, "", $3); print $3 }' "$lines")
ask() { dig +short +tries=1 +time=5 @127.0.0.1 -p "$port" www.example.com A; }

[ "$(ask)" = 192.0.2.80 ]
curl -sSf -o /dev/null -H 'Content-Type: application/json' "http://$control/v1/patch" \
    -d '{"world": "rules: [ { name: broken, then: { rcode: SERVFAIL } } ]"}'
[ -z "$(ask)" ]
curl -sSf "http://$control/v1/log" | grep -q '"rule": *"broken"'
echo "shell: as it should be"
