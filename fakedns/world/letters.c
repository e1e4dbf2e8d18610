#include "fakedns/world/letters.h"

#include <string.h>

static const char *const words[] = {"keep", "lower", "upper", "flip", "random"};
const struct fdns_schema_type fdns_type_letters = {
    .kind = FDNS_SCHEMA_WORD, .name = "case", .words = words, .n_words = 5};

enum fdns_letters fdns_letters_of(const char *word)
{
    for (size_t i = 0; word != NULL && i < fdns_type_letters.n_words; i++) {
        if (strcmp(word, words[i]) == 0) {
            return (enum fdns_letters)i;
        }
    }
    return FDNS_LETTERS_KEPT;
}

static bool is_letter(uint8_t octet)
{
    return (octet | 32) >= 'a' && (octet | 32) <= 'z';
}

static uint8_t in_case(uint8_t letter, enum fdns_letters letters, struct fdns_random *random)
{
    enum { CASE_BIT = 32 };
    switch (letters) {
    case FDNS_LETTERS_KEPT:
        break;
    case FDNS_LOWER:
        return letter | CASE_BIT;
    case FDNS_UPPER:
        return letter & (uint8_t)~CASE_BIT;
    case FDNS_FLIPPED:
        return letter ^ CASE_BIT;
    case FDNS_RANDOM:
        return fdns_random_below(random, 2) == 0 ? letter : letter ^ CASE_BIT;
    }
    return letter;
}

void fdns_change_letters(uint8_t *octets, size_t len, enum fdns_letters letters,
                         struct fdns_random *random)
{
    for (size_t i = 0; i < len; i++) {
        if (is_letter(octets[i])) {
            octets[i] = in_case(octets[i], letters, random);
        }
    }
}

void fdns_change_name_letters(uint8_t *name, enum fdns_letters letters, struct fdns_random *random)
{
    for (; *name != 0; name += *name + 1) {
        fdns_change_letters(name + 1, *name, letters, random);
    }
}
