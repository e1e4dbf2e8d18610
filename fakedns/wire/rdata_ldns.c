#include "fakedns/wire/rdata_ldns.h"

#include "fakedns/base/buf.h"
#include "fakedns/wire/codes.h"
#include "fakedns/wire/name.h"

#include <ldns/ldns.h>
#include <string.h>

// ldns cuts longer text silently.
enum { TEXT_MAX = 60000 };

static const ldns_rr_descriptor *descriptor_of(uint16_t type)
{
    const ldns_rr_descriptor *descriptor = ldns_rr_descript(type);
    bool known = descriptor != NULL && descriptor->_type == (ldns_rr_type)type &&
                 type != LDNS_RR_TYPE_NULL && !fdns_type_is_meta(type);
    return known ? descriptor : NULL;
}

// The largest number that a field of ldns holds, 0 if it is no plain number.
static uint32_t field_max(ldns_rdf_type field)
{
    switch ((int)field) {
    case LDNS_RDF_TYPE_INT8:
    case LDNS_RDF_TYPE_ALG:
    case LDNS_RDF_TYPE_CERTIFICATE_USAGE:
    case LDNS_RDF_TYPE_SELECTOR:
    case LDNS_RDF_TYPE_MATCHING_TYPE:
        return UINT8_MAX;
    case LDNS_RDF_TYPE_INT16:
    case LDNS_RDF_TYPE_CERT_ALG:
        return UINT16_MAX;
    case LDNS_RDF_TYPE_INT32:
        return UINT32_MAX;
    default:
        return 0;
    }
}

// ldns wraps numbers that are too large (DS 99999 becomes 34463): the first that is.
static const char *find_wrapped(struct fdns_arena *arena, const ldns_rr_descriptor *descriptor,
                                const struct fdns_words *words)
{
    size_t n = ldns_rr_descriptor_minimum(descriptor);
    for (size_t i = 0; i < n && i < words->n; i++) {
        const struct fdns_word *word = &words->items[i];
        uint32_t max = field_max(ldns_rr_descriptor_field_type(descriptor, i));
        uint32_t number;
        bool digits = word->len != 0 && strspn(word->text, "0123456789") == word->len;
        if (max != 0 && digits && !fdns_word_number(word, max, &number)) {
            return fdns_arena_format(arena, "\"%.100s\" is not a number from 0 to %u", word->text,
                                     max);
        }
    }
    return NULL;
}

// ldns leaks memory when it refuses the type of a certificate, and it refuses 0 among the numbers.
static const char *find_bad_cert(struct fdns_arena *arena, uint16_t type,
                                 const struct fdns_words *words)
{
    uint32_t number;
    if (type != LDNS_RR_TYPE_CERT || words->n == 0) {
        return NULL;
    }
    const struct fdns_word *word = &words->items[0];
    bool good = ldns_lookup_by_name(ldns_cert_algorithms, word->text) != NULL ||
                (fdns_word_number(word, UINT16_MAX, &number) && number != 0);
    return good ? NULL
                : fdns_arena_format(arena, "\"%.100s\" is no certificate type (RFC 4398 2.1)",
                                    word->text);
}

static char *join(struct fdns_arena *arena, uint16_t type, const struct fdns_words *words)
{
    char code[FDNS_CODE_TEXT_MAX];
    struct fdns_buf text;
    fdns_buf_init(&text, TEXT_MAX);
    fdns_buf_format(&text, ". 0 IN %s", fdns_type_print(type, code));
    for (size_t i = 0; i < words->n; i++) {
        const struct fdns_word *word = &words->items[i];
        const char *quote = word->quoted ? "\"" : "";
        fdns_buf_format(&text, "%s%s%s%s", word->glued ? "" : " ", quote, word->text, quote);
    }
    char *joined = text.overflow ? NULL : fdns_arena_string(arena, fdns_buf_text(&text));
    fdns_buf_clear(&text);
    return joined;
}

// The fields of ldns hold the octets of the wire form.
static const uint8_t *take_octets(struct fdns_arena *arena, const ldns_rr *rr, uint16_t *len)
{
    struct fdns_buf octets;
    const uint8_t *rdata = NULL;
    fdns_buf_init(&octets, UINT16_MAX);
    for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
        const ldns_rdf *field = ldns_rr_rdf(rr, i);
        fdns_buf_append(&octets, ldns_rdf_data(field), ldns_rdf_size(field));
    }
    if (!octets.overflow) {
        rdata = fdns_arena_copy(arena, octets.data, octets.len);
        *len = (uint16_t)octets.len;
    }
    fdns_buf_clear(&octets);
    return rdata;
}

