#!/usr/bin/env bash
# dnsconform's commands and options, and the words it does not know.
#
#   tests/e2e/usage.sh DNSCONFORM
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

dnsconform=$(realpath "$1")
scenarios=$root/tests/e2e/scenarios
cd "$folder"

# ---- help and versions
try 0 "$dnsconform" --help
prints 'usage: dnsconform COMMAND'
try 0 "$dnsconform" --version
prints 'dnsconform '
for command in dkim explain lint list merge replay run; do
    try 0 "$dnsconform" "$command" --help
    prints "usage: dnsconform $command"
    try 0 "$dnsconform" "$command" --version
done

# ---- unknown words
try 2 "$dnsconform"
says 'usage: dnsconform COMMAND'
try 2 "$dnsconform" rnu
says 'unknown command "rnu" (did you mean "run"?)'
try 2 "$dnsconform" entirely-unknown
says 'unknown command "entirely-unknown"'
try 2 "$dnsconform" run --no-such-option "$scenarios"
says 'unknown option --no-such-option'
try 2 "$dnsconform" run -x "$scenarios"
says 'unknown option -x'
try 2 "$dnsconform" run --token t1 "$scenarios"
says 'unknown option --token'
try 2 "$dnsconform" run "$scenarios" --filter
says '--filter needs a value'
try 2 "$dnsconform" run "$scenarios" --list=yes
says '--list takes no value'
try 2 "$dnsconform" run "$scenarios" --format jsno
says 'there is no format "jsno" (did you mean "json"?)'
try 2 "$dnsconform" run "$scenarios" --format whatever
says 'dnsconform list formats'
try 2 "$dnsconform" explain name/doubled-sufix
says 'there is no finding "name/doubled-sufix" (did you mean "name/doubled-suffix"?)'
try 2 "$dnsconform" list formts
says 'unknown word "formts" (did you mean "formats"?)'

# ---- values of options
while read -r option value; do
    try 2 "$dnsconform" run "$scenarios" "$option" "$value"
    says "$option: \"$value\" is n"
    prints_nothing
done <<'END'
--jobs 0
--jobs two
--jobs 257
--jobs -1
--shard 0/2
--shard 3/2
--shard 1
--shard 1/0
--retries 21
--qps 0
--timeout 5
--timeout 0s
--checker-timeout never
--seed 1x
--fail-on errors
--color yes
END
try 2 "$dnsconform" run "$scenarios" --filter ''
says '--filter: "" is empty'

# ---- operands that are missing
try 2 "$dnsconform" run
try 2 "$dnsconform" dkim
try 2 "$dnsconform" lint
try 2 "$dnsconform" replay
try 2 "$dnsconform" merge
try 2 "$dnsconform" explain
try 2 "$dnsconform" list

# ---- what dkim is asked
try 2 "$dnsconform" dkim example.com
says 'give --token'
try 2 "$dnsconform" dkim example.com other.example --token t1
says 'name one domain'
try 2 "$dnsconform" dkim example.com --token t1 --selector s1
says '--token and --selector exclude each other'
try 2 "$dnsconform" dkim 'ä-.com' --token t1
says 'has no form in ASCII'
for pasted in https://example.com/ mary@example.com 'example .com'; do
    try 2 "$dnsconform" dkim "$pasted" --token t1
    says "DOMAIN: \"$pasted\""
done
for pasted in t1._domainkey.example.com t1.dkim.amazonses.com t1,t2 ' t1'; do
    try 2 "$dnsconform" dkim example.com --token "$pasted"
    says "--token: \"$pasted\""
done
try 2 "$dnsconform" dkim a..b --token t1
says 'is no domain name'
try 2 "$dnsconform" dkim . --token t1
says 'is no domain name'
try 2 "$dnsconform" dkim "$(printf 'a%.0s' {1..64}).com" --token t1
says 'a label is longer than 63'
try 2 "$dnsconform" dkim example.com --token t1 --server nowhere
says '--server: "nowhere" is no address'
try 2 "$dnsconform" dkim example.com --token t1 --resolver 192.0.2.1:99999
says '--resolver: "192.0.2.1:99999" is no address'
for option in --map --root-hints; do
    try 2 "$dnsconform" dkim example.com --token t1 "$option" no-such-file
    says 'no-such-file'
done
try 2 "$dnsconform" dkim example.com --selector s1 --public-key no-such-file
says 'no-such-file'
: >empty
try 2 "$dnsconform" dkim example.com --selector s1 --public-key empty
says 'empty'
echo 'server 192.0.2.1:53' >map
try 2 "$dnsconform" dkim example.com --token t1 --map map
says 'map:1:'

