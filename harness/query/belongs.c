#include "harness/query/belongs.h"

#include "fakedns/wire/codes.h"
#include "fakedns/wire/name.h"

#include <string.h>

static unsigned u16_at(const uint8_t *octets, size_t at)
{
    return (unsigned)octets[at] << 8 | octets[at + 1];
}

// Octets of the question section, names uncompressed as in every sane query; 0 if it is not whole.
static size_t questions_len(const uint8_t *request, size_t len)
{
    size_t at = FDNS_HEADER_LEN;
    for (unsigned n = u16_at(request, 4); n > 0; n--) {
        size_t name = fdns_name_measure(request + at, len - at);
        if (name == 0 || len - at - name < 4) {
            return 0;
        }
        at += name + 4;
    }
    return at - FDNS_HEADER_LEN;
}

static bool same_questions(const uint8_t *request, size_t request_len, const uint8_t *message,
                           size_t len)
{
    if (request_len < FDNS_HEADER_LEN) {
        return true;
    }
    size_t asked = questions_len(request, request_len);
    unsigned rcode = message[3] & 15U;
    if (asked == 0 || (u16_at(message, 4) == 0 && rcode != FDNS_NOERROR)) {
        return true;
    }
    return u16_at(message, 4) == u16_at(request, 4) && len - FDNS_HEADER_LEN >= asked &&
           memcmp(message + FDNS_HEADER_LEN, request + FDNS_HEADER_LEN, asked) == 0;
}

bool dc_message_belongs(const uint8_t *request, size_t request_len, uint16_t id,
                        const uint8_t *message, size_t len, enum dc_stray_reason *reason)
{
    if (len < FDNS_HEADER_LEN) {
        *reason = DC_STRAY_SHORT;
    } else if (u16_at(message, 0) != id) {
        *reason = DC_STRAY_ID;
    } else if ((message[2] & 0x80) == 0) {
        *reason = DC_STRAY_NOT_RESPONSE;
    } else if (!same_questions(request, request_len, message, len)) {
        *reason = DC_STRAY_QUESTION;
    } else {
        return true;
    }
    return false;
}
