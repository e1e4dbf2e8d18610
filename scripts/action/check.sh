#!/usr/bin/env bash
# Second step of the GitHub Action: runs dnsconform with the action's inputs. Annotations go to the
# log, a table to the job summary, JUnit and JSON to files; the step fails by dnsconform's status.
#
# Reads: INPUT_* (action.yml), DNSCONFORM_PROGRAM, and of GitHub's: GITHUB_ACTION_PATH,
# GITHUB_OUTPUT, GITHUB_STEP_SUMMARY (by dnsconform), RUNNER_TEMP.
# Leaves the outputs status, junit and json.
set -euo pipefail

folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/dnsconform.XXXXXX")
words=() # of the command line
operands=()

refuse() {
    echo "::error title=dnsconform::$1"
    output status 2
    exit 2
}

output() { # output NAME VALUE: of one line
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# option INPUT: adds --input VALUE if the input is given.
option() {
    local variable=INPUT_${1^^}
    local value=${!variable:-}
    [ -z "$value" ] || words+=("--${1//_/-}" "$value")
}

# items INPUT: the lines of an input, without blanks around them, in the array `items`.
items() {
    local variable=INPUT_${1^^}
    local line
    items=()
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line#"${line%%[![:space:]]*}"}
        line=${line%"${line##*[![:space:]]}"}
        [ -z "$line" ] || items+=("$line")
    done <<<"${!variable:-}"
}

# list INPUT OPTION: adds OPTION ITEM for each line.
list() {
    local item
    items "$1"
    for item in "${items[@]}"; do
        words+=("$2" "$item")
    done
}

# Inputs of the other command would be silently without effect.
only_for() { # only_for COMMAND INPUT…
    local command=$1 input variable
    shift
    for input in "$@"; do
        variable=INPUT_${input^^}
        [ -z "${!variable:-}" ] || refuse "the input ${input//_/-} is only for command: $command"
    done
}

# Prints a file in which no line is a command to GitHub: server data and file names may be in it.
quote() { # quote TITLE FILE
    local token
    [ -s "$2" ] || return 0
    token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    echo "::group::$1"
    echo "::stop-commands::$token"
    cat "$2"
    echo
    echo "::$token::"
    echo "::endgroup::"
}

run_inputs=(scenarios checker adapter filter tag shard baseline jobs checker_timeout)
dkim_inputs=(domain tokens selector public_key verification region server resolver map state)

case ${INPUT_COMMAND:-run} in
run)
    only_for dkim "${dkim_inputs[@]}"
    items scenarios
    operands=("${items[@]}")
    [ ${#operands[@]} -gt 0 ] || operands=("$GITHUB_ACTION_PATH/scenarios")
    list filter --filter
    list tag --tag
    for input in checker adapter shard baseline jobs checker_timeout; do
        option "$input"
    done
    ;;
dkim)
    only_for run "${run_inputs[@]}"
    [ -n "${INPUT_DOMAIN:-}" ] || refuse "command: dkim needs the input domain"
    operands=("$INPUT_DOMAIN")
    list tokens --token
    list server --server
    for input in selector public_key verification region resolver map state; do
        option "$input"
    done
    ;;
*) refuse "the input command is neither run nor dkim" ;;
esac
option fail_on
list formats --format

junit=$folder/junit.xml
json=$folder/report.json
status=0
"$DNSCONFORM_PROGRAM" "${INPUT_COMMAND:-run}" "${words[@]}" --format github \
    --format "text=$folder/report.txt" --format "junit=$junit" --format "json=$json" \
    -- "${operands[@]}" 2>"$folder/messages.txt" || status=$?

quote "Report" "$folder/report.txt"
quote "Messages" "$folder/messages.txt"
case $status in
0 | 1) ;;
2) echo "::error title=dnsconform::wrong usage, or a file that cannot be used (status 2)" ;;
3) echo "::error title=dnsconform::nothing could be tested (status 3)" ;;
5) echo "::error title=dnsconform::no scenario is selected (status 5)" ;;
*) echo "::error title=dnsconform::it ended abnormally (status $status)" ;;
esac
output status "$status"
output junit "$([ ! -s "$junit" ] || echo "$junit")"
output json "$([ ! -s "$json" ] || echo "$json")"
exit "$status"
