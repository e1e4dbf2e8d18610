// Text: what happened to the text of a key record on its way into the DNS, told from its octets:
// quotes of a word processor, escapes of a zone file or of a web page, lost separators and signs,
// strings in another order. Pure.
#pragma once

#include "harness/check/dkim/key.h"

// A record with a flaw: names what happened to it instead, if that can be told. A sign counts only
// where the record is no good without it, and signs that undo themselves (the strings in another
// order, plus signs for blanks, what follows a prefix) only if a good key comes out.
void dc_text_look(struct dc_key *key, struct fdns_arena *arena);

// The octets at a place in words: "0xE2 0x80 0x8B, a zero-width space"; at most a few of them. NULL
// if the place has none.
const char *dc_text_octets(struct fdns_arena *arena, const struct dc_key *key,
                           struct dc_span place);
