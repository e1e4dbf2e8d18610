// Names as they stand in a message, with compression pointers (RFC 1035 4.1.4).
//
// A pointer must lead backwards, to before the label sequence it ends, so that following them
// always ends; a name is at most 255 octets and goes through at most 127 pointers.
#pragma once

#include "fakedns/wire/view.h"

// Reads the name at an offset: its uncompressed form to out (or NULL), and the offset behind it
// where it stands to *end. Else the flaw, and the offset of the octet it was seen at in *bad.
enum fdns_flaw fdns_unpack(const uint8_t *bytes, size_t len, size_t at, uint8_t out[FDNS_NAME_MAX],
                           size_t *end, size_t *bad);

// The name at an offset and an uncompressed name are equal, ignoring case or not. False if there is
// no valid name.
bool fdns_unpack_is(const uint8_t *bytes, size_t len, size_t at, const uint8_t *name, bool exact);
