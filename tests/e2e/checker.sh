#!/usr/bin/env bash
# Somebody else's checker: commands that do not exist, hang, flood, crash or print nonsense.
#
#   tests/e2e/checker.sh DNSCONFORM
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

dnsconform=$(realpath "$1")
healthy=$root/tests/e2e/scenarios/healthy.yaml
doubled=$root/tests/e2e/scenarios/doubled-suffix.yaml
cd "$folder"

# checker NAME: a shell script, read from standard input.
checker() {
    {
        echo '#!/bin/sh'
        cat
    } >"$1"
    chmod +x "$1"
}

# play STATUS SCENARIO COMMAND OPTION…
play() {
    local wanted=$1 scenario=$2 command=$3
    shift 3
    try "$wanted" "$dnsconform" run "$scenario" --checker "$command" "$@"
    is_calm
}

# ---- commands that cannot be run are told before anything is played
while IFS='|' read -r command message; do
    play 2 "$healthy" "$command"
    says "$message"
    prints_nothing
done <<'END'
./no-such-checker {domain}|there is no program "./no-such-checker"
no-such-checker-in-path|there is no program "no-such-checker-in-path"
/etc/passwd|there is no program "/etc/passwd"
true {nowhere}|there is no placeholder {nowhere}
true {domain|has no closing brace
true 'open|a ' is not closed
true "open|a " is not closed
END
play 3 "$healthy" 'true {server:ns9.example.com}'
prints 'no server "ns9.example.com"'

# ---- placeholders
checker show <<'END'
printf '%s\n' "$@" >show.txt
cat "$6" >>show.txt
END
play 0 "$healthy" './show {domain} {tokens} {resolver} {port} {server:ns1.example.com} {map} {at} "a b" {{x}'
same 'example.com' "$(sed -n 1p show.txt)" '{domain}'
same 'example,token2,token3' "$(sed -n 2p show.txt)" '{tokens}'
same '127.0.0.1' "$(sed -n 3p show.txt)" '{resolver}'
grep -qE '^[0-9]+$' <(sed -n 4p show.txt) || failed '{port} is no number'
grep -qE '^127\.0\.0\.1:[0-9]+$' <(sed -n 5p show.txt) || failed '{server:NAME} is no endpoint'
same 0 "$(sed -n 7p show.txt)" '{at}'
same 'a b' "$(sed -n 8p show.txt)" 'a quoted word'
same '{x}' "$(sed -n 9p show.txt)" 'a brace'
grep -q '^server 192.0.2.1:53 ' show.txt || failed '{map} names no server'

# ---- only the exit status speaks
play 0 "$healthy" true
prints '1 scenario: 1 conforms'
play 1 "$healthy" false
prints '1 scenario: 0 conform, 1 false alarm'
play 1 "$doubled" true
prints '1 scenario: 0 conform, 1 missed'
play 1 "$doubled" false
prints '1 scenario: 0 conform, 1 noticed'

# ---- it hangs: ended with all that it started. The grandchild holds a FIFO open as long as it
# lives, so that its end is the end of the file.
checker hang <<'END'
(trap '' TERM HUP INT; exec sleep 1000 >alive) &
trap '' TERM
wait
sleep 1000
END
mkfifo alive
timeout 60 cat alive >"$folder/nothing" &
watcher=$!
play 3 "$healthy" './hang' --checker-timeout 1s
prints 'the checker did not end within 1s'
status=0
wait "$watcher" || status=$?
same 0 "$status" 'a process of the checker is still alive (124), or never was (other)'

# ---- it ends, and leaves something behind that holds its output open
checker leave <<'END'
sleep 1000 &
exit 0
END
play 0 "$healthy" './leave' --checker-timeout 60s

# ---- it floods, or prints what is no text
checker flood <<'END'
head -c 100000000 /dev/zero
head -c 100000000 /dev/zero >&2
exit "$1"
END
play 0 "$healthy" './flood 0' --format json
[ "$(wc -c <"$out")" -lt 100000 ] || failed 'the flood is in the report'
play 1 "$doubled" './flood 1'
prints '1 noticed'
checker binary <<'END'
head -c 100000 /dev/urandom
printf '\033[31m::error::\000<b>'
exit "$1"
END
for format in text json junit tap github markdown; do
    play 1 "$doubled" './binary 1' --format "$format"
done

# ---- it is killed by a signal
checker crash <<'END'
kill -SEGV $$
END
play 3 "$doubled" './crash'
prints_no '1 conforms'

# ---- our report as JSON, and what only looks like it
report() { # report STATUS FINDINGS
    printf '{ "schema": "dnsconform.report/1", "tool": "mine", "subject": null,
  "domain": "example.com", "at_us": 0, "status": "%s", "console": [], "findings": [%s],
  "observations": [] }' "$1" "$2"
}
finding='{ "id": "name/doubled-suffix", "level": "error", "server": null,
  "name": "example._domainkey.example.com", "type": "CNAME", "expected": null, "actual": null,
  "remedy": null, "cause": 0, "observations": [] }'
report PENDING "$finding" >right.json
play 0 "$doubled" 'cat right.json'
prints '1 scenario: 1 conforms'
report PENDING "${finding/doubled-suffix/www-included}" >wrong-cause.json
play 1 "$doubled" 'cat wrong-cause.json'
prints '1 wrong cause'
report SUCCESS '' >success.json
play 1 "$doubled" 'cat success.json'
prints '1 missed'
play 0 "$healthy" 'cat success.json'
report NONSENSE '' >status.json
play 3 "$doubled" 'cat status.json'
prints '1 could not run'
report PENDING '{ "id": 7 }' >finding.json
play 3 "$doubled" 'cat finding.json'
echo '{ "schema": "dnsconform.report/1" }' >bare.json
play 3 "$doubled" 'cat bare.json'
echo '{ "schema": "dnsconform.report/99" }' >future.json
play 3 "$doubled" 'cat future.json'
head -c 100 right.json >cut.json # no JSON, so the exit status speaks
play 1 "$doubled" 'cat cut.json'
prints '1 missed'

# ---- dnsconform as the checker of dnsconform
play 0 "$root/tests/e2e/scenarios" "$dnsconform dkim {domain} --token example --token token2
    --token token3 --map {map} --state {state} --format json" --filter 'healthy.yaml' \
    --filter 'doubled-suffix.yaml' --filter 'txt-servfail.yaml'
prints '3 scenarios: 3 conform'

# ---- adapters
cat >adapter.yaml <<'END'
command: ./says "{domain}"
exit: { 0: healthy, 1: fault, other: error }
findings:
  - { match: 'twice: .*com', id: [name/www-included, name/doubled-suffix] }
status: [ { match: 'WAITING', status: PENDING } ]
END
checker says <<'END'
echo "the name is there twice: $1, WAITING"
exit 1
END
try 0 "$dnsconform" run "$doubled" --adapter adapter.yaml
prints '1 conforms'
checker says <<'END'
exit 9
END
try 3 "$dnsconform" run "$doubled" --adapter adapter.yaml
prints 'ended with status 9'

# ---- the example that looks at CNAME records only
if command -v dig >/dev/null; then
    adapter=$root/scripts/checkers/cname-only.yaml
    try 0 "$dnsconform" run "$healthy" --adapter "$adapter"
    try 1 "$dnsconform" run "$root/tests/e2e/scenarios/txt-servfail.yaml" --adapter "$adapter"
    prints '1 missed'
    try 1 "$dnsconform" run "$doubled" --adapter "$adapter"
    prints '1 noticed'
else
    echo 'skipped: the example checker, because dig is not installed'
fi

finish checker
