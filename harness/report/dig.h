// A question as a command line that asks it again.
#pragma once

#include "fakedns/base/buf.h"
#include "harness/seen/question.h"

// Appends, for example: dig @192.0.2.1 t1._domainkey.example.com TXT +norecurse
// Words are quoted for a shell where they have to be. A request that is no single plain question
// (or a conversation in steps) is shown as its octets: no command sends that.
void dc_dig(struct fdns_buf *out, const struct dc_question *question);
