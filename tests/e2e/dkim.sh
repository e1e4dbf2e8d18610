#!/usr/bin/env bash
# dnsconform dkim against a running fakedns, reached through its map.
#
#   tests/e2e/dkim.sh DNSCONFORM FAKEDNS
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

dnsconform=$(realpath "$1")
# shellcheck disable=SC2034 # used by start_server
fakedns=$(realpath "$2")
valid=$root/tests/e2e/valid.py
scenarios=$root/tests/e2e/scenarios
cd "$folder"
export TZ=UTC

# check STATUS OPTION…: example.com with its three tokens, through the map.
check() {
    local wanted=$1
    shift
    try "$wanted" "$dnsconform" dkim example.com --token example --token token2 --token token3 \
        --map "$map" --timeout 5s "$@"
    is_calm
}

status_of() { # status_of STATE: the word that a state file holds
    sed -n 's/^ *"status": "\(.*\)",$/\1/p' "$1"
}

# age STATE SECONDS: all times in a state file lie so much further in the past.
age() {
    awk -v us="${2}000000" '
        match($0, /"(started|last_success|missing_since)_us": [0-9]+/) {
            split($0, parts, ": ")
            printf "%s: %.0f%s\n", parts[1], parts[2] - us, ($0 ~ /,$/ ? "," : "")
            next
        }
        { print }' "$1" >"$1.aged"
    mv "$1.aged" "$1"
}

# ---- a healthy set-up
start_server "$scenarios/healthy.yaml" --resolver
resolver=$(awk '$1 == "resolver" { print $2 }' "$map")
check 0
prints 'DKIM of example.com (easy-dkim): SUCCESS'
check 0 --verification 'xS6oCzI5PgVHdqytARYJM8hnbvklmuCTLtETZteO9/0='
check 1 --verification 'another value'
prints 'record/amazonses-wrong-value'
check 0 --server 192.0.2.1 --server 192.0.2.2
check 0 --resolver "$resolver"
printf '. 3600000 NS a.root-servers.net.\na.root-servers.net. 3600000 A 198.51.100.1\n' >hints
check 0 --root-hints hints
check 0 --format json
"$valid" report "$out" >"$err" 2>&1 || [ $? = 77 ] || failed 'the report is not valid'
check 0 --save healthy.json --format json
cp "$out" seen.json
check 0 --state state.json --quiet
same SUCCESS "$(status_of state.json)" 'the state'
# an address that nothing serves
check 3 --server 192.0.2.99
# a resolver's endpoint is not the way to a server of another name
try 1 "$dnsconform" dkim example.com --token other --map "$map"
prints 'record/missing-all'
end_server

# ---- judged again without a network, and told the same
try 0 "$dnsconform" replay healthy.json --format json
same_files seen.json "$out" 'a replay'

# ---- nobody answers: could not be tested. Nobody else is given ports of this address meanwhile.
sed -i 's/127\.0\.0\.1:\|\[::1\]:/127.77.0.1:/' "$map"
dead=$(awk '$2 == "192.0.2.1:53" { print $3 }' "$map")
check 3 --server "$dead" --retries 0 --timeout 500ms
prints 'server/ns-unreachable'
check 3 --retries 0 --timeout 500ms
check 3 --retries 0 --timeout 500ms --fail-on never

# ---- faults are found over the wire
start_server "$scenarios/doubled-suffix.yaml"
check 1
prints 'error  name/doubled-suffix'
prints 'PENDING'
prints "rerun     dnsconform dkim example.com --token example"
check 0 --fail-on never
check 1 --format github
prints '::error title=The record exists under a doubled domain name::'
check 1 --save doubled.json --format json
cp "$out" seen.json
try 1 "$dnsconform" replay doubled.json --format json
same_files seen.json "$out" 'a replay'

