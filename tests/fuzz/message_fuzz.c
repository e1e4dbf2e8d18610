// A message: it is read or refused, its signatures are taken apart, and what is canonical stays as
// it is when it is canonicalised again.
#include "fakedns/base/buf.h"
#include "harness/check/message/canon.h"
#include "harness/check/message/from.h"
#include "harness/check/message/signature.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CEILING = 1 << 24 };

static void collect(void *owner, const void *octets, size_t len)
{
    fdns_buf_append(owner, octets, len);
}

static void check_body(bool relaxed, const struct dc_mail *mail)
{
    struct fdns_buf once;
    struct fdns_buf twice;
    fdns_buf_init(&once, CEILING);
    fdns_buf_init(&twice, CEILING);
    dc_canon_body(relaxed, mail->body, mail->body_len, collect, &once);
    dc_canon_body(relaxed, (const char *)once.data, once.len, collect, &twice);
    assert(once.len == twice.len &&
           (once.len == 0 || memcmp(once.data, twice.data, once.len) == 0));
    fdns_buf_clear(&twice);
    fdns_buf_clear(&once);
}

static void check_field(const struct dc_field *field)
{
    struct fdns_buf once;
    struct fdns_buf twice;
    fdns_buf_init(&once, CEILING);
    fdns_buf_init(&twice, CEILING);
    dc_canon_field(true, field->text, field->len, collect, &once);
    dc_canon_field(true, (const char *)once.data, once.len, collect, &twice);
    assert(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
    fdns_buf_clear(&twice);
    fdns_buf_clear(&once);
}

static void check_signature(struct fdns_arena *arena, const struct dc_field *field)
{
    struct dc_signature signature;
    const char *name;
    size_t len;
    size_t names = 0;
    dc_signature_parse(&signature, arena, field);
    assert((signature.flaw == DC_SIGNATURE_GOOD) == (signature.why == NULL));
    assert(signature.erase_at + signature.n_erase <= field->len);
    for (size_t at = 0; dc_signature_next_name(&signature, &at, &name, &len);) {
        names += len + 1;
    }
    assert(names <= field->len + 1);
    if (signature.flaw == DC_SIGNATURE_GOOD) {
        assert(signature.n_value > 0 && signature.domain != NULL && signature.selector != NULL);
        dc_signature_identity_is_domain(&signature);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fdns_arena arena;
    struct dc_mail mail;
    const char *why = NULL;
    size_t first;
    fdns_arena_init(&arena, 0);
    if (dc_mail_parse(&mail, &arena, (const char *)data, size, &why)) {
        check_body(false, &mail);
        check_body(true, &mail);
        dc_from_domain(&arena, &mail, &why);
        for (size_t i = 0; i < mail.n_fields; i++) {
            check_field(&mail.fields[i]);
        }
        size_t n = dc_mail_named(&mail, "DKIM-Signature", 14, &first);
        for (size_t i = 0; i < n; i++) {
            check_signature(&arena, mail.by_name[first + i]);
        }
    } else {
        assert(why != NULL);
    }
    fdns_arena_clear(&arena);
    return 0;
}
