// Queries out of the ordinary, as octets.
#include "unit/fakedns/reply/fixture.h"
#include "unit/harness.h"

#include <string.h>

// www.example.com A IN
#define WWW  "03777777 076578616d706c65 03636f6d 00 0001 0001"
#define NAME "03777777 076578616d706c65 03636f6d 00"
#define OPT  "00 0029 04d0 00000000 0000"

struct odd {
    const char *why, *hex, *expected;
    bool tcp;
};

static void check_odd(const struct odd *odds, size_t n)
{
    struct fixture fixture;
    fixture_init(&fixture, "www A 192.0.2.80\n");
    for (size_t i = 0; i < n; i++) {
        fixture_send_hex(&fixture, odds[i].hex, odds[i].tcp);
        const char *summary =
            fdns_arena_format(&fixture.arena, "%s: %s", odds[i].why, fixture_summary(&fixture));
        CHECK_TEXT(fdns_arena_format(&fixture.arena, "%s: %s", odds[i].why, odds[i].expected),
                   summary);
    }
    fixture_clear(&fixture);
}

#define CHECK_ODD(...)                                                                             \
    do {                                                                                           \
        static const struct odd odds[] = {__VA_ARGS__};                                            \
        check_odd(odds, sizeof odds / sizeof odds[0]);                                             \
    } while (0)

static void test_silent(void)
{
    CHECK_ODD({"nothing", "", "silent", false},
              {"eleven octets", "0000000000000000000000", "silent", false},
              {"a response", "0001 8000 0001000000000000" WWW, "silent", false},
              {"a response with another opcode", "0001 f800 0000000000000000", "silent", false}, );
}

static void test_opcodes(void)
{
    CHECK_ODD(
        {"header only", "0001 7800 0000000000000000", "NOTIMP OPCODE15 0/0/0/0", false},
        {"with a question", "0001 7800 0001000000000000" WWW, "NOTIMP OPCODE15 0/0/0/0", false},
        {"every flag", "0001 7fff 0000000000000000", "NOTIMP OPCODE15 rd 0/0/0/0", false},
        {"counts that promise too much", "0001 7800 ffffffffffffffff", "NOTIMP OPCODE15 0/0/0/0",
         false},
        {"with an OPT", "0001 7800 0001000000000001" WWW OPT, "NOTIMP OPCODE15 0/0/0/1 opt", false},
        {"another EDNS version", "0001 7800 0001000000000001" WWW "00 0029 04d0 00010000 0000",
         "BADVERS OPCODE15 0/0/0/1 opt", false},
        {"IQUERY", "0001 0800 0000000100000000" WWW "00000000 0000", "NOTIMP IQUERY 0/0/0/0",
         false},
        {"STATUS", "0001 1000 0000000000000000", "NOTIMP STATUS 0/0/0/0", false},

        {"UPDATE", "0001 2800 0001000000000000" WWW, "NOTIMP UPDATE 0/0/0/0", true}, );
}

#define APEX "076578616d706c65 03636f6d 00 0006 0001"

static void test_notify(void)
{
    CHECK_ODD(
        {"of a zone", "0001 2400 0001000000000000" APEX, "NOERROR NOTIFY aa 1/0/0/0", false},
        {"with an SOA in the answer section",
         "0001 2400 0001000100000000" APEX
         "c00c 0006 0001 00000000 0016 0000 0000000000000000000000000000000000000000",
         "NOERROR NOTIFY aa 1/0/0/0", false},
        {"over TCP", "0001 2400 0001000000000000" APEX, "NOERROR NOTIFY aa 1/0/0/0", true},
        {"with an OPT", "0001 2400 0001000000000001" APEX OPT, "NOERROR NOTIFY aa 1/0/0/1 opt",
         false},
        {"of a name in a zone", "0001 2400 0001000000000000" NAME "0006 0001",
         "NOTAUTH NOTIFY 1/0/0/0", false},
        {"of the root", "0001 2400 0001000000000000 00 0006 0001", "NOTAUTH NOTIFY 1/0/0/0", false},
        {"of class CH", "0001 2400 0001000000000000 076578616d706c65 03636f6d 00 0006 0003",
         "NOTAUTH NOTIFY 1/0/0/0", false},
        {"of another type", "0001 2400 0001000000000000" WWW, "FORMERR NOTIFY 1/0/0/0", false},
        {"without a question", "0001 2400 0000000000000000", "FORMERR NOTIFY 0/0/0/0", false},
        {"cut", "0001 2400 0001000000000000 07657861", "FORMERR NOTIFY 0/0/0/0", false},
        {"of another EDNS version", "0001 2400 0001000000000001" APEX "00 0029 04d0 00010000 0000",
         "BADVERS NOTIFY 1/0/0/1 opt", false}, );
}

