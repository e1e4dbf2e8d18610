#include "fakedns/wire/view.h"

#include "unit/harness.h"

#include <stdlib.h>
#include <string.h>

#define NAME(bytes) ((const uint8_t *)(bytes))

// A message in memory of exactly its size, and its view.
struct sample {
    struct fdns_arena arena;
    struct fdns_view view;
    uint8_t *bytes;
};

static void sample_init(struct sample *sample, const char *bytes, size_t len)
{
    sample->bytes = malloc(len + 1);
    memcpy(sample->bytes + 1, bytes, len);
    fdns_arena_init(&sample->arena, 0);
    fdns_view_init(&sample->view, &sample->arena, sample->bytes + 1, len);
}

static void sample_clear(struct sample *sample)
{
    fdns_arena_clear(&sample->arena);
    free(sample->bytes);
}

#define SAMPLE(sample, bytes) sample_init(sample, bytes, sizeof(bytes) - 1)

#define HEAD(qd, an, ns, ar) "\x12\x34\x84\x13\0" qd "\0" an "\0" ns "\0" ar
#define QUESTION             "\7example\3com\0\0\20\0\1"

static void check_flaw(const char *bytes, size_t len, enum fdns_flaw flaw, size_t at)
{
    struct sample sample;
    sample_init(&sample, bytes, len);
    CHECK_TEXT(fdns_flaw_text(flaw), fdns_flaw_text(sample.view.flaw));
    CHECK_INT(at, sample.view.flaw_at);
    sample_clear(&sample);
}

#define CHECK_FLAW(flaw, at, bytes) check_flaw(bytes, sizeof(bytes) - 1, flaw, at)

static void test_query(void)
{
    struct sample sample;
    SAMPLE(&sample,
           HEAD("\1", "\0", "\0", "\1") QUESTION "\0\0\x29\4\xd0\1\2\x80\7\0\6\0\12\0\2xy");
    const struct fdns_view *view = &sample.view;
    CHECK_INT(FDNS_FLAW_NONE, view->flaw);
    CHECK_INT(0x1234, view->id);
    CHECK(fdns_view_flag(view, FDNS_QR) && fdns_view_flag(view, FDNS_AA));
    CHECK_INT(0, fdns_view_opcode(view));
    CHECK_INT(1, view->n_questions);
    CHECK_INT(12, view->questions[0].at);
    CHECK_INT(17, view->questions[0].len);
    CHECK_INT(FDNS_TYPE_TXT, view->questions[0].type);
    CHECK_INT(1, view->n_opt);
    CHECK(view->edns.present && !view->edns.options_bad);
    CHECK_INT(1232, view->edns.udp_size);
    CHECK_INT(2, view->edns.version);
    CHECK_INT(0x8007, view->edns.flags);
    CHECK_INT(0x13, fdns_view_rcode(view));
    CHECK_INT(view->len, view->end);
    sample_clear(&sample);
}

static void test_records(void)
{
    struct sample sample;
    SAMPLE(&sample,
           HEAD("\1", "\1", "\1", "\1") QUESTION "\xc0\x0c\0\20\0\1\x80\0\0\1\0\3\2ab"
                                                 "\xc0\x14\0\2\0\3\0\0\0\2\0\6\3ns1\xc0\x0c"
                                                 "\3Ns1\xc0\x0c\0\1\0\1\0\0\0\3\0\4\xc0\0\2\1");
    const struct fdns_view *view = &sample.view;
    CHECK_INT(FDNS_FLAW_NONE, view->flaw);
    CHECK_INT(3, view->n_rrs);
    CHECK_INT(FDNS_ANSWER, view->rrs[0].section);
    CHECK_INT(0x80000001, view->rrs[0].ttl);
    CHECK_OCTETS("\2ab", 3, view->bytes + view->rrs[0].rdata_at, view->rrs[0].rdata_len);
    CHECK_INT(FDNS_AUTHORITY, view->rrs[1].section);
    CHECK_INT(FDNS_CLASS_CH, view->rrs[1].rr_class);
    CHECK(fdns_view_owner_is(view, &view->rrs[1], NAME("\3COM")));
    CHECK(!fdns_view_owner_is(view, &view->rrs[1], NAME("\3con")));
    CHECK(!fdns_view_owner_is(view, &view->rrs[1], NAME("\7example\3com")));
    CHECK(fdns_view_owner_is(view, &view->rrs[2], NAME("\3ns1\7example\3com")));
    uint8_t name[FDNS_NAME_MAX];
    size_t end = 0;
    CHECK(fdns_view_name(view, view->rrs[2].at, name, &end));
    CHECK_OCTETS("\3Ns1\7example\3com", 17, name, fdns_name_len(name));
    CHECK_INT(view->rrs[2].at + 6, end);
    CHECK(fdns_view_rdata_name(view, &view->rrs[1], name));
    CHECK_OCTETS("\3ns1\7example\3com", 17, name, fdns_name_len(name));
    CHECK(!fdns_view_rdata_name(view, &view->rrs[0], name));
    sample_clear(&sample);
}

