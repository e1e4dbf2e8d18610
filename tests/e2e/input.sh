#!/usr/bin/env bash
# What is given to the mail provider: selectors and key files, with and without DNS. The keys are
# those of the fuzz corpus; the private ones are searched for in all that is written.
#
#   tests/e2e/input.sh DNSCONFORM FAKEDNS
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

dnsconform=$(realpath "$1")
# shellcheck disable=SC2034 # used by start_server
fakedns=$(realpath "$2")
keys=$root/tests/fuzz/corpus/keys
valid=$root/tests/e2e/valid.py
cd "$folder"

lint() { # lint STATUS OPTION…
    local wanted=$1
    shift
    try "$wanted" "$dnsconform" dkim --lint "$@"
    is_calm
}

# ids ID…: of the last try, which reported as JSON: exactly these, in any order.
ids() {
    same "$(printf 'input/%s\n' "$@" | sort)" "$(sed -n 's/^ *"id": "\(.*\)",$/\1/p' "$out" | sort)" \
        "ids of $tried"
}

# ---- exit status: clean, findings, usage
lint 0 --selector s1
prints 'input for DKIM (profile current): SUCCESS'
lint 0 --selector s1 --private-key "$keys/rsa-1024.b64" --profile seed
lint 1 --selector foo.bar --private-key "$keys/rsa-1024.pem" --format json
ids selector-dot private-key-armour private-key-newlines
"$valid" report "$out" >"$err" 2>&1 || [ $? = 77 ] || failed 'the report is not valid'
lint 1 --selector ''
prints 'input/selector-empty'
prints 'BadRequestException'
lint 0 --selector '' --fail-on never
lint 0 --selector my-key
lint 1 --selector my-key --profile seed
prints 'input/selector-hyphen'
lint 1 --selector "$(head -c 10240 /dev/zero | tr '\0' x)"
prints '10240 characters'
lint 1 --selector $'a\e[2Jb' --format text
prints 'a\x1b[2Jb'
lint 0 --selector s1 --format tap
prints 'ok 1'
lint 1 --selector a.b --format junit
prints '<failure'
lint 2
says 'give one of them'
lint 2 --selector s1 --profile old
says 'is none of current, seed'
lint 2 --selector s1 --token t1
says '--lint and --token exclude each other'
lint 2 --selector s1 example.com example.net
says 'one domain at most'

# ---- key files that are none
: >empty
head -c 10000000 /dev/zero >large
head -c 3000 /dev/urandom | LC_ALL=C tr -d '0' >binary
printf '\377\376-\000-\000' >utf16
printf 'these are words' >words
for option in --private-key --public-key; do
    lint 2 $option no-such-file
    says "$option: no-such-file: No such file"
    lint 2 $option .
    says 'Is a directory'
    lint 2 $option empty
    says 'is empty'
    lint 2 $option large
    says 'is larger than 65536 octets'
    for file in binary utf16 words; do
        lint 1 $option $file --format json
        ids "${option#--}-not-base64"
    done
    printf ' \n' >blanks
    lint 1 $option blanks --format json
    ids "${option#--}-not-a-key"
done
if [ "$(id -u)" != 0 ]; then
    cp words unreadable
    chmod 0 unreadable
    lint 2 --private-key unreadable
    says 'Permission denied'
fi
lint 2 --private-key - --public-key -
says 'only one of'