# ---- senders, and what is checked beside DKIM
try 0 "$dnsconform" list senders
prints 'sendgrid'
prints 'Microsoft 365: CNAME at selector1 and selector2'
try 2 "$dnsconform" list sender
says 'did you mean "senders"?'
try 2 "$dnsconform" dkim example.com --sender sendgird
says 'there is no sender "sendgird" (did you mean "sendgrid"?)'
try 2 "$dnsconform" dkim example.com --sender nobody-at-all
says 'see dnsconform list senders'
try 2 "$dnsconform" dkim example.com --sender salesforce
says 'give --selector: Salesforce has none that it always uses'
try 2 "$dnsconform" dkim example.com --sender sendgrid --token t1
says '--token belongs to Amazon SES'
try 2 "$dnsconform" dkim example.com --sender sendgrid --mail-from bounce.example.com
says '--mail-from belongs to Amazon SES'
try 2 "$dnsconform" dkim example.com --selector a --selector b --region eu-west-1
says '--region belongs to Amazon SES'
try 2 "$dnsconform" dkim example.com --selector a --selector b --target x.example
says '1 --target for 2 selectors'
try 2 "$dnsconform" dkim example.com --selector a --target x..example
says '--target: "x..example" is no domain name'
try 2 "$dnsconform" dkim example.com --sender ses
says 'give --token'
try 2 "$dnsconform" dkim example.com --token t1 --with dmark
says '--with: "dmark" is none of dmarc, mail-from, spf (did you mean "dmarc"?)'
try 2 "$dnsconform" dkim example.com --token t1 --with spf,everything
says '--with: "everything" is none of dmarc, mail-from, spf'
try 2 "$dnsconform" dkim example.com --token t1 --with spf,
says 'ends with a comma'
try 2 "$dnsconform" dkim example.com --token t1 --with ''
says '--with: "" is empty'
try 2 "$dnsconform" dkim example.com --token t1 --with mail-from
says '--with mail-from needs --mail-from NAME'
try 2 "$dnsconform" dkim example.com --token t1 --mail-from a..b
says '--mail-from: "a..b" is no domain name'

# ---- where output goes
try 2 "$dnsconform" run "$scenarios" --format json --format tap
says 'only one format can go to standard output'
prints_nothing
try 2 "$dnsconform" run "$scenarios" --format text --format junit=no/such/folder/x.xml
says 'no/such/folder/x.xml cannot be written'
prints_nothing # it is said before anything is played
mkdir occupied
try 2 "$dnsconform" run "$scenarios" --format json=occupied
says 'occupied cannot be written'
if [ -e /dev/full ]; then
    tried="run --format json >/dev/full"
    status=0
    "$dnsconform" run "$scenarios" --format json >/dev/full 2>"$err" || status=$?
    same 2 "$status" "status with a full disk"
fi

# ---- what is selected
try 0 "$dnsconform" run "$scenarios" --list --tag broken
same "doubled-suffix.yaml txt-servfail.yaml" \
    "$(sed 's|.*/||' "$out" | tr '\n' ' ' | sed 's/ $//')" "--tag"
try 0 "$dnsconform" run "$scenarios" --list --filter 'doubled-*' --filter '*/healthy.yaml'
same 2 "$(wc -l <"$out")" "--filter, twice"
try 0 "$dnsconform" run "$scenarios/healthy.yaml" "$scenarios/healthy.yaml" --list
same 1 "$(wc -l <"$out")" "one scenario named twice"
try 5 "$dnsconform" run "$scenarios" --filter 'no-such-*'
says 'no scenario is selected'
try 5 "$dnsconform" run "$scenarios" --tag no-such-tag
try 0 "$dnsconform" run "$scenarios" --list --ref seed:R22
same doubled-suffix.yaml "$(sed 's|.*/||' "$out")" "--ref"
try 5 "$dnsconform" run "$scenarios" --tag healthy --ref seed:R22
mkdir nothing
try 5 "$dnsconform" run nothing
try 5 "$dnsconform" list scenarios nothing

# ---- exit status of scenarios
try 0 "$dnsconform" run "$scenarios/healthy.yaml"
prints '1 scenario: 1 conforms'
try 1 "$dnsconform" run "$scenarios"
prints '6 scenarios: 5 conform, 1 missed'
prints 'expected name/doubled-suffix, and nothing was reported'
try 0 "$dnsconform" run "$scenarios" --fail-on never
prints '6 scenarios: 5 conform, 1 missed'
try 1 "$dnsconform" run "$scenarios" --quiet
prints_no healthy

# ---- list, explain
for what in commands effects findings formats reference schema triggers; do
    try 0 "$dnsconform" list "$what"
    [ -s "$out" ] || failed "list $what prints nothing"
done
try 0 "$dnsconform" list scenarios "$scenarios"
prints 'The DNS provider appended the domain to the record name'
"$dnsconform" list findings >ids.txt
while read -r id _; do
    try 0 "$dnsconform" explain "$id"
    prints 'what to do'
done < <(head -5 ids.txt)

finish usage
