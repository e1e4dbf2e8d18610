// Sound: whether a query is of the form that RFC 1035 4.1, 6891 6.1 and 8945 5.2 give it.
#pragma once

#include "fakedns/wire/view.h"

// The query could be read to the end of its last record. Octets behind that are not part of any
// section (RFC 1035 4.1), so they are passed over, as most servers do; nothing says to refuse them.
bool fdns_query_is_readable(const struct fdns_view *query);

// What can be read is also well-formed: at most one OPT, in the additional section and owned by the
// root (RFC 6891 6.1.1 and 6.1.2), with whole options; at most one TSIG, the last record there
// (RFC 8945 5.2); records of class IN whose rdata is of the form of its type, as far as that is
// known. The options of another EDNS version may be laid out in another way: they are not judged.
bool fdns_query_is_sound(const struct fdns_view *query);

// The TSIG of a sound query, or NULL.
const struct fdns_view_rr *fdns_query_tsig(const struct fdns_view *query);
