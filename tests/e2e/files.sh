#!/usr/bin/env bash
# Files with mistakes: each is told with its file, line and column, and nothing crashes.
#
#   tests/e2e/files.sh DNSCONFORM
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

dnsconform=$(realpath "$1")
base=$root/scenarios/lib/easy-dkim.yaml
cd "$folder"

# scenario FILE WORLD EXPECT: writes one; the world begins in line 2.
scenario() {
    printf '%s\n' 'title: A test' "$2" 'subject: { dkim: { domain: example.com,' \
        '  method: easy-dkim, tokens: [example, token2, token3] } }' "$3" >"$1"
}
fine='expect: [ { at: 0s, status: SUCCESS } ]'

# refused TEXT FILE: by run and by lint, with TEXT; nothing is played.
refused() {
    local command
    for command in run lint; do
        try 2 "$dnsconform" "$command" "$2"
        says "$1"
        prints_nothing
        is_calm
    done
}

# ---- files that are none
try 2 "$dnsconform" run no-such-file.yaml
says 'no-such-file.yaml: error: cannot be read'
: >empty.yaml
refused 'empty.yaml: error: there is nothing in this file' empty.yaml
head -c 20000 "$dnsconform" >binary.yaml
refused 'binary.yaml:1:' binary.yaml
head -c 2000000 /dev/zero | tr '\0' 'a' >large.yaml
refused 'large.yaml' large.yaml
printf 'title: cut\nworld: {' >cut.yaml
refused 'cut.yaml:2:' cut.yaml
printf '%.0s[' {1..100000} >deep.yaml
refused 'deep.yaml:1:' deep.yaml
printf 'title: &a x\nworld: *a\n' >anchor.yaml
refused 'anchor.yaml:1:' anchor.yaml
printf 'title: a\n---\ntitle: b\n' >two.yaml
refused 'two.yaml:' two.yaml
printf 'title: a\ntitle: b\n' >twice.yaml
refused 'twice.yaml:2:1: error:' twice.yaml

# ---- keys, words, types
scenario key.yaml "world: { base: \"$base\", ruels: [] }" "$fine"
refused 'key.yaml:2:' key.yaml
says 'did you mean "rules"?'
scenario top.yaml "world: { base: \"$base\" }" "${fine/expect/expcet}"
refused 'top.yaml:5:1: error:' top.yaml
says 'did you mean "expect"?'
scenario word.yaml "world: { base: \"$base\" }" 'expect: [ { at: 0s, status: SUCESS } ]'
refused 'word.yaml:5:29: error:' word.yaml
says 'did you mean "SUCCESS"?'
scenario type.yaml "world: { base: [ \"$base\" ] }" "$fine"
refused 'type.yaml:2:16: error:' type.yaml
scenario duration.yaml "world: { base: \"$base\" }" 'expect: [ { at: soon } ]'
refused 'duration.yaml:5:17: error:' duration.yaml
scenario many.yaml "world: { bas: x }" 'expect: [ { at: soon, status: SUCESS } ]'
refused 'many.yaml:2:10: error:' many.yaml
says 'many.yaml:5:17: error:'
says 'many.yaml:5:31: error:'

# ---- findings
scenario finding.yaml "world: { base: \"$base\" }" \
    'expect: [ { at: 0s, findings: [ { id: name/doubled-sufix } ] } ]'
refused 'finding.yaml:5:39: error:' finding.yaml
says 'did you mean "name/doubled-suffix"?'

# ---- bases
scenario nobase.yaml 'world: { base: no-such-base.yaml }' "$fine"
refused 'nobase.yaml:2:16: error:' nobase.yaml
says 'no-such-base.yaml'
echo 'base: b.yaml' >a.yaml
echo 'base: a.yaml' >b.yaml
scenario circle.yaml 'world: { base: a.yaml }' "$fine"
refused 'builds on itself' circle.yaml
echo 'base: self.yaml' >self.yaml
try 2 "$dnsconform" lint self.yaml
says 'self.yaml:1:7: error: the base "self.yaml" builds on itself'

# ---- zone text, told at its real line
scenario zone.yaml "world:
  base: \"$base\"
  zones:
    example.net: |
      @    SOA ns hostmaster 1 2 3 4 5
      @    NS  ns
      ns   A   192.0.2.300
      www  AA  192.0.2.1" "$fine"
refused 'zone.yaml:8:' zone.yaml
says 'zone.yaml:9:'
scenario beside.yaml "world:
  zones:
    example.net: |
      @    SOA ns hostmaster 1 2 3 4 5
      @    NS  ns
      www  CNAME ns
      www  A     192.0.2.1
      ns   A     192.0.2.1" "$fine"
refused 'beside.yaml:' beside.yaml
says 'CNAME'

# ---- a rule that can never match is a warning, and the scenario is played
scenario never.yaml "world:
  base: \"$base\"
  rules:
    - when: { zone: example.org }
      then: { rcode: SERVFAIL }" "$fine"
try 0 "$dnsconform" run never.yaml
says 'never.yaml:5:21: warning: '
prints '1 scenario: 1 conforms'

# ---- one bad file among good ones stops the run before anything is played
mkdir all
cp "$root/tests/e2e/scenarios/healthy.yaml" all/good.yaml
sed -i "s|scenarios/lib/easy-dkim.yaml|\"$base\"|" all/good.yaml
try 0 "$dnsconform" run all
cp word.yaml all/bad.yaml
try 2 "$dnsconform" run all
says 'all/bad.yaml:5:'
prints_nothing

# ---- results, saved runs, states, adapters
printf '{ "schema": "dnsconform.run/1"' >broken.json
printf '{ "schema": "something.else/1" }' >other.json
echo '[[[' >nested.json
head -c 1000 /dev/urandom >random.json
for file in empty.yaml broken.json other.json nested.json random.json no-such.json; do
    try 2 "$dnsconform" merge "$file"
    says "$file"
    is_calm
    try 2 "$dnsconform" replay "$file"
    says "$file"
    is_calm
    try 2 "$dnsconform" run all/good.yaml --baseline "$file"
    says "$file"
    prints_nothing
    is_calm
    [ "$file" = no-such.json ] || {
        try 2 "$dnsconform" dkim example.com --token t1 --state "$file"
        says "$file"
        is_calm
    }
done
cat >adapter.yaml <<'END'
command: 'true'
exit: { 0: healhty }
findings: [ { match: '(', id: [name/doubled-sufix] } ]
END
try 2 "$dnsconform" run all/good.yaml --adapter adapter.yaml
says 'adapter.yaml:2:12: error:'
says 'did you mean "healthy"?'
try 2 "$dnsconform" run all/good.yaml --adapter no-such-adapter.yaml
says 'no-such-adapter.yaml'
echo 'exit: { 0: healthy, other: fault }' >silent.yaml
try 2 "$dnsconform" run all/good.yaml --adapter silent.yaml
says 'silent.yaml names no command'

finish files
