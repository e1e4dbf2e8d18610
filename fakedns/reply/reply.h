// Reply: an answer while it is being edited, and its encoding.
//
// It starts as the honest answer to a query (fdns_reply_honest); effects change its fields; encode
// turns it into bytes and keeps to the size limits. Everything lives in one arena per query.
#pragma once

#include "fakedns/wire/builder.h"
#include "fakedns/wire/view.h"
#include "fakedns/zone/honest.h"

enum { FDNS_UDP_LIMIT = 1232, FDNS_UDP_PLAIN = 512 };

// What a server says of itself.
struct fdns_identity {
    const char *version; // version.bind and version.server CH TXT; NULL: REFUSED
    const char *id;      // id.server and hostname.bind CH TXT; NULL: REFUSED
    uint16_t udp_limit;  // largest UDP reply; 0: FDNS_UDP_LIMIT
};

struct fdns_transfer;

struct fdns_reply {
    struct fdns_arena *arena;
    const struct fdns_view *query;
    bool asked; // the query has one question, and these are it:
    uint8_t qname[FDNS_NAME_MAX];
    uint16_t qtype;
    uint16_t qclass;
    bool silent; // nothing may be sent at all (the query was a response, or shorter than a header)
    uint16_t id;
    uint16_t flags; // QR AA TC RD RA Z AD CD bits, without opcode and rcode
    uint8_t opcode;
    uint16_t rcode;           // twelve bits; the upper eight need an OPT
    const uint8_t *questions; // bytes as they were asked
    size_t questions_len;
    uint16_t n_questions;
    struct fdns_rrset_list sections[FDNS_N_SECTIONS];
    size_t n_required_glue;
    const struct fdns_zone *zone;   // that answered, or NULL
    struct fdns_transfer *transfer; // that the answer section is a part of, or NULL (transfer.h)
    bool edns;                      // send an OPT
    uint16_t edns_udp_size;
    uint8_t edns_version;
    uint16_t edns_flags;
    const uint8_t *edns_options;
    uint16_t edns_options_len;
    const struct fdns_rrset *tsig; // comes last of all (RFC 8945 5.1), or NULL
    size_t limit;                  // octets it may have
    enum fdns_compression compression;
};

// The answer of a correct server to the bytes in query, over UDP or TCP. The first that applies:
//   - shorter than a header, or QR set: silent;
//   - opcode other than QUERY and NOTIFY: NOTIMP, opcode echoed, no flag but QR and RD, no question
//     (RFC 8906 8.1.4), whatever follows the header, also UPDATE; BADVERS if what follows is sound
//     and of another EDNS version;
//   - a name (also one with a compression pointer in the question), a record or the counts cannot
//     be read, or the query is not sound (see sound.h): FORMERR without OPT;
//   - EDNS version above 0: BADVERS, AA clear (RFC 6891 6.1.3), whatever its options look like;
//   - QDCOUNT not 1 (RFC 9619): FORMERR, OPT for OPT;
//   - signed with a TSIG: NOTAUTH, as no key is known (RFC 8945 5.2.1);
//   - NOTIFY (RFC 1996): of the SOA of a zone that is held NOERROR with AA and the question, of
//     another name or class NOTAUTH, of another type FORMERR;
//   - QTYPE TKEY: FORMERR;
//   - class CH: identity; classes other than IN: REFUSED;
//   - AXFR over UDP: NOTIMP; other transfers: REFUSED at the apex of a zone, else NOTAUTH (what a
//     server that gives transfers says instead is answer/transfer.h's matter);
//   - outside the zones: REFUSED;
//   - else the honest answer, also for types that no zone holds (OPT, TSIG, MAILA, MAILB).
// A single question that can be repeated is echoed byte for byte, in error replies too. RD is
// copied, RA, CD (RFC 4035 3.1.6), AD and Z are clear, DO is copied (RFC 3225 3). EDNS options,
// other records in any section of the query and octets behind the last one are ignored: nothing
// requires a server to refuse them.
void fdns_reply_honest(struct fdns_reply *reply, struct fdns_arena *arena,
                       const struct fdns_view *query, const struct fdns_zone_set *zones,
                       const struct fdns_identity *identity, bool tcp);

// Both can be edited afterwards without changing the other; what they hold stays shared. The copy
// of a message of a transfer is no part of it.
void fdns_reply_copy(const struct fdns_reply *reply, struct fdns_reply *copy);

// Writes the reply into out (room octets, at least 512); no more than limit, whatever that is, but
// a header. No RRset is ever split: if answer, authority or required glue does not fit within
// limit, all sections but question and OPT are left out and TC is set (in the message; reply->flags
// stays). Other additional RRsets are left out one by one. Returns its length.
size_t fdns_reply_encode(const struct fdns_reply *reply, uint8_t *out, size_t room);