static void test_flaws(void)
{
    CHECK_FLAW(FDNS_FLAW_SHORT_HEADER, 0, "");
    CHECK_FLAW(FDNS_FLAW_SHORT_HEADER, 11, "12345678901");
    CHECK_FLAW(FDNS_FLAW_NONE, 0, HEAD("\0", "\0", "\0", "\0"));
    CHECK_FLAW(FDNS_FLAW_TRAILING, 12, HEAD("\0", "\0", "\0", "\0") "x");
    CHECK_FLAW(FDNS_FLAW_COUNT, 12, HEAD("\1", "\0", "\0", "\0"));
    CHECK_FLAW(FDNS_FLAW_COUNT, 29, HEAD("\1", "\1", "\0", "\0") QUESTION);
    CHECK_FLAW(FDNS_FLAW_NAME_CUT, 12, HEAD("\1", "\0", "\0", "\0") "\7exampl");
    CHECK_FLAW(FDNS_FLAW_NAME_CUT, 20, HEAD("\1", "\0", "\0", "\0") "\7example");
    CHECK_FLAW(FDNS_FLAW_NAME_CUT, 14, HEAD("\1", "\0", "\0", "\0") "\1a\xc0");
    CHECK_FLAW(FDNS_FLAW_RECORD_CUT, 12, HEAD("\1", "\0", "\0", "\0") "\0\0\1\0");
    CHECK_FLAW(FDNS_FLAW_RECORD_CUT, 12, HEAD("\0", "\1", "\0", "\0") "\0\0\1\0\1\0\0\0\1\0");
    CHECK_FLAW(FDNS_FLAW_RECORD_CUT, 12, HEAD("\0", "\1", "\0", "\0") "\0\0\1\0\1\0\0\0\1\0\4abc");
    CHECK_FLAW(FDNS_FLAW_LABEL_TYPE, 14, HEAD("\1", "\0", "\0", "\0") "\1a\x40\0\0\1\0\1");
    CHECK_FLAW(FDNS_FLAW_LABEL_TYPE, 12, HEAD("\1", "\0", "\0", "\0") "\xbf\0\0\1\0\1");
}

static void test_pointers(void)
{
    // to itself, forward, into the label sequence it ends, into the header
    CHECK_FLAW(FDNS_FLAW_POINTER, 12, HEAD("\1", "\0", "\0", "\0") "\xc0\x0c\0\1\0\1");
    CHECK_FLAW(FDNS_FLAW_POINTER, 12, HEAD("\1", "\0", "\0", "\0") "\xc0\x12\0\1\0\1\0");
    CHECK_FLAW(FDNS_FLAW_POINTER, 14, HEAD("\1", "\0", "\0", "\0") "\1a\xc0\x0c\0\1\0\1");
    CHECK_FLAW(FDNS_FLAW_POINTER, 12, HEAD("\1", "\0", "\0", "\0") "\xc0\x04\0\1\0\1");
    // two that lead to each other
    CHECK_FLAW(FDNS_FLAW_POINTER, 12,
               HEAD("\2", "\0", "\0", "\0") "\xc0\x12\0\1\0\1\xc0\x0c\0\1\0\1");
}

static void test_long_names(void)
{
    char bytes[12 + 257 + 4] = HEAD("\1", "\0", "\0", "\0");
    memset(bytes + 12, 1, sizeof bytes - 12);
    bytes[12 + 254] = 0;
    check_flaw(bytes, 12 + 255 + 4, FDNS_FLAW_NONE, 0);
    bytes[12 + 254] = 1;
    bytes[12 + 256] = 0;
    check_flaw(bytes, sizeof bytes, FDNS_FLAW_NAME_TOO_LONG, 12 + 254);
}

