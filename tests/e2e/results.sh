#!/usr/bin/env bash
# What a run leaves behind: the same every time, however it is divided, and readable by others.
#
#   tests/e2e/results.sh DNSCONFORM
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

dnsconform=$(realpath "$1")
valid=$root/tests/e2e/valid.py
cd "$root" # paths in results are as given
scenarios=tests/e2e/scenarios

# valid WHAT FILE…: skipped aloud where the judge is not installed.
valid() {
    local status=0
    tried="valid.py $*"
    n_checks=$((n_checks + 1))
    "$valid" "$@" >"$out" 2>"$err" || status=$?
    case $status in
    0) ;;
    77) cat "$out" ;;
    *) failed "not valid" ;;
    esac
}

# ---- every format, in files and on standard output
whole=$folder/whole.json
formats=(json jsonl junit tap text github markdown)
files=()
for format in "${formats[@]}"; do
    files+=(--format "$format=$folder/all.$format")
done
try 1 "$dnsconform" run "$scenarios" --jobs 1 "${files[@]}"
prints_nothing
cp "$folder/all.json" "$whole"
valid run "$whole"
valid lines "$folder/all.jsonl"
valid tap "$folder/all.tap"
if command -v xmllint >/dev/null; then
    try 0 xmllint --noout --nonet "$folder/all.junit"
    same 6 "$(xmllint --xpath 'count(//testcase)' "$folder/all.junit")" 'test cases in JUnit'
    same 1 "$(xmllint --xpath 'count(//failure)' "$folder/all.junit")" 'failures in JUnit'
else
    echo 'skipped: xmllint is not installed'
fi
same 1 "$(grep -c '^::error file=tests/e2e/scenarios/wrong-expectation.yaml,line=[0-9]*,title=' \
    "$folder/all.github")" 'annotations'
for format in tap text markdown junit; do
    try 1 "$dnsconform" run "$scenarios" --jobs 1 --format "$format"
    sed -E 's/time="[0-9.]*"//; s/duration[_a-z]*: *[0-9.]+//' "$out" >"$folder/one"
    sed -E 's/time="[0-9.]*"//; s/duration[_a-z]*: *[0-9.]+//' "$folder/all.$format" >"$folder/two"
    same_files "$folder/one" "$folder/two" "$format on standard output and in a file"
done

# ---- GitHub's job summary is appended to, if annotations are asked for
echo 'from the step before' >"$folder/summary"
try 1 env "GITHUB_STEP_SUMMARY=$folder/summary" "$dnsconform" run "$scenarios" --format github
same 'from the step before' "$(head -1 "$folder/summary")" 'the summary before'
grep -q '^### dnsconform: 6 scenarios' "$folder/summary" || failed 'nothing in the summary'
try 2 env "GITHUB_STEP_SUMMARY=$folder/no/summary" "$dnsconform" run "$scenarios" --format github
says 'no/summary cannot be written'

# ---- ten runs, and runs with several workers, say the same
for i in {1..10}; do
    try 1 "$dnsconform" run "$scenarios" --jobs $((i % 3 + 1)) --format json
    cp "$out" "$folder/again.json"
    valid same "$whole" "$folder/again.json"
done
try 1 "$dnsconform" run "$scenarios" --jobs 64 --format json
cp "$out" "$folder/again.json"
valid same "$whole" "$folder/again.json"

# ---- shards, merged, are the whole
shards=()
for i in 1 2 3 4; do
    shards+=("$folder/shard$i.json")
    "$dnsconform" run "$scenarios" --shard "$i/4" --format "json=$folder/shard$i.json" || true
done
try 1 "$dnsconform" merge "${shards[@]}" --format json
cp "$out" "$folder/merged.json"
valid run "$folder/merged.json"
valid same "$whole" "$folder/merged.json"
try 0 "$dnsconform" merge "$folder/shard1.json" --quiet
try 0 "$dnsconform" merge "${shards[@]}" --fail-on never
try 5 "$dnsconform" run "$scenarios" --shard 10/10

# ---- what was seen, judged again without a network
try 1 "$dnsconform" run "$scenarios" --save "$folder/saved.json" --format "json=$whole"
try 1 "$dnsconform" replay "$folder/saved.json" --format json
cp "$out" "$folder/replayed.json"
valid findings "$whole" "$folder/replayed.json"
"$dnsconform" run "$scenarios" --tag healthy --save "$folder/fine.json" --quiet >"$out"
try 0 "$dnsconform" replay "$folder/fine.json"
try 2 "$dnsconform" run "$scenarios" --save "$folder/no/such/folder/x.json" --quiet
says 'cannot be written'

# ---- what was as bad before does not fail
try 0 "$dnsconform" run "$scenarios" --baseline "$whole"
prints '1 missed'
sed 's|"wrong-expectation|"another|; s|wrong-expectation.yaml|another.yaml|' "$whole" \
    >"$folder/baseline.json"
try 1 "$dnsconform" run "$scenarios" --baseline "$folder/baseline.json"
sed 's|"verdict": *"missed"|"verdict": "false alarm"|' "$whole" >"$folder/baseline.json"
try 1 "$dnsconform" run "$scenarios" --baseline "$folder/baseline.json"

finish results