static void test_flags(void)
{
    CHECK_ODD({"RD", "0001 0100 0001000000000000" WWW, "NOERROR QUERY aa rd 1/1/0/0", false},
              {"no RD", "0001 0000 0001000000000000" WWW, "NOERROR QUERY aa 1/1/0/0", false},
              {"all flags and an rcode", "0001 07ff 0001000000000000" WWW,
               "NOERROR QUERY aa rd 1/1/0/0", false}, );
}

static void test_counts(void)
{
    CHECK_ODD(
        {"no question", "0001 0000 0000000000000000", "FORMERR QUERY 0/0/0/0", false},
        {"no question, OPT", "0001 0000 0000000000000001" OPT, "FORMERR QUERY 0/0/0/1 opt", false},
        {"two questions", "0001 0100 0002000000000000" WWW WWW, "FORMERR QUERY rd 0/0/0/0", false},
        {"65535 questions", "0001 0000 ffff000000000000" WWW, "FORMERR QUERY 0/0/0/0", false},
        {"a question that is not there", "0001 0000 0001000000000000", "FORMERR QUERY 0/0/0/0",
         false},
        {"a question cut short", "0001 0000 0001000000000000" NAME "0001 00",
         "FORMERR QUERY 0/0/0/0", false},
        {"an additional record that is not there", "0001 0000 0001000000000001" WWW,
         "FORMERR QUERY 1/0/0/0", false},
        {"a record cut short", "0001 0000 0001000000000001" WWW "00 0029 04d0 00000000 0004 00",
         "FORMERR QUERY 1/0/0/0", false},
        {"octets behind the question", "0001 0000 0001000000000000" WWW "ffffff",
         "NOERROR QUERY aa 1/1/0/0", false},
        {"an answer record in the query",
         "0001 0000 0001000100000000" WWW "c00c 0001 0001 00000000 0004 01020304",
         "NOERROR QUERY aa 1/1/0/0", false},
        {"an SOA in the authority section of the query",
         "0001 0000 0001000000010000" WWW
         "00 0006 0001 00000000 0016 0000 0000000000000000000000000000000000000000",
         "NOERROR QUERY aa 1/1/0/0", false},
        {"an additional record that is no OPT",
         "0001 0000 0001000000000001" WWW "00 0001 0001 00000000 0004 01020304",
         "NOERROR QUERY aa 1/1/0/0", false}, );
}

#define AR(record) "0001 0000 0001000000000001" WWW record

static void test_rdata(void)
{
    CHECK_ODD(
        {"A of no octets", AR("00 0001 0001 00000000 0000"), "FORMERR QUERY 1/0/0/0", false},
        {"A of five octets", AR("00 0001 0001 00000000 0005 0102030405"), "FORMERR QUERY 1/0/0/0",
         false},
        {"A of another class", AR("00 0001 00ff 00000000 0000"), "NOERROR QUERY aa 1/1/0/0", false},
        {"NS", AR("00 0002 0001 00000000 0002 c00c"), "NOERROR QUERY aa 1/1/0/0", false},
        {"NS that points behind the end", AR("00 0002 0001 00000000 0002 c0ff"),
         "FORMERR QUERY 1/0/0/0", false},
        {"NS whose name runs out of the rdata", AR("00 0002 0001 00000000 0001 01 6100"),
         "FORMERR QUERY 1/0/0/0", false},
        {"NS with octets behind its name", AR("00 0002 0001 00000000 0002 0000"),
         "FORMERR QUERY 1/0/0/0", false},
        {"SOA that ends too early", AR("00 0006 0001 00000000 0003 000001"),
         "FORMERR QUERY 1/0/0/0", false},
        {"TXT whose string runs out", AR("00 0010 0001 00000000 0002 0261"),
         "FORMERR QUERY 1/0/0/0", false},
        {"unknown type", AR("00 ff00 0001 00000000 0002 0261"), "NOERROR QUERY aa 1/1/0/0",
         false}, );
}

#define TSIG(tail) "016b00 00fa 00ff 00000000 " tail
#define HMAC       "04686d616300 000102030405 012c 0002 abcd 0001 0000 0000"

