#!/usr/bin/env bash
# libfakedns as its user gets it: installed into a folder, found by CMake and by pkg-config, and used by the
# CUnit example; then the examples in other languages, against the installed program.
#
#   tests/e2e/library.sh BUILD-FOLDER FLAGS…     FLAGS: those that what links the library needs
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

build=$(realpath "$1")
shift
flags="$*"
prefix=$folder/prefix

try 0 cmake --install "$build" --prefix "$prefix"
library=$(dirname "$(find "$prefix" -name libfakedns.a)")
for file in "$library/libfakedns.so" "$prefix/include/fakedns.h" "$library/pkgconfig/fakedns.pc"; do
    [ -e "$file" ] || failed "$file is not installed"
done

# found by CMake
try 0 cmake -S "$root/examples/cunit" -B "$folder/cmake" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_C_FLAGS="$flags"
try 0 cmake --build "$folder/cmake"
try 0 "$folder/cmake/lookup_test"
is_calm

# found by pkg-config, as a shared library and as a static one
export PKG_CONFIG_PATH=$library/pkgconfig
read -ra words <<<"$flags"
read -ra shared <<<"$(pkg-config --cflags --libs fakedns cunit)"
try 0 cc -std=c11 "${words[@]}" -o "$folder/shared" "$root/examples/cunit/lookup_test.c" -D_GNU_SOURCE "${shared[@]}"
try 0 env LD_LIBRARY_PATH="$library" "$folder/shared"
is_calm
read -ra static <<<"$(pkg-config --cflags --libs --static fakedns cunit | sed "s|-lfakedns|-l:libfakedns.a|")"
try 0 cc -std=c11 "${words[@]}" -o "$folder/static" "$root/examples/cunit/lookup_test.c" -D_GNU_SOURCE "${static[@]}"
try 0 "$folder/static"
is_calm
if ldd "$folder/static" | grep -q libfakedns; then
    failed "the static program wants libfakedns.so"
fi

# the other languages
for example in shell.sh:curl python.py:python3 node.mjs:node; do
    if command -v "${example#*:}" >/dev/null; then
        try 0 "$root/examples/${example%:*}" "$prefix/bin/fakedns" "$root/examples/world.yaml"
        prints "as it should be"
    else
        echo "skipped: examples/${example%:*} (${example#*:} is not installed)"
    fi
done

finish library
