#!/usr/bin/env bash
# What fakedns writes of its traffic: a capture that is read by the letter, and by tshark where there is
# one; and a disk that is full, which is said once while serving goes on.
#
#   tests/e2e/capture.sh FAKEDNS
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

fakedns=$(realpath "$1")
cat >"$folder/world.yaml" <<END
base: $root/scenarios/lib/easy-dkim.yaml
rules:
  - name: no-mail
    when: { type: MX }
    then: { rcode: SERVFAIL }
  - name: silent
    when: { type: SRV }
    then: { drop: yes }
END

endpoint() { # endpoint SCRIPTED: words for dig
    awk -v scripted="$1" '$2 == scripted { n = match($3, /:[0-9]+$/); print substr($3, n + 1) }' "$map"
}
ask() { dig +tries=1 +time=5 "$@" >/dev/null || true; }

# Packets that hold TEXT.
n_packets() { grep -cE -e "$1" "$folder/packets" || true; }

start_server "$folder/world.yaml" --capture "$folder/capture" --query-log "$folder/log" --resolver
port=$(endpoint 192.0.2.1:53)
resolver=$(awk '$1 == "resolver" { sub(/.*:/, "", $2); print $2 }' "$map")
ask @127.0.0.1 -p "$port" example.com TXT
ask @127.0.0.1 -p "$port" example.com MX
ask +time=1 @127.0.0.1 -p "$port" example.com SRV
ask +tcp +keepopen @127.0.0.1 -p "$port" example.com A www.example.com MX
ask @127.0.0.1 -p "$resolver" example.com TXT
end_server

try 0 python3 "$(dirname "$0")/pcapng.py" "$folder/capture"
cp "$out" "$folder/packets"
same 0 "$(n_packets BAD)" "checksums that are wrong"
same 2 "$(n_packets '^udp 127.0.0.1 [0-9]+ > 192.0.2.1 53 good octets=[0-9]+ no rule fired$|^udp 192.0.2.1 53 > 127.0.0.1 [0-9]+ good octets=[0-9]+ no rule fired$')" \
    "datagrams of a question without a rule"
same 2 "$(n_packets '^udp .*rule: no-mail$')" "datagrams of a question with one"
same 1 "$(n_packets 'rule: silent')" "a question that nothing was sent for"
same 2 "$(n_packets '^udp .*127\.0\.0\.1 53( |$)')" "datagrams of the front end"
same 4 "$(n_packets '^tcp .* octets=0$')" "packets of the handshake, and the end"
same 2 "$(n_packets '^tcp 127.0.0.1 [0-9]+ > 192.0.2.1 53 good flags=0x18 .*')" "queries over TCP"
same 2 "$(n_packets '^tcp 192.0.2.1 53 > 127.0.0.1 [0-9]+ good flags=0x18 .*')" "answers over TCP"
same 1 "$(n_packets '^tcp 192.0.2.1 .* flags=0x11')" "ends of connections"

if command -v tshark >/dev/null; then
    tshark -r "$folder/capture" -Y 'dns && !_ws.malformed && !tcp.analysis.flags' -T fields \
        -e frame.comment -e dns.qry.name >"$folder/tshark" 2>/dev/null
    same 11 "$(wc -l <"$folder/tshark")" "DNS messages that tshark sees"
    same 4 "$(grep -c 'rule: no-mail' "$folder/tshark")" "comments that tshark shows"
else
    echo "skipped: what tshark makes of it (tshark is not installed)"
fi

# ---- nowhere to write: said once each, and the questions are answered all the same
if [ -w /dev/full ]; then
    start_server "$folder/world.yaml" --capture /dev/full --query-log /dev/full
    port=$(endpoint 192.0.2.1:53)
    for _ in 1 2 3; do
        try 0 dig +tries=1 +time=5 +short @127.0.0.1 -p "$port" www.example.com A
        prints 192.0.2.80
    done
    end_server
    same 1 "$(grep -c 'the capture cannot be written' "$folder/fakedns.err")" "complaints about the capture"
    same 1 "$(grep -c 'the query log cannot be written' "$folder/fakedns.err")" "complaints about the log"
fi
start_server "$folder/world.yaml" --capture "$folder/no/such/folder"
end_server
same 1 "$(grep -c 'the capture .*cannot be written' "$folder/fakedns.err")" "complaints about a path"

finish capture
