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