static void test_tsig(void)
{
    CHECK_ODD(
        {"signed", AR(TSIG("0018" HMAC)), "NOTAUTH QUERY 1/0/0/1", false},
        {"signed, with an OPT", "0001 0100 0001000000000002" WWW OPT TSIG("0018" HMAC),
         "NOTAUTH QUERY rd 1/0/0/2 opt", true},
        {"not the last record", "0001 0000 0001000000000002" WWW TSIG("0018" HMAC) OPT,
         "FORMERR QUERY 1/0/0/0", false},
        {"twice", "0001 0000 0001000000000002" WWW TSIG("0018" HMAC) TSIG("0018" HMAC),
         "FORMERR QUERY 1/0/0/0", false},
        {"in the answer section", "0001 0000 0001000100000000" WWW TSIG("0018" HMAC),
         "FORMERR QUERY 1/0/0/0", false},
        {"without rdata", AR(TSIG("0000")), "FORMERR QUERY 1/0/0/0", false},
        {"octets behind the rest", AR(TSIG("0019" HMAC "00")), "FORMERR QUERY 1/0/0/0", false},
        {"a MAC that runs out", AR(TSIG("0011 04686d616300 000102030405 012c 0002 ab")),
         "FORMERR QUERY 1/0/0/0", false},
        {"another EDNS version comes first",
         "0001 0000 0001000000000002" WWW "00 0029 04d0 00010000 0000" TSIG("0018" HMAC),
         "BADVERS QUERY 1/0/0/1 opt", false}, );
}

// Key name, algorithm, time and original id come back, with BADKEY and without MAC.
static void test_tsig_reply(void)
{
    static const uint8_t expected[] =
        "\1k\0\0\372\0\377\0\0\0\0\0\26\4hmac\0\0\1\2\3\4\5\1\54\0\0\0\1\0\21\0";
    struct fixture fixture;
    fixture_init(&fixture, "www A 192.0.2.80\n");
    fixture_send_hex(&fixture, AR(TSIG("0018" HMAC)), false);
    CHECK(fixture.len > sizeof expected);
    CHECK(memcmp(expected, fixture.out + fixture.len - sizeof expected, sizeof expected) == 0);
    fixture_clear(&fixture);
}

static void test_names(void)
{
    CHECK_ODD(
        {"a pointer to itself", "0001 0000 0001000000000000 c00c 0001 0001",
         "FORMERR QUERY 0/0/0/0", false},
        {"a pointer forwards", "0001 0000 0001000000000000 c020 0001 0001", "FORMERR QUERY 0/0/0/0",
         false},
        {"a pointer into the header", "0001 0000 0001000000000000 03777777c004 0001 0001",
         "FORMERR QUERY 0/0/0/0", false},
        {"label type 01", "0001 0000 0001000000000000 4161 00 0001 0001", "FORMERR QUERY 0/0/0/0",
         false},
        {"label type 10", "0001 0000 0001000000000000 8161 00 0001 0001", "FORMERR QUERY 0/0/0/0",
         false},
        {"a label that runs out", "0001 0000 0001000000000000 3f6161", "FORMERR QUERY 0/0/0/0",
         false},
        {"the root", "0001 0000 0001000000000000 00 0002 0001", "REFUSED QUERY 1/0/0/0", false}, );
}

static void test_edns(void)
{
    CHECK_ODD(
        {"plain", "0001 0000 0001000000000001" WWW OPT, "NOERROR QUERY aa 1/1/0/1 opt", false},
        {"DO and unknown flags", "0001 0000 0001000000000001" WWW "00 0029 0000 0000ffff 0000",
         "NOERROR QUERY aa 1/1/0/1 opt:do", false},
        {"an unknown option",
         "0001 0000 0001000000000001" WWW "00 0029 04d0 00000000 0008 ffdc0004 01020304",
         "NOERROR QUERY aa 1/1/0/1 opt", false},
        {"an option that overruns",
         "0001 0000 0001000000000001" WWW "00 0029 04d0 00000000 0005 ffdc0004 01",
         "FORMERR QUERY 1/0/0/0", false},
        {"version 1", "0001 0100 0001000000000001" WWW "00 0029 04d0 00010000 0000",
         "BADVERS QUERY rd 1/0/0/1 opt", false},
        {"version 255 and DO", "0001 0000 0001000000000001" WWW "00 0029 04d0 00ff8000 0000",
         "BADVERS QUERY 1/0/0/1 opt:do", false},
        {"version 1 and options laid out in another way",
         "0001 0000 0001000000000001" WWW "00 0029 04d0 00010000 0001 ff",
         "BADVERS QUERY 1/0/0/1 opt", false},
        {"version 1 and no question", "0001 0000 0000000000000001 00 0029 04d0 00010000 0000",
         "BADVERS QUERY 0/0/0/1 opt", false},
        {"two OPTs", "0001 0000 0001000000000002" WWW OPT OPT, "FORMERR QUERY 1/0/0/0", false},
        {"an OPT with an owner", "0001 0000 0001000000000001" WWW "0161" OPT,
         "FORMERR QUERY 1/0/0/0", false},
        {"an OPT whose owner points to the question",
         "0001 0000 0001000000000001" WWW "c00c 0029 04d0 00000000 0000", "FORMERR QUERY 1/0/0/0",
         false},
        {"an OPT in the answer section", "0001 0000 0001000100000000" WWW OPT,
         "FORMERR QUERY 1/0/0/0", false},
        {"REFUSED carries an OPT", "0001 0000 0001000000000001 00 0002 0001" OPT,
         "REFUSED QUERY 1/0/0/1 opt", false}, );
}

