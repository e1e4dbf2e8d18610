// Shape: of which fields the rdata of a type is made. One table serves whoever has to find names
// inside rdata (views, the builder) and whoever turns rdata into text or back.
//
// A shape is a string with a letter a field:
//
//   n  name that may be compressed when sent (types of RFC 1035: RFC 3597 4)
//   N  name that is sent uncompressed; in the types of RFC 3597 4 it is read compressed as well
//   1 2 4  number of so many octets       d  number of four octets, in text also as 1h30m
//   a  IPv4 address                       6  IPv6 address
//   s  character string (RFC 1035 3.3)    S  one or more of them, up to the end
//   g  tag of letters and digits behind its length (RFC 8659 4.1)
//   r  one string up to the end, without length
//   *  octets up to the end, known to ldns only
//
// Types that are not listed hold no names that a message may compress; their text is left to ldns.
#pragma once

#include "fakedns/base/cursor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// NULL for a type that is not in the table.
const char *fdns_shape(uint16_t type);

// A name may stand in this type's rdata compressed, when it comes from others.
bool fdns_shape_compressed(const char *shape);

// Every field has text without the help of ldns.
bool fdns_shape_complete(const char *shape);

// Takes the octets of one field, a letter that is no name. NULL (and cursor->bad) if they are not
// there or not of its form; *len is their count.
const uint8_t *fdns_shape_take(struct fdns_cursor *cursor, char field, size_t *len);
