#!/usr/bin/env bash
# dnsconform dkim --message against a running fakedns, reached through its map.
#
#   tests/e2e/message.sh DNSCONFORM FAKEDNS
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

dnsconform=$(realpath "$1")
# shellcheck disable=SC2034 # used by start_server
fakedns=$(realpath "$2")
valid=$root/tests/e2e/valid.py
mail=$root/scenarios/dkim/message
cd "$folder"

# check STATUS MESSAGE OPTION…
check() {
    local wanted=$1 message=$2
    shift 2
    try "$wanted" "$dnsconform" dkim --message "$message" --map "$map" --timeout 5s --color never "$@"
    is_calm
}

start_server "$root/scenarios/lib/signed-mail.yaml" --resolver
resolver=$(awk '$1 == "resolver" { print $2 }' "$map")

# ---- whose signature it is
check 0 "$mail/two-signatures.eml"
prints 'DKIM of a message from example.com: SUCCESS'
prints 'signature pass: d=example.com s=s1 a=rsa-sha256 c=relaxed/relaxed i=@example.com, of the domain'
prints 'signature pass: d=amazonses.com s=ses'
prints 'Amazon SES: can be ignored'
prints 'message/two-signatures'
check 0 "$mail/two-signatures.eml" amazonses.com
check 1 "$mail/two-signatures.eml" receiver.test
prints 'message/amazonses-signature-only'
check 1 "$mail/amazonses-signature-only.eml"
prints 'message/amazonses-signature-only'
check 0 "$mail/subdomain.eml"
check 1 "$mail/not-signed.eml"
prints 'message/not-signed'
check 0 "$mail/not-signed.eml" --fail-on never

# ---- how the keys are found
check 0 "$mail/easy-dkim.eml" --resolver "$resolver"
check 0 "$mail/easy-dkim.eml" --server 192.0.2.1
printf '. 3600000 NS a.root-servers.net.\na.root-servers.net. 3600000 A 198.51.100.1\n' >hints
check 0 "$mail/signed.eml" --root-hints hints
# an address that nobody serves: nothing can be told
check 3 "$mail/signed.eml" --server 192.0.2.77
prints 'message/key-unreachable'
prints 'TEMPORARY_FAILURE'

# ---- the same from standard input, and with CRLF
tried='standard input'
timeout 100 "$dnsconform" dkim --message - --map "$map" --quiet <"$mail/signed.eml" >"$out" 2>"$err" ||
    failed 'a message on standard input'
sed 's/$/\r/' "$mail/signed-simple.eml" >crlf.eml
check 0 crlf.eml
tr -d '\n' <"$mail/signed.eml" >one-line.eml
check 1 one-line.eml

# ---- saved, and judged again without a network
check 1 "$mail/body-altered.eml" --save saved.json --format json
cp "$out" seen.json
"$valid" report seen.json >"$err" 2>&1 || [ $? = 77 ] || failed 'the report is not valid'
try 1 "$dnsconform" replay saved.json --format json
same_files seen.json "$out" 'the replayed report'
head -c 5000000 /dev/zero >large.eml
check 2 large.eml --save large.json
says '--save cannot keep a message of more than 4 MiB'
sed 's/"message": "[0-9a-f]*"/"message": null/' saved.json >without.json
try 2 "$dnsconform" replay without.json
says '"message" is missing'

# ---- reports
check 1 "$mail/header-altered.eml" --format markdown --format json=report.json
prints '<pre>signature fail: d=example.com'
for format in jsonl junit tap github; do
    check 1 "$mail/header-altered.eml" --format "$format"
done

# ---- what is no message, and hostile ones
check 1 /dev/null
prints 'it is empty'
head -c 200000 /dev/urandom >random.eml
check 1 random.eml
check 1 large.eml
head -c 70000000 /dev/zero >larger.eml
check 2 larger.eml
says 'larger.eml'
printf 'From: a@\033]0;x\007example.com\r\nDKIM-Signature: v=1; d=\033[31m::error::x; s=\0\r\n\r\n' >escape.eml
for format in text github markdown json; do
    check 1 escape.eml --format "$format"
    prints_no "$(printf '\033')"
done
{
    yes 'DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; h=from; bh=AAAA; b=AAAA' | head -1001
    cat "$mail/signed.eml"
} >many.eml || true
check 1 many.eml
prints 'more than 1000 are not looked at'
awk 'BEGIN { printf "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; bh=AAAA; b=AAAA; h=from"
             for (i = 0; i < 20000; i++) printf " :\n x%d", i
             print "" }' >long.eml
cat "$mail/signed.eml" >>long.eml
check 0 long.eml
prints 'message/signature-malformed'
{
    cat "$mail/signed.eml"
    yes 'a line of   text  with blanks at its end  ' | head -c 10000000
} >body.eml || true
check 1 body.eml
prints 'message/body-altered'

# ---- mistakes of the command line
check 2 nosuch.eml
says 'nosuch.eml'
check 2 . # a folder
check 2 "$mail/signed.eml" example.com example.net
check 2 "$mail/signed.eml" a..b
for option in '--token t' '--selector s' '--public-key k' '--verification v' '--state f' --watch; do
    # shellcheck disable=SC2086 # two words
    check 2 "$mail/signed.eml" $option
    says 'exclude each other'
done

end_server
finish message