static ldns_status read_record(ldns_rr **rr, const char *text, const uint8_t *origin)
{
    ldns_rdf *name = NULL;
    if (origin != NULL) {
        name = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, fdns_name_len(origin), origin);
    }
    ldns_status status = ldns_rr_new_frm_str(rr, text, 0, name, NULL);
    ldns_rdf_deep_free(name);
    return status;
}

const uint8_t *fdns_ldns_rdata(struct fdns_arena *arena, uint16_t type,
                               const struct fdns_words *words, const uint8_t *origin, uint16_t *len,
                               const char **why)
{
    char code[FDNS_CODE_TEXT_MAX];
    const ldns_rr_descriptor *descriptor = descriptor_of(type);
    if (descriptor == NULL) {
        *why = fdns_arena_format(arena, "%s has no text form here: write \\# LENGTH HEX",
                                 fdns_type_print(type, code));
        return NULL;
    }
    const char *text = join(arena, type, words);
    if (text == NULL) {
        *why = "the text is too long: write \\# LENGTH HEX";
        return NULL;
    }
    const char *refused = find_wrapped(arena, descriptor, words);
    if (refused == NULL) {
        refused = find_bad_cert(arena, type, words);
    }
    if (refused != NULL) {
        *why = refused;
        return NULL;
    }
    ldns_rr *rr = NULL;
    ldns_status status = read_record(&rr, text, origin);
    if (status != LDNS_STATUS_OK) {
        *why = fdns_arena_format(arena, "not the text of %s: %s", fdns_type_print(type, code),
                                 ldns_get_errorstr_by_id(status));
        return NULL;
    }
    const uint8_t *rdata = take_octets(arena, rr, len);
    if (rdata == NULL) {
        *why = "the rdata is longer than 65535 octets";
    }
    ldns_rr_free(rr);
    return rdata;
}

// A record with that rdata, owned by the root, as ldns reads it. NULL if it does not.
static ldns_rr *record_of(struct fdns_arena *arena, uint16_t type, const uint8_t *rdata,
                          uint16_t len)
{
    enum { HEAD = 11 };
    const uint8_t head[HEAD] = {
        0, (uint8_t)(type >> 8), (uint8_t)type, 0, 1, 0, 0, 0, 0, (uint8_t)(len >> 8), (uint8_t)len,
    };
    uint8_t *wire = fdns_arena_alloc(arena, HEAD + (size_t)len);
    memcpy(wire, head, HEAD);
    memcpy(wire + HEAD, rdata, len);
    ldns_rr *rr = NULL;
    size_t at = 0;
    ldns_status status = ldns_wire2rr(&rr, wire, HEAD + (size_t)len, &at, LDNS_SECTION_ANSWER);
    return status == LDNS_STATUS_OK ? rr : NULL;
}

// Some fields of ldns end in a blank already.
static bool put_blank(ldns_buffer *out)
{
    size_t n = ldns_buffer_position(out);
    return n == 0 || ldns_buffer_read_u8_at(out, n - 1) == ' ' || ldns_buffer_printf(out, " ") >= 0;
}

static char *print_fields(struct fdns_arena *arena, const ldns_rr *rr)
{
    char *text = NULL;
    bool good = true;
    ldns_buffer *out = ldns_buffer_new(LDNS_MIN_BUFLEN);
    for (size_t i = 0; i < ldns_rr_rd_count(rr) && good; i++) {
        const ldns_rdf *field = ldns_rr_rdf(rr, i);
        good = put_blank(out) && ldns_rdf2buffer_str(out, field) == LDNS_STATUS_OK;
    }
    if (good) {
        text = fdns_arena_string_n(arena, (const char *)ldns_buffer_begin(out),
                                   ldns_buffer_position(out));
    }
    ldns_buffer_free(out);
    return text;
}

char *fdns_ldns_text(struct fdns_arena *arena, uint16_t type, const uint8_t *rdata, uint16_t len)
{
    const ldns_rr_descriptor *descriptor = descriptor_of(type);
    if (descriptor == NULL || len == 0) {
        return NULL;
    }
    ldns_rr *rr = record_of(arena, type, rdata, len);
    if (rr == NULL) {
        return NULL;
    }
    // fewer fields than the type has: ldns stops reading without a word
    bool complete = ldns_rr_rd_count(rr) >= ldns_rr_descriptor_minimum(descriptor);
    char *text = complete ? print_fields(arena, rr) : NULL;
    ldns_rr_free(rr);
    return text;
}
