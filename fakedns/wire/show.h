// Text of messages and rdata, for people. Everything is safe ASCII: octets outside printable ASCII
// are escaped as in zone files, so nothing a server sent can act on a terminal or a log.
#pragma once

#include "fakedns/base/arena.h"
#include "fakedns/base/buf.h"
#include "fakedns/wire/view.h"

// Rdata in presentation form, or in the generic form (RFC 3597 5: \# 4 0a000001) where it does not
// have the form of its type. fdns_rdata_parse makes the same octets of it again. In arena.
char *fdns_rdata_text(struct fdns_arena *arena, uint16_t type, const uint8_t *rdata, uint16_t len);

// The strings of a TXT rdata, each quoted, octets escaped: "v=DKIM1; " "p=…".
// The generic form if the strings do not end where the rdata does.
char *fdns_txt_text(struct fdns_arena *arena, const uint8_t *rdata, uint16_t len);

// Appends a message as text in the manner of dig: header, flags, sections, OPT, and a line about
// the flaw if there is one.
void fdns_view_show(const struct fdns_view *view, struct fdns_buf *out);