// Names that are pointers to pointers: 127 in a row are followed, one more is not.
static void test_many_pointers(void)
{
    enum { N = 130 };
    char bytes[12 + 5 + N * 6] = "\0\0\0\0\0\x83";
    for (size_t i = 0; i < N; i++) {
        size_t target = i == 0 ? 12 : 12 + 5 + (i - 1) * 6;
        char *at = bytes + 12 + 5 + i * 6;
        at[0] = (char)(0xc0 | target >> 8);
        at[1] = (char)target;
    }
    check_flaw(bytes, sizeof bytes, FDNS_FLAW_POINTER, 17);
    bytes[5] = (char)(1 + FDNS_NAME_LABELS_MAX);
    check_flaw(bytes, 12 + 5 + (size_t)FDNS_NAME_LABELS_MAX * 6, FDNS_FLAW_NONE, 0);
}

static void test_what_was_read_stays(void)
{
    struct sample sample;
    SAMPLE(&sample, HEAD("\1", "\2", "\0", "\0") QUESTION "\0\0\1\0\1\0\0\0\1\0\4abcd\0\0");
    CHECK_INT(FDNS_FLAW_RECORD_CUT, sample.view.flaw);
    CHECK_INT(1, sample.view.n_questions);
    CHECK_INT(1, sample.view.n_rrs);
    CHECK_INT(44, sample.view.end);
    CHECK_INT(44, sample.view.flaw_at);
    sample_clear(&sample);
}

// A header alone that promises everything takes no memory for it.
static void test_counts_take_no_memory(void)
{
    struct sample sample;
    SAMPLE(&sample, "\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff");
    CHECK_INT(FDNS_FLAW_COUNT, sample.view.flaw);
    CHECK(sample.arena.first == NULL);
    sample_clear(&sample);
}

static void test_warm_arena(void)
{
    static const char query[] = HEAD("\1", "\0", "\0", "\1") QUESTION "\0\0\x29\4\xd0\0\0\0\0\0\0";
    struct sample sample;
    SAMPLE(&sample, HEAD("\1", "\0", "\0", "\1") QUESTION "\0\0\x29\4\xd0\0\0\0\0\0\0");
    struct fdns_arena_chunk *chunk = sample.arena.first;
    const void *questions = sample.view.questions;
    for (int i = 0; i < 1000; i++) {
        fdns_arena_reset(&sample.arena);
        fdns_view_init(&sample.view, &sample.arena, query, sizeof query - 1);
        CHECK(sample.view.questions == questions);
    }
    CHECK(sample.arena.first == chunk && sample.arena.current == chunk);
    sample_clear(&sample);
}

static void test_opt(void)
{
    struct sample sample;
    SAMPLE(&sample, HEAD("\0", "\1", "\0", "\2") "\0\0\x29\0\1\0\0\0\0\0\0"
                                                 "\0\0\x29\0\2\0\0\0\0\0\7\0\1\0\1a\0\2"
                                                 "\0\0\x29\0\3\0\0\0\0\0\0");
    CHECK_INT(FDNS_FLAW_NONE, sample.view.flaw);
    CHECK_INT(3, sample.view.n_rrs);
    CHECK_INT(2, sample.view.n_opt); // the one in the answer section is none
    CHECK_INT(2, sample.view.edns.udp_size);
    CHECK(sample.view.edns.options_bad);
    size_t at = 0;
    uint16_t code = 0;
    uint16_t len = 0;
    const uint8_t *data = NULL;
    CHECK(fdns_edns_next(&sample.view.edns, &at, &code, &data, &len));
    CHECK_INT(1, code);
    CHECK_OCTETS("a", 1, data, len);
    CHECK(!fdns_edns_next(&sample.view.edns, &at, &code, &data, &len));
    sample_clear(&sample);
}

static void check_rdata(const char *bytes, size_t len, const char *expected, size_t n_expected)
{
    struct sample sample;
    uint16_t n = 0;
    sample_init(&sample, bytes, len);
    CHECK_INT(1, sample.view.n_rrs);
    const uint8_t *rdata = fdns_view_rdata(&sample.view, &sample.view.rrs[0], &sample.arena, &n);
    CHECK_INT(expected != NULL, rdata != NULL);
    if (rdata != NULL && expected != NULL) {
        CHECK_OCTETS(expected, n_expected, rdata, n);
    }
    sample_clear(&sample);
}

#define RR(type, len, rdata)                                                                       \
    HEAD("\1", "\1", "\0", "\0") QUESTION "\0\0" type "\0\1\0\0\0\0\0" len rdata
