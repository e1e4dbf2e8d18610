// Two octets of type, then rdata: its text is safe and means the same octets. The same bytes as
// text never crash the parser; that of the types that are ours, for ldns leaks memory when it
// refuses some text (IPSECKEY 10 1 8 AQN), which is a person's mistake and not a server's.
#include "fakedns/wire/codes.h"
#include "fakedns/wire/rdata.h"
#include "fakedns/wire/shape.h"
#include "fakedns/wire/show.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print_and_parse(struct fdns_arena *arena, uint16_t type, const uint8_t *rdata,
                            uint16_t len)
{
    const char *why = NULL;
    uint16_t n_again = 0;
    const char *text = fdns_rdata_text(arena, type, rdata, len);
    for (const char *at = text; *at != '\0'; at++) {
        assert(*at >= ' ' && *at <= '~');
    }
    const uint8_t *again = fdns_rdata_parse(arena, type, text, NULL, &n_again, &why);
    assert(again != NULL && n_again == len && memcmp(again, rdata, len) == 0);
}

static void parse_and_print(struct fdns_arena *arena, uint16_t type, const char *text)
{
    const char *why = NULL;
    uint16_t len = 0;
    const uint8_t *rdata = fdns_rdata_parse(arena, type, text, NULL, &len, &why);
    assert((rdata == NULL) == (why != NULL));
    if (rdata != NULL) {
        print_and_parse(arena, type, rdata, len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fdns_arena arena;
    if (size < 2 || size - 2 > UINT16_MAX) {
        return 0;
    }
    fdns_arena_init(&arena, 0);
    uint16_t type = (uint16_t)((unsigned)data[0] << 8 | data[1]);
    print_and_parse(&arena, type, data + 2, (uint16_t)(size - 2));
    if (fdns_shape(type) != NULL) {
        parse_and_print(&arena, type,
                        fdns_arena_string_n(&arena, (const char *)data + 2, size - 2));
    }
    fdns_arena_clear(&arena);
    return 0;
}