# ---- the state: PENDING, and FAILED when 72 hours are over
rm -f state.json
check 1 --state state.json --quiet
same PENDING "$(status_of state.json)" 'the first state'
check 1 --state state.json --quiet
same PENDING "$(status_of state.json)" 'the second state'
cp state.json pending.json
age state.json $((72 * 3600 + 60))
check 1 --state state.json
prints 'FAILED'
same FAILED "$(status_of state.json)" 'the state after 72 hours'
end_server

start_server "$scenarios/txt-servfail.yaml"
check 1
prints 'error  server/txt-servfail-cname-ok'
end_server

# ---- PENDING becomes SUCCESS; a state of another domain is refused and left alone
start_server "$scenarios/healthy.yaml"
cp pending.json state.json
check 0 --state state.json --quiet
same SUCCESS "$(status_of state.json)" 'the state when all is well'
cp state.json before.json
: >empty.map
try 2 "$dnsconform" dkim example.com --token t1 --map empty.map
says 'names no server'
try 2 "$dnsconform" dkim example.org --token t1 --map "$map" --state state.json
says 'it is about example.com'
same_files before.json state.json 'the state of another domain'
check 2 --state no/such/folder/state.json
says 'cannot be written'
end_server

# ---- what was verified and then vanished is revoked, with a warning first
start_server "$scenarios/appears-later.yaml"
check 1 --state state.json
prints 'TEMPORARY_FAILURE'
prints 'time/revocation-warning'
same TEMPORARY_FAILURE "$(status_of state.json)" 'the state without records'
age state.json $((6 * 24 * 3600))
check 1 --state state.json
prints 'time/revoked'
same FAILED "$(status_of state.json)" 'the state after the deadline'
end_server

# ---- watching until the records are there: an hour of the world is a second here
start_server "$scenarios/appears-later.yaml" --scale 3600
check 0 --watch --interval 100ms --state watched.json --format json
prints '"SUCCESS"'
same SUCCESS "$(status_of watched.json)" 'the state at the end of a watch'
end_server

# ---- BYODKIM
start_server "$scenarios/byodkim.yaml"
awk -F'"' '/p=MIG/ { sub(/.*p=/, "", $2); print $2 }' "$root/scenarios/lib/byodkim.yaml" >key
try 0 "$dnsconform" dkim example.com --selector selector --map "$map" --public-key key
cat >other.pem <<'END'
-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDVX17qyR6dx4C1bv2yuQa7QA5F
ZXfg/yxqzbXc1ReeG4MwWluT5G36Ghv0ec96Mx5GRMiQTguwLSJMxYFGdGR5+cEa
XIXFvFvmHoJfOF/po/dzU+39FY8NQLejVMA2pnYEGAApJskZtZ0XSFc3DRjvZnm4
NFGU9tqUXB19rBGdVQIDAQAB
-----END PUBLIC KEY-----
END
try 1 "$dnsconform" dkim example.com --selector selector --map "$map" --public-key other.pem
prints 'key/key-mismatch'
try 1 "$dnsconform" dkim example.com --selector another --map "$map"
prints 'PENDING'
end_server

# ---- other senders: their own selectors, named ones, targets that are told or are not
start_server "$root/scenarios/lib/senders.yaml"
sender() { # sender STATUS OPTION…
    local wanted=$1
    shift
    try "$wanted" "$dnsconform" dkim example.com --map "$map" --timeout 5s "$@"
    is_calm
}
sender 0 --sender sendgrid
prints 'DKIM of example.com (SendGrid): SUCCESS'
sender 0 --sender salesforce --selector sf1 --selector sf2
sender 0 --selector google --selector k1 --selector 2024.news
prints 'DKIM of example.com (any other sender): SUCCESS'
sender 0 --selector k1 --target dkim.mcsv.net
prints 'DKIM of example.com (Mailchimp): SUCCESS'
sender 1 --selector k1 --target dkim2.mcsv.net
prints 'record/cname-target-typo'
prints 'rerun     dnsconform dkim example.com --selector k1 --target dkim2.mcsv.net'
sender 0 --sender mailchimp --selector k1 --selector k2 --save sender.json \
    --state sender.state --format json