static void test_types(void)
{
    CHECK_ODD(
        {"type 0", "0001 0000 0001000000000000" NAME "0000 0001", "NOERROR QUERY aa 1/0/1/0",
         false},
        {"type 65535", "0001 0000 0001000000000000" NAME "ffff 0001", "NOERROR QUERY aa 1/0/1/0",
         false},
        {"OPT", "0001 0000 0001000000000000" NAME "0029 0001", "NOERROR QUERY aa 1/0/1/0", false},
        {"TKEY", "0001 0000 0001000000000000" NAME "00f9 0001", "FORMERR QUERY 1/0/0/0", false},
        {"TSIG", "0001 0000 0001000000000000" NAME "00fa 0001", "NOERROR QUERY aa 1/0/1/0", false},
        {"MAILB", "0001 0000 0001000000000000" NAME "00fd 0001", "NOERROR QUERY aa 1/0/1/0", false},
        {"MAILA", "0001 0000 0001000000000000" NAME "00fe 0001", "NOERROR QUERY aa 1/0/1/0", false},
        {"ANY", "0001 0000 0001000000000000" NAME "00ff 0001", "NOERROR QUERY aa 1/1/0/0",
         false}, );
}

#define ZONE "076578616d706c65 03636f6d 00"

static void test_transfers(void)
{
    CHECK_ODD(
        {"IXFR", "0001 0000 0001000000000000" ZONE "00fb 0001", "REFUSED QUERY 1/0/0/0", false},
        {"IXFR below the apex", "0001 0000 0001000000000000" NAME "00fb 0001",
         "NOTAUTH QUERY 1/0/0/0", false},
        {"AXFR over UDP", "0001 0000 0001000000000000" ZONE "00fc 0001", "NOTIMP QUERY 1/0/0/0",
         false},
        {"AXFR over TCP", "0001 0000 0001000000000000" ZONE "00fc 0001", "REFUSED QUERY 1/0/0/0",
         true},
        {"AXFR below the apex", "0001 0000 0001000000000000" NAME "00fc 0001",
         "NOTAUTH QUERY 1/0/0/0", true},
        {"AXFR of another zone", "0001 0000 0001000000000000 00 00fc 0001", "NOTAUTH QUERY 1/0/0/0",
         true},
        {"AXFR of class CH", "0001 0000 0001000000000000" ZONE "00fc 0003", "REFUSED QUERY 1/0/0/0",
         true}, );
}

static void test_classes(void)
{
    CHECK_ODD(
        {"class 0", "0001 0000 0001000000000000" NAME "0001 0000", "REFUSED QUERY 1/0/0/0", false},
        {"CH", "0001 0000 0001000000000000" NAME "0001 0003", "REFUSED QUERY 1/0/0/0", false},
        {"HS", "0001 0000 0001000000000000" NAME "0001 0004", "REFUSED QUERY 1/0/0/0", false},
        {"NONE", "0001 0000 0001000000000000" NAME "0001 00fe", "REFUSED QUERY 1/0/0/0", false},
        {"ANY", "0001 0000 0001000000000000" NAME "0001 00ff", "REFUSED QUERY 1/0/0/0", false},
        {"257", "0001 0000 0001000000000000" NAME "0001 0101", "REFUSED QUERY 1/0/0/0", false}, );
}

static const struct test tests[] = {
    {"what gets no reply", test_silent},
    {"opcodes", test_opcodes},
    {"NOTIFY", test_notify},
    {"header flags", test_flags},
    {"counts and records that should not be there", test_counts},
    {"rdata", test_rdata},
    {"TSIG", test_tsig},
    {"the TSIG of a reply", test_tsig_reply},
    {"names that cannot be read", test_names},
    {"EDNS", test_edns},
    {"types that no zone holds", test_types},
    {"transfers", test_transfers},
    {"classes", test_classes},
};
SUITE(odd, tests)
