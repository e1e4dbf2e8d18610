#include "fakedns/wire/codes.h"

#include "unit/harness.h"

static void test_types(void)
{
    char text[FDNS_CODE_TEXT_MAX];
    uint16_t type = 0;
    CHECK_TEXT("TXT", fdns_type_print(FDNS_TYPE_TXT, text));
    CHECK_TEXT("ANY", fdns_type_print(FDNS_TYPE_ANY, text));
    CHECK_TEXT("HTTPS", fdns_type_print(65, text));
    CHECK_TEXT("TYPE65280", fdns_type_print(65280, text));
    CHECK_TEXT("TYPE0", fdns_type_print(0, text));
    CHECK(fdns_type_parse("cname", &type) && type == FDNS_TYPE_CNAME);
    CHECK(fdns_type_parse("type65535", &type) && type == 65535);
    CHECK(fdns_type_parse("TYPE16", &type) && type == FDNS_TYPE_TXT);
}

static void test_every_type_reads_back(void)
{
    char text[FDNS_CODE_TEXT_MAX];
    for (unsigned i = 0; i <= 0xffff; i++) {
        uint16_t type = 1;
        bool known = fdns_type_parse(fdns_type_print((uint16_t)i, text), &type);
        if (!known || type != i) {
            CHECK_TEXT("a type that reads back", text);
        }
    }
}

static void test_bad_types(void)
{
    static const char *const bad[] = {"",       "TYPE",   "TYPE65536",
                                      "TYPE1x", "TYPE-1", "TYPE 1",
                                      "CNAMES", "CNAM",   "TYPE99999999999999999999"};
    uint16_t type = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK(!fdns_type_parse(bad[i], &type));
    }
    CHECK_INT(7, type);
}

static void test_classes(void)
{
    char text[FDNS_CODE_TEXT_MAX];
    uint16_t rr_class = 0;
    CHECK_TEXT("IN", fdns_class_print(1, text));
    CHECK_TEXT("CLASS42", fdns_class_print(42, text));
    CHECK(fdns_class_parse("ch", &rr_class) && rr_class == FDNS_CLASS_CH);
    CHECK(fdns_class_parse("CLASS255", &rr_class) && rr_class == FDNS_CLASS_ANY);
    CHECK(!fdns_class_parse("1", &rr_class));
    CHECK(!fdns_class_parse("XX", &rr_class));
}

static void test_rcodes(void)
{
    char text[FDNS_CODE_TEXT_MAX];
    uint16_t rcode = 0;
    CHECK_TEXT("SERVFAIL", fdns_rcode_print(FDNS_SERVFAIL, text));
    CHECK_TEXT("BADVERS", fdns_rcode_print(FDNS_BADVERS, text));
    CHECK_TEXT("RCODE12", fdns_rcode_print(12, text));
    CHECK(fdns_rcode_parse("nxdomain", &rcode) && rcode == FDNS_NXDOMAIN);
    CHECK(fdns_rcode_parse("RCODE12", &rcode) && rcode == 12);
    CHECK(fdns_rcode_parse("4095", &rcode) && rcode == 4095);
    CHECK(!fdns_rcode_parse("4096", &rcode));
    CHECK(!fdns_rcode_parse("FORMER", &rcode));
    CHECK(!fdns_rcode_parse("", &rcode));
}

static void test_opcodes(void)
{
    char text[FDNS_CODE_TEXT_MAX];
    uint8_t opcode = 0;
    CHECK_TEXT("UPDATE", fdns_opcode_print(FDNS_OPCODE_UPDATE, text));
    CHECK_TEXT("OPCODE15", fdns_opcode_print(15, text));
    CHECK(fdns_opcode_parse("Notify", &opcode) && opcode == FDNS_OPCODE_NOTIFY);
    CHECK(fdns_opcode_parse("opcode15", &opcode) && opcode == 15);
    CHECK(fdns_opcode_parse("3", &opcode) && opcode == 3);
    CHECK(!fdns_opcode_parse("16", &opcode));
}

static void test_meta(void)
{
    CHECK(fdns_type_is_meta(FDNS_TYPE_OPT));
    CHECK(fdns_type_is_meta(FDNS_TYPE_ANY));
    CHECK(fdns_type_is_meta(128));
    CHECK(!fdns_type_is_meta(127));
    CHECK(!fdns_type_is_meta(256));
    CHECK(!fdns_type_is_meta(FDNS_TYPE_TXT));
}

static const struct test tests[] = {
    {"types have mnemonics or the generic form", test_types},
    {"every type reads back", test_every_type_reads_back},
    {"words that are no type", test_bad_types},
    {"classes", test_classes},
    {"rcodes", test_rcodes},
    {"opcodes", test_opcodes},
    {"meta types", test_meta},
};
SUITE(codes, tests)
