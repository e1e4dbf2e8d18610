#include "fakedns/yaml/place.h"

#include <stdint.h>

void fdns_place_init(struct fdns_place *place, const char *text, size_t len)
{
    *place = (struct fdns_place){.text = text, .len = len, .line = 1};
}

// Passes the octet at the place; n_characters counts those that begin a character.
static void pass_octet(struct fdns_place *place)
{
    uint8_t octet = (uint8_t)place->text[place->offset++];
    if (octet == '\n') {
        place->line++;
        place->line_start = place->offset;
    }
    if (place->offset == place->len || ((uint8_t)place->text[place->offset] & 0xc0) != 0x80) {
        place->n_characters++;
    }
}

void fdns_place_go(struct fdns_place *place, size_t character)
{
    if (character < place->n_characters) {
        fdns_place_init(place, place->text, place->len);
    }
    while (place->n_characters < character && place->offset < place->len) {
        pass_octet(place);
    }
}

void fdns_place_go_octet(struct fdns_place *place, size_t offset)
{
    if (offset < place->offset) {
        fdns_place_init(place, place->text, place->len);
    }
    while (place->offset < offset && place->offset < place->len) {
        pass_octet(place);
    }
}

unsigned fdns_place_column(const struct fdns_place *place)
{
    return (unsigned)(place->offset - place->line_start) + 1;
}

static bool is_odd_line_end(const uint8_t *o, size_t left)
{
    if (o[0] == '\r') {
        return left < 2 || o[1] != '\n';
    }
    return (left >= 2 && o[0] == 0xc2 && o[1] == 0x85) ||
           (left >= 3 && o[0] == 0xe2 && o[1] == 0x80 && (o[2] == 0xa8 || o[2] == 0xa9));
}

bool fdns_place_find_odd_line_end(const char *text, size_t len, size_t *offset)
{
    for (size_t i = 0; i < len; i++) {
        if (is_odd_line_end((const uint8_t *)text + i, len - i)) {
            *offset = i;
            return true;
        }
    }
    return false;
}