cp "$out" seen.json
try 0 "$dnsconform" replay sender.json --format json
same_files seen.json "$out" 'a replay of another sender'
sender 0 --sender mailchimp --selector k2 --selector k1 --state sender.state --quiet
same SUCCESS "$(status_of sender.state)" 'the state of another sender'
end_server

# ---- records beside DKIM count for the exit status, and not for that of the set-up
start_server "$root/scenarios/dkim/neighbour/mailfrom-two-mx.yaml"
check 0
check 0 --with spf,dmarc
check 1 --with dmarc --with spf --mail-from bounce.example.com --save beside.json --format json
prints '"SUCCESS"'
prints 'neighbour/mailfrom-two-mx'
cp "$out" seen.json
try 1 "$dnsconform" replay beside.json --format json
same_files seen.json "$out" 'a replay of records beside DKIM'
check 0 --mail-from bounce.example.com --fail-on never
prints 'neighbour/mailfrom-two-mx'
end_server

# ---- the account side: whose mail is signed, by which identity, and which switch to turn
start_server "$scenarios/healthy.yaml"
cat >account.yaml <<'END'
identities:
  - { name: mary@example.com }
senders: [mary@example.com]
END
try 0 "$dnsconform" lint account.yaml
check 1 --account account.yaml --from joe@example.com
prints 'mail      from joe@example.com: signed, by example.com'
prints 'mail      from mary@example.com: not signed (individual-address-identity, by mary@example.com)'
prints 'error  account/individual-address-identity'
check 1 --account account.yaml --format json
"$valid" report "$out" >"$err" 2>&1 || [ $? = 77 ] || failed 'the report with an account is not valid'
check 0 --from joe@example.com
check 1 --region us-east-1 --from joe@example.com,eu-west-1
prints 'account/region-not-configured'
check 1 --region us-east-1 --account-id 1 --from joe@example.com,us-east-1,2
prints 'account/account-not-configured'
check 1 --account account.yaml --save account.json --format json
cp "$out" seen.json
try 1 "$dnsconform" replay account.json --format json
same_files seen.json "$out" 'a replay with an account'
check 2 --from 'joe at example.com'
says 'is no e-mail address'
printf 'identities: [ { name: mary@example.com, sining: off } ]\n' >wrong.yaml
check 2 --account wrong.yaml
says 'wrong.yaml:1:'
says 'did you mean "signing"'
printf 'senders: [mary@example.com]\nevents: []\n' >wrong.yaml
check 2 --account wrong.yaml
says 'wrong.yaml:2:1: error: this belongs to scenarios'
try 2 "$dnsconform" lint wrong.yaml
check 2 --restart
says '--restart goes with --state'

# ---- a state file holds every set-up; each change is told once
cat >west.yaml <<'END'
identities:
  - { name: example.com, region: eu-west-1, tokens: [w1, w2, w3] }
senders: [ { from: joe@example.com, region: eu-west-1 } ]
END
rm -f two.json
west=(--region us-east-1 --account west.yaml --state two.json)
check 1 "${west[@]}"
prints 'set-up    example.com in eu-west-1: PENDING'
prints 'notice    example.com in us-east-1: the DKIM set-up was successful'
check 1 "${west[@]}"
prints_no 'notice '
age two.json $((72 * 3600 + 60))
check 1 "${west[@]}" --window 5d
prints 'set-up    example.com in eu-west-1: PENDING'
prints_no 'notice '
check 1 "${west[@]}"
prints 'set-up    example.com in eu-west-1: FAILED'
prints 'notice    example.com in eu-west-1: the DKIM set-up has failed'
prints 'mail      from joe@example.com in eu-west-1: not signed (set-up-failed, by example.com)'
check 1 "${west[@]}"
prints_no 'notice '
check 1 "${west[@]}" --restart
prints 'notice    example.com in us-east-1: the DKIM set-up was successful'
end_server

finish dkim