# ---- keys of every form
while read -r file profile expected; do
    status=1
    [ "$expected" != none ] || status=0
    lint $status --private-key "$keys/$file" --profile "$profile" --format json
    # shellcheck disable=SC2086 # several words
    [ "$expected" = none ] || ids ${expected//,/ }
done <<'END'
rsa-1024.b64 seed none
rsa-1024.b64 current none
rsa-1024.der current private-key-not-base64
rsa-1024-pkcs8.pem current private-key-armour,private-key-newlines
rsa-1024-pkcs8.pem seed private-key-armour,private-key-newlines,private-key-pkcs8
rsa-1024-password.pem current private-key-encrypted
rsa-1024-password-pkcs8.pem seed private-key-encrypted
rsa-2048-pkcs8.pem seed private-key-armour,private-key-newlines,private-key-pkcs8,private-key-size
ec.pem current private-key-armour,private-key-newlines,private-key-not-rsa
ed25519.pem current private-key-armour,private-key-not-rsa
openssh current private-key-openssh
public.pem current private-key-armour,private-key-newlines,private-key-is-public
END
tried='standard input'
"$dnsconform" dkim --lint --private-key - <"$keys/rsa-1024.b64" >"$out" 2>"$err" ||
    failed 'a key on standard input'
lint 1 --public-key "$keys/rsa-1024.pem"
prints 'keep it secret'

# ---- the commands of the remedies make the value that is taken
if command -v openssl >/dev/null; then
    # make_value FILE COMMAND…: the value is the one of the key in PKCS #1 form.
    make_value() {
        local file=$1
        shift
        bash -c "$*" <"$file" >value 2>"$err" || failed "the command for $file: $*"
        same_files "$keys/rsa-1024.b64" value "the value made of $file"
    }
    cp "$keys/rsa-1024-pkcs8.pem" private.pem
    cp "$keys/rsa-1024.der" private.der
    told() { # the command of the last report
        sed -n 's/.*The value as it should be: \(.* -A\)",*$/\1/p' "$out" | head -n 1 | sed 's/\\\\/\\/g'
    }
    for file in private.pem private.der; do
        lint 1 --private-key $file --profile seed --format json
        make_value $file "$(told)"
    done
    openssl pkcs8 -topk8 -nocrypt -in private.pem -outform DER | openssl base64 -A >private.txt
    lint 1 --private-key private.txt --profile seed --format json
    ids private-key-pkcs8
    make_value private.txt "$(told)"
else
    echo 'input: no openssl here: the commands of the remedies are not tried'
fi

# ---- within a check
start_server "$root/tests/e2e/input/own-key.yaml"
check() { # check STATUS DOMAIN OPTION…
    local wanted=$1
    shift
    try "$wanted" "$dnsconform" dkim "$@" --map "$map" --timeout 5s
    is_calm
}
check 0 example.com --selector selector --private-key "$keys/rsa-1024.pem" --profile seed
prints 'input/private-key-armour' # as a word, not as a fault
prints 'SUCCESS'
check 0 example.com --selector selector --public-key "$keys/public.pem" --quiet
check 0 example.com --selector selector --public-key "$keys/public-pkcs1.pem" --fail-on never
prints 'input/public-key-pkcs1'
check 1 example.com --selector selector --private-key "$keys/rsa-2048-pkcs8.pem"
prints 'key/key-mismatch'
check 1 example.com --selector selector --private-key "$keys/rsa-1024-pkcs8.pem" --profile seed
prints 'input/private-key-pkcs8'
prints 'SUCCESS' # what the DNS says stands beside it
check 1 example.com --selector mail.2024 --sender ses
prints 'input/selector-dot'
check 1 example.com --selector mail.2024
! grep -q 'input/' "$out" || failed 'limits of Amazon SES without being asked for'
check 1 example.com --selector '' --profile current
prints 'input/selector-empty'
check 2 example.com --selector "$(head -c 10240 /dev/zero | tr '\0' x)"
says 'is no DNS label'

# domains at the edges
check 0 bücher.com --selector selector --private-key "$keys/rsa-1024.pem"
prints 'xn--bcher-kva.com'
check 1 com --selector selector
prints 'DKIM of com'
check 2 . --selector selector
label=$(printf 'a%.0s' {1..62})
check 1 "$label.$label.$label.$(printf 'a%.0s' {1..40}).com" --selector selector
check 2 "$label.$label.$label.$label.a" --selector selector
says 'leaves no room'
check 2 "$label.$label.$label.$label.abcd" --selector selector
says 'is longer than 255 octets'
check 2 $'\xff\xfe.com' --selector selector
says 'has no form in ASCII'

# ---- no private key is in anything that is written
mkdir written
for key in rsa-1024.pem rsa-1024.b64 rsa-1024.der rsa-1024.hex rsa-1024-pkcs8.pem; do
    check 0 example.com --selector selector --private-key "$keys/$key" --fail-on never --verbose \
        --save "written/$key.saved" --state "written/$key.state" --format text \
        --format json="written/$key.json" --format junit="written/$key.junit" \
        --format github="written/$key.github" --format markdown="written/$key.markdown"
    cat "$out" "$err" >"written/$key.text"
    # given as the public key by mistake
    check 1 example.com --selector selector --public-key "$keys/$key" --verbose \
        --save "written/$key.saved2" --state "written/$key.state2"
    prints 'input/public-key-is-private'
    cat "$out" "$err" >"written/$key.text2"
    try 1 "$dnsconform" replay "written/$key.saved2"
    prints 'input/public-key-is-private'
done
n_written=$(find written -type f | wc -l)
same 50 "$n_written" 'files written'
# the middle of the key: of its base64 (also as lines), of its hexadecimal
hex=$(head -c 800 "$keys/rsa-1024.hex" | tail -c 24)
base64=$(head -c 400 "$keys/rsa-1024.b64" | tail -c 20)
line=$(sed -n 8p "$keys/rsa-1024.pem" | head -c 20)
line8=$(sed -n 8p "$keys/rsa-1024-pkcs8.pem" | head -c 20)
for piece in "$hex" "$base64" "$line" "$line8"; do
    same '' "$(grep -rlF -e "$piece" written || true)" 'files that hold a piece of the private key'
done
end_server

finish input