#define CHECK_RDATA(message, expected)                                                             \
    check_rdata(message, sizeof(message) - 1, expected, sizeof(expected) - 1)
#define CHECK_NO_RDATA(message) check_rdata(message, sizeof(message) - 1, NULL, 0)

static void test_rdata_is_decompressed(void)
{
    CHECK_RDATA(RR("\17", "\4", "\0\12\xc0\x0c"), "\0\12\7example\3com\0");
    CHECK_RDATA(RR("\41", "\12", "\0\1\0\2\0\3\1s\xc0\x0c"), "\0\1\0\2\0\3\1s\7example\3com\0");
    CHECK_RDATA(RR("\43", "\14", "\0\1\0\2\1u\1s\1r\xc0\x14"), "\0\1\0\2\1u\1s\1r\3com\0");
    CHECK_RDATA(RR("\30", "\26", "ttalooooeeeeiiiikk\xc0\x14ss"), "ttalooooeeeeiiiikk\3com\0ss");
    CHECK_RDATA(RR("\36", "\4", "\xc0\x14xy"), "\3com\0xy");
    // TXT is opaque here, and other types hold no compressed names
    CHECK_RDATA(RR("\20", "\2", "\xc0\x0c"), "\xc0\x0c");
    CHECK_RDATA(RR("\57", "\2", "\xc0\x0c"), "\xc0\x0c");
}

static void test_malformed_rdata(void)
{
    CHECK_NO_RDATA(RR("\5", "\0", ""));
    CHECK_NO_RDATA(RR("\5", "\1", "\xc0"));
    CHECK_NO_RDATA(RR("\5", "\3", "\xc0\x0cx"));
    CHECK_NO_RDATA(RR("\5", "\2", "\1a"));
    CHECK_NO_RDATA(RR("\17", "\1", "\0"));
    CHECK_NO_RDATA(RR("\6", "\6", "\xc0\x0c\xc0\x0c\0\0"));
    // the pointer leads to itself
    CHECK_NO_RDATA(RR("\5", "\2", "\xc0\x28"));
}

// The name of the rdata ends behind it, in octets of the next record.
static void test_name_leaves_rdata(void)
{
    struct sample sample;
    uint8_t name[FDNS_NAME_MAX];
    SAMPLE(&sample, HEAD("\0", "\2", "\0", "\0") "\0\0\5\0\1\0\0\0\0\0\2\1a\0\0\1\0\1\0\0\0\0\0\0");
    CHECK_INT(2, sample.view.n_rrs);
    CHECK(!fdns_view_rdata_name(&sample.view, &sample.view.rrs[0], name));
    sample_clear(&sample);
}

static void test_soa(void)
{
    struct sample sample;
    struct fdns_soa soa = {.serial = 99};
    SAMPLE(&sample,
           RR("\6", "\x1c", "\2ns\xc0\x0c\1h\xc0\x0c\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\1\5"));
    CHECK(!fdns_view_soa(&sample.view, &sample.view.rrs[0], &soa));
    CHECK_INT(99, soa.serial);
    sample_clear(&sample);
    SAMPLE(&sample,
           RR("\6", "\x1d", "\2ns\xc0\x0c\1h\xc0\x0c\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\1\5"));
    CHECK(fdns_view_soa(&sample.view, &sample.view.rrs[0], &soa));
    CHECK_OCTETS("\2ns\7example\3com", 16, soa.mname, fdns_name_len(soa.mname));
    CHECK_OCTETS("\1h\7example\3com", 15, soa.rname, fdns_name_len(soa.rname));
    CHECK_INT(1, soa.serial);
    CHECK_INT(4, soa.expire);
    CHECK_INT(0x105, soa.minimum);
    sample_clear(&sample);
}

static const struct test tests[] = {
    {"a query with OPT", test_query},
    {"records of three sections", test_records},
    {"each flaw, with its offset", test_flaws},
    {"pointers lead backwards to a name", test_pointers},
    {"names have 255 octets at most", test_long_names},
    {"chains of pointers are bounded", test_many_pointers},
    {"what came before a flaw is there", test_what_was_read_stays},
    {"counts alone take no memory", test_counts_take_no_memory},
    {"a warm arena stays as it is", test_warm_arena},
    {"OPT counts in the additional section, the first one", test_opt},
    {"names in rdata are written out", test_rdata_is_decompressed},
    {"malformed names in rdata", test_malformed_rdata},
    {"a name must end inside its rdata", test_name_leaves_rdata},
    {"SOA", test_soa},
};
SUITE(view, tests)
