// Text of messages and rdata, for people. Everything is safe ASCII: octets outside printable ASCII
// are escaped as in zone files, so nothing a server sent can act on a terminal or a log.
#pragma once

#include "fakedns/base/arena.h"
#include "fakedns/base/buf.h"
#include "fakedns/wire/view.h"

// Rdata in presentation form through ldns; what ldns cannot read as that type (or crashes on) is
// printed in the generic form (RFC 3597 5): \# 4 0a000001. In arena.
char *fdns_rdata_text(struct fdns_arena *arena, uint16_t type, const uint8_t *rdata, uint16_t len);

// The strings of a TXT rdata, each quoted, octets escaped: "v=DKIM1; " "p=…".
char *fdns_txt_text(struct fdns_arena *arena, const uint8_t *rdata, uint16_t len);

// Appends a message as text in the manner of dig: header, flags, sections, OPT, and a line about
// the flaw if there is one.
void fdns_view_show(const struct fdns_view *view, struct fdns_buf *out);
