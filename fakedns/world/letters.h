// Letters: upper and lower case in names (RFC 4343), changed on the way out.
#pragma once

#include "fakedns/base/random.h"
#include "fakedns/yaml/schema.h"

// In the order of the words.
enum fdns_letters { FDNS_LETTERS_KEPT, FDNS_LOWER, FDNS_UPPER, FDNS_FLIPPED, FDNS_RANDOM };
extern const struct fdns_schema_type fdns_type_letters;

// NULL: kept.
enum fdns_letters fdns_letters_of(const char *word);
void fdns_change_letters(uint8_t *octets, size_t len, enum fdns_letters letters,
                         struct fdns_random *random);
void fdns_change_name_letters(uint8_t *name, enum fdns_letters letters, struct fdns_random *random);
