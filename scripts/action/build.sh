#!/usr/bin/env bash
# First step of the GitHub Action: builds dnsconform from the action's own sources and leaves the
# path of the program in the output `program`.
#
# Reads: GITHUB_ACTION_PATH, GITHUB_OUTPUT; DNSCONFORM_PROGRAM, a program that is there already (then
# nothing is built).
set -euo pipefail

if [ -n "${DNSCONFORM_PROGRAM:-}" ]; then
    if [ ! -x "$DNSCONFORM_PROGRAM" ]; then
        echo "::error title=dnsconform::DNSCONFORM_PROGRAM names no program"
        exit 2
    fi
    program=$(realpath "$DNSCONFORM_PROGRAM")
else
    cd "$GITHUB_ACTION_PATH"
    echo "::group::Build dnsconform"
    scripts/packages build
    cmake --preset release
    cmake --build --preset release --target dnsconform
    echo "::endgroup::"
    program=$PWD/build/release/dnsconform
fi
printf 'program=%s\n' "$program" >>"$GITHUB_OUTPUT"
