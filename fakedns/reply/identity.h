// What a server says of itself in class CH.
#pragma once

#include "fakedns/reply/reply.h"

// Answers a question of class CH: the TXT of version.bind, version.server, id.server (RFC 4892) and
// hostname.bind, as far as identity has them; everything else is REFUSED.
void fdns_identity_answer(struct fdns_reply *reply, const struct fdns_identity *identity);
