// The lines MATCH, REPLY and ADJUST.
#include "fakedns/wire/words.h"
#include "fakedns/base/duration.h"
#include "fakedns/testns/reader.h"

#include <string.h>

enum { SLEEP_MAX_S = 1000000 };

static bool begins(const char *word, const char *with)
{
    return strncmp(word, with, strlen(with)) == 0;
}

// ---- MATCH

struct match_word {
    const char *word;
    size_t offset; // of the bool in an entry; 0: another thing
};

static const struct match_word match_words[] = {
    {"opcode", offsetof(struct fdns_testns_entry, opcode)},
    {"qtype", offsetof(struct fdns_testns_entry, qtype)},
    {"qname", offsetof(struct fdns_testns_entry, qname)},
    {"subdomain", offsetof(struct fdns_testns_entry, subdomain)},
    {"all", offsetof(struct fdns_testns_entry, all)},
    {"ttl", offsetof(struct fdns_testns_entry, ttl)},
    {"DO", offsetof(struct fdns_testns_entry, edns_do)},
    {"noedns", offsetof(struct fdns_testns_entry, no_edns)},
    {"ednsdata", offsetof(struct fdns_testns_entry, edns_data)},
    {"serial=", 0},
    {"UDP", 0},
    {"TCP", 0},
};
enum { N_MATCH_WORDS = sizeof match_words / sizeof match_words[0] };

static void match_word(struct fdns_testns_reader *reader)
{
    struct fdns_testns_entry *entry = reader->entry;
    for (size_t i = 0; i < N_MATCH_WORDS; i++) {
        if (match_words[i].offset != 0 && strcmp(reader->word, match_words[i].word) == 0) {
            *(bool *)((char *)entry + match_words[i].offset) = true;
            return;
        }
    }
    if (strcmp(reader->word, "UDP") == 0) {
        entry->transport = FDNS_TESTNS_UDP;
    } else if (strcmp(reader->word, "TCP") == 0) {
        entry->transport = FDNS_TESTNS_TCP;
    } else if (begins(reader->word, "serial=") || begins(reader->word, "serial:")) {
        entry->serial = fdns_testns_number(reader, UINT32_MAX, &entry->serial_value);
    } else {
        fdns_testns_unknown(reader, "MATCH", match_words, N_MATCH_WORDS, sizeof match_words[0]);
    }
}

void fdns_testns_match_line(struct fdns_testns_reader *reader)
{
    while (fdns_testns_take(reader)) {
        match_word(reader);
    }
}

// ---- REPLY

enum reply_kind { OPCODE, RCODE, FLAG, DNSSEC };

static const struct reply_word {
    const char *word;
    enum reply_kind kind;
    uint16_t value;
} reply_words[] = {
    {"QUERY", OPCODE, 0},   {"IQUERY", OPCODE, 1}, {"STATUS", OPCODE, 2}, {"NOTIFY", OPCODE, 4},
    {"UPDATE", OPCODE, 5},  {"NOERROR", RCODE, 0}, {"FORMERR", RCODE, 1}, {"SERVFAIL", RCODE, 2},
    {"NXDOMAIN", RCODE, 3}, {"NOTIMPL", RCODE, 4}, {"REFUSED", RCODE, 5}, {"YXDOMAIN", RCODE, 6},
    {"YXRRSET", RCODE, 7},  {"NXRRSET", RCODE, 8}, {"NOTAUTH", RCODE, 9}, {"NOTZONE", RCODE, 10},
    {"QR", FLAG, FDNS_QR},  {"AA", FLAG, FDNS_AA}, {"TC", FLAG, FDNS_TC}, {"RD", FLAG, FDNS_RD},
    {"CD", FLAG, FDNS_CD},  {"RA", FLAG, FDNS_RA}, {"AD", FLAG, FDNS_AD}, {"DO", DNSSEC, 0},
};
enum { N_REPLY_WORDS = sizeof reply_words / sizeof reply_words[0] };

static void apply(struct fdns_testns_packet *packet, const struct reply_word *word)
{
    switch (word->kind) {
    case OPCODE:
        packet->opcode = (uint8_t)word->value;
        break;
    case RCODE:
        packet->rcode = (uint8_t)word->value;
        break;
    case FLAG:
        packet->flags |= word->value;
        break;
    case DNSSEC:
        packet->edns_do = true;
        break;
    }
}

static void reply_word(struct fdns_testns_reader *reader)
{
    for (size_t i = 0; i < N_REPLY_WORDS; i++) {
        if (strcmp(reader->word, reply_words[i].word) == 0) {
            apply(reader->packet, &reply_words[i]);
            return;
        }
    }
    fdns_testns_unknown(reader, "REPLY", reply_words, N_REPLY_WORDS, sizeof reply_words[0]);
}

void fdns_testns_reply_line(struct fdns_testns_reader *reader)
{
    while (fdns_testns_take(reader)) {
        reply_word(reader);
    }
}

// ---- ADJUST

static void adjust_word(struct fdns_testns_reader *reader)
{
    static const char *const words[] = {"copy_id", "copy_query", "packet_sleep=", "sleep="};
    uint32_t seconds = 0;
    if (strcmp(reader->word, words[0]) == 0) {
        reader->entry->copy_id = true;
    } else if (strcmp(reader->word, words[1]) == 0) {
        reader->entry->copy_query = true;
    } else if (begins(reader->word, words[2])) {
        if (fdns_testns_number(reader, SLEEP_MAX_S, &seconds)) {
            reader->packet->wait_us = (int64_t)seconds * FDNS_US_PER_S;
        }
    } else if (begins(reader->word, words[3])) {
        if (fdns_testns_number(reader, SLEEP_MAX_S, &seconds)) {
            reader->entry->wait_us = (int64_t)seconds * FDNS_US_PER_S;
        }
    } else {
        fdns_testns_unknown(reader, "ADJUST", words, 4, sizeof words[0]);
    }
}

void fdns_testns_adjust_line(struct fdns_testns_reader *reader)
{
    while (fdns_testns_take(reader)) {
        adjust_word(reader);
    }
}
