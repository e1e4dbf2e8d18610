// Parts of reading a key record that key.c, key_material.c, key_private.c and text.c share.
#pragma once

#include "harness/check/dkim/key.h"
#include "harness/check/dkim/tags.h"

// Sets a flaw where there is none yet.
void dc_key_flaw(struct dc_key *key, enum dc_key_flaw flaw, struct dc_span place);

// The first place of a note counts.
void dc_key_add_note(struct dc_key *key, enum dc_key_note note, size_t at, size_t len);

// Where a tag's name and value stand in the text.
struct dc_span dc_key_name_span(const struct dc_key *key, const struct dc_tag *tag);
struct dc_span dc_key_value_span(const struct dc_key *key, const struct dc_tag *tag);

// Looks at p=, decodes it into key->octets, and at k=.
void dc_key_look_at_p(struct dc_key *key, struct fdns_arena *arena, const struct dc_tags *tags);

// Reads key->text as it stands, without asking what happened to it on its way.
void dc_key_read(struct dc_key *key, struct fdns_arena *arena);

// Text without the white space that may stand anywhere in base64 (RFC 6376 2.10).
char *dc_key_compact(struct fdns_arena *arena, const char *text, size_t len, size_t *n);

// The base64 is good up to where it ends, and what it holds says that it is longer.
bool dc_key_is_cut(struct fdns_arena *arena, const char *text, size_t len);

// The base64 holds a key of some kind, whole or cut.
bool dc_key_is_there(struct fdns_arena *arena, const char *text, size_t len);

// Whatever else is wrong: a private key that everybody can read is the first thing to say.
void dc_key_find_private(struct dc_key *key, struct fdns_arena *arena);
