// Key text: a key as somebody gave it, before it is a key. A value that an API takes is base64 and
// nothing else; people give the file around it, with its header and footer lines and line breaks,
// or DER, or hexadecimal. Pure, and nothing here knows what the octets are.
#pragma once

#include "fakedns/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dc_key_text_note {
    DC_KEY_TEXT_ARMOUR = 1 << 0,    // BEGIN and END lines
    DC_KEY_TEXT_LINE_ENDS = 1 << 1, // inside the value: the last one of a file does not count
    DC_KEY_TEXT_BLANKS = 1 << 2,    // spaces or tabs inside the value
    DC_KEY_TEXT_ENCRYPTED = 1 << 3, // the header says so
    DC_KEY_TEXT_OPENSSH = 1 << 4,   // the header says so
    DC_KEY_TEXT_FILE = 1 << 5,      // set by who reads files: the lines are the file's own
    DC_KEY_TEXT_NOTES = (1 << 6) - 1,
};

#define DC_KEY_ENCODINGS(X)                                                                        \
    X(DC_KEY_NOTHING, "nothing")       /* no octet but white space */                              \
    X(DC_KEY_ENCODED, "base64")        /* strict base64, but for white space that is noted */      \
    X(DC_KEY_DER, "der")               /* the octets themselves */                                 \
    X(DC_KEY_HEX, "hex")               /* hexadecimal */                                           \
    X(DC_KEY_RECORD, "record")         /* the DNS record: tags, with the key in p= */              \
    X(DC_KEY_UNENCODED, "not-encoded") /* none of these */
#define DC_KEY_ENCODING_ENUM(name, text) name,
enum dc_key_encoding { DC_KEY_ENCODINGS(DC_KEY_ENCODING_ENUM) };

struct dc_key_text {
    unsigned notes;
    enum dc_key_encoding encoding;
    size_t n_chars;        // of the value, without white space
    size_t bad_at;         // DC_KEY_UNENCODED: offset in the whole text of what is wrong
    const uint8_t *octets; // decoded, in arena; NULL if there are none. Of what is no base64 only
                           // because it ends too early, as far as it goes
    size_t n_octets;
};

// Reads text of any octets. Of several armoured blocks the private key counts, else the first key,
// else the first. All that is taken from text lies in arena, so that the caller can wipe it.
void dc_key_text_read(struct dc_key_text *key, struct fdns_arena *arena, const char *text,
                      size_t len);
