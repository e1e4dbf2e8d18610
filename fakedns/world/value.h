// Values that several words of `when` and `then` share: their schema types, and how they are read.
#pragma once

#include "fakedns/base/address.h"
#include "fakedns/world/pattern.h"
#include "fakedns/world/rule.h"

// A schema type of `id`, or a list of them.
#define FDNS_OR_LIST(id, text)                                                                     \
    static const struct fdns_schema_type id##_list = {                                             \
        .kind = FDNS_SCHEMA_LIST, .name = "list of " text, .item = &(id)};                         \
    static const struct fdns_schema_type *const id##_choices[] = {&(id), &id##_list};              \
    static const struct fdns_schema_type id##_or_list = {.kind = FDNS_SCHEMA_EITHER,               \
                                                         .name = text " or list of them",          \
                                                         .choices = id##_choices,                  \
                                                         .n_choices = 2};

// A row's schema key.
#define FDNS_WORD(word, its_type, text, sample)                                                    \
    {                                                                                              \
        .name = word, .type = its_type, .doc = text, .example = sample                             \
    }

// Whole numbers: `512`, `512..1232`, `1232..`, `..511`.
struct fdns_range {
    uint64_t from, to; // inclusive
};
extern const struct fdns_schema_type fdns_type_range;
bool fdns_range_parse(const char *text, struct fdns_range *range);
static inline bool fdns_range_holds(const struct fdns_range *range, uint64_t number)
{
    return number >= range->from && number <= range->to;
}

// A number of 16 bits: `5`, or what it is changed by: `+1`, `-1`.
struct fdns_change {
    bool relative;
    uint16_t number; // of two's complement
};
extern const struct fdns_schema_type fdns_type_change;
bool fdns_change_parse(const char *text, struct fdns_change *change);
static inline uint16_t fdns_changed(const struct fdns_change *change, uint16_t number)
{
    return (uint16_t)((change->relative ? number : 0) + change->number);
}

// Which of the words of a type this is; 0 for NULL.
size_t fdns_word_index(const struct fdns_schema_type *type, const char *word);

// Addresses: `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`.
struct fdns_prefix {
    enum fdns_family family;
    unsigned bits;
    uint8_t octets[16];
};
extern const struct fdns_schema_type fdns_type_prefix;
bool fdns_prefix_parse(const char *text, struct fdns_prefix *prefix);
// octets has those of the family: four or sixteen.
bool fdns_prefix_holds(const struct fdns_prefix *prefix, enum fdns_family family,
                       const uint8_t *octets);

// A share: `25%`, `0.1%`; in parts of a million.
extern const struct fdns_schema_type fdns_type_percent;
bool fdns_percent_parse(const char *text, uint32_t *ppm);

extern const struct fdns_schema_type fdns_type_opcode, fdns_type_option, fdns_type_rcode,
    fdns_type_rr_type, fdns_type_rr_class;
extern const struct fdns_schema_type fdns_type_octets; // a length of a message: 1 to 65535
extern const struct fdns_schema_type fdns_type_hex;    // pairs of hexadecimal digits

// Octets of text that fdns_type_hex has accepted.
const uint8_t *fdns_hex_octets(struct fdns_arena *arena, const char *text, size_t *len);

// RRsets: `TYPE`, `PATTERN TYPE` or `PATTERN`; the pattern is one as in `name`, and the type may be
// `*`. A word that is an RR type stands for the type.
struct fdns_rrset_item {
    struct fdns_pattern name;
    uint16_t type; // 0: any
};
struct fdns_rrset_items {
    struct fdns_rrset_item *items;
    size_t n_items;
};
extern const struct fdns_schema_type fdns_type_rrset_items; // one or a list
// node NULL: none. What is wrong is reported and left out.
struct fdns_rrset_items fdns_rrset_items_read(struct fdns_rule_reading *reading,
                                              const struct fdns_node *node);
bool fdns_rrset_items_have(const struct fdns_rrset_items *items, const struct fdns_rrset *rrset);

// A domain name in the world's arena, absolute in `when` and relative to its origin in `then`. NULL
// after a diagnostic.
const uint8_t *fdns_read_absolute_name(struct fdns_rule_reading *reading,
                                       const struct fdns_node *node);
const uint8_t *fdns_read_name(struct fdns_rule_reading *reading, const struct fdns_node *node);
