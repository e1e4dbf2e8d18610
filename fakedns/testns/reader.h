// A data file while it is read. Private to this folder.
#pragma once

#include "fakedns/testns/entry.h"

struct fdns_testns_reader {
    struct fdns_arena *arena;
    const struct fdns_source *source;
    struct fdns_diags *diags;
    struct fdns_testns_entries *entries;
    unsigned line;    // number of the line
    const char *text; // of it, without its end
    size_t at;        // what of it has been taken
    const char *word; // that was taken last
    unsigned column;  // where it stands
    const uint8_t *origin;
    uint32_t default_ttl;
    const char *owner;               // of the record before, as written, or NULL
    struct fdns_testns_entry *entry; // that is open, or NULL
    struct fdns_testns_packet *packet;
    bool in_question;
    enum fdns_section section; // else
    const char *hex_end;       // while hexadecimal is read: the word that ends it
    unsigned hex_line;
    struct fdns_buf hex;
    bool half;    // of an octet is there
    bool bad_hex; // and has been reported
};

// Reports a mistake at the word that was taken last.
void fdns_testns_complain(struct fdns_testns_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Takes the next word of the line, up to a comment; false at the end.
bool fdns_testns_take(struct fdns_testns_reader *reader);
// The word is none of n words, which are found `stride` octets apart, a pointer each.
void fdns_testns_unknown(struct fdns_testns_reader *reader, const char *what, const void *words,
                         size_t n, size_t stride);
// The number behind NAME= (or NAME:) of the word that was taken last. False after a diagnostic.
bool fdns_testns_number(struct fdns_testns_reader *reader, uint32_t max, uint32_t *number);

// The rest of these lines (words.c).
void fdns_testns_match_line(struct fdns_testns_reader *reader);
void fdns_testns_reply_line(struct fdns_testns_reader *reader);
void fdns_testns_adjust_line(struct fdns_testns_reader *reader);
