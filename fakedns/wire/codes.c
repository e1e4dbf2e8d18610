#include "fakedns/wire/codes.h"

#include <ldns/rr.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct code {
    unsigned value;
    const char *name;
};

// The first name of a value is the one that is printed.
static const struct code classes[] = {
    {1, "IN"}, {3, "CH"}, {4, "HS"}, {254, "NONE"}, {255, "ANY"},
};

static const struct code opcodes[] = {
    {0, "QUERY"}, {1, "IQUERY"}, {2, "STATUS"}, {4, "NOTIFY"}, {5, "UPDATE"}, {6, "DSO"},
};

static const struct code rcodes[] = {
    {0, "NOERROR"},    {1, "FORMERR"},    {2, "SERVFAIL"}, {3, "NXDOMAIN"}, {4, "NOTIMP"},
    {5, "REFUSED"},    {6, "YXDOMAIN"},   {7, "YXRRSET"},  {8, "NXRRSET"},  {9, "NOTAUTH"},
    {10, "NOTZONE"},   {11, "DSOTYPENI"}, {16, "BADVERS"}, {16, "BADSIG"},  {17, "BADKEY"},
    {18, "BADTIME"},   {19, "BADMODE"},   {20, "BADNAME"}, {21, "BADALG"},  {22, "BADTRUNC"},
    {23, "BADCOOKIE"},
};

// EDNS option codes (RFC 6891 9).
static const struct code options[] = {
    {1, "LLQ"},
    {2, "UL"},
    {3, "NSID"},
    {5, "DAU"},
    {6, "DHU"},
    {7, "N3U"},
    {8, "ECS"},
    {9, "EXPIRE"},
    {10, "COOKIE"},
    {11, "KEEPALIVE"},
    {12, "PADDING"},
    {13, "CHAIN"},
    {14, "KEY-TAG"},
    {15, "EDE"},
    {16, "CLIENT-TAG"},
    {17, "SERVER-TAG"},
    {18, "REPORT-CHANNEL"},
    {19, "ZONEVERSION"},
};

// Types that ldns has no mnemonic for, or another one in some of its versions.
static const struct code types[] = {
    {64, "SVCB"},     {65, "HTTPS"},   {128, "NXNAME"}, {249, "TKEY"},  {250, "TSIG"},
    {251, "IXFR"},    {252, "AXFR"},   {253, "MAILB"},  {254, "MAILA"}, {255, "ANY"},
    {256, "URI"},     {257, "CAA"},    {258, "AVC"},    {259, "DOA"},   {260, "AMTRELAY"},
    {261, "RESINFO"}, {262, "WALLET"}, {32768, "TA"},   {32769, "DLV"},
};

#define N(table) (sizeof(table) / sizeof((table)[0]))

static const char *find_name(const struct code *table, size_t n, unsigned value)
{
    for (size_t i = 0; i < n; i++) {
        if (table[i].value == value) {
            return table[i].name;
        }
    }
    return NULL;
}

static const struct code *find_code(const struct code *table, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcasecmp(table[i].name, name) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

static char *print_code(const char *name, const char *prefix, unsigned value, char *out)
{
    if (name != NULL) {
        snprintf(out, FDNS_CODE_TEXT_MAX, "%s", name);
    } else {
        snprintf(out, FDNS_CODE_TEXT_MAX, "%s%u", prefix, value);
    }
    return out;
}

// A decimal number up to max and nothing else.
static bool parse_number(const char *text, unsigned max, unsigned *value)
{
    unsigned number = 0;
    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') {
            return false;
        }
        number = number * 10 + (unsigned)(*text - '0');
        if (number > max) {
            return false;
        }
    }
    *value = number;
    return true;
}

static bool parse_generic(const char *text, const char *prefix, unsigned max, unsigned *value)
{
    size_t len = strlen(prefix);
    return strncasecmp(text, prefix, len) == 0 && parse_number(text + len, max, value);
}

static const char *ldns_type_name(uint16_t type)
{
    const ldns_rr_descriptor *descriptor = ldns_rr_descript(type);
    return descriptor != NULL && descriptor->_type == (ldns_rr_type)type ? descriptor->_name : NULL;
}

char *fdns_type_print(uint16_t type, char out[FDNS_CODE_TEXT_MAX])
{
    const char *name = find_name(types, N(types), type);
    if (name == NULL && type != 0) {
        name = ldns_type_name(type);
    }
    return print_code(name, "TYPE", type, out);
}

char *fdns_class_print(uint16_t rr_class, char out[FDNS_CODE_TEXT_MAX])
{
    return print_code(find_name(classes, N(classes), rr_class), "CLASS", rr_class, out);
}

char *fdns_rcode_print(uint16_t rcode, char out[FDNS_CODE_TEXT_MAX])
{
    return print_code(find_name(rcodes, N(rcodes), rcode), "RCODE", rcode, out);
}

char *fdns_opcode_print(uint8_t opcode, char out[FDNS_CODE_TEXT_MAX])
{
    return print_code(find_name(opcodes, N(opcodes), opcode), "OPCODE", opcode, out);
}

bool fdns_type_parse(const char *text, uint16_t *type)
{
    unsigned value = 0;
    const struct code *code = find_code(types, N(types), text);
    if (code != NULL) {
        value = code->value;
    } else if (strncasecmp(text, "TYPE", 4) == 0) {
        if (!parse_generic(text, "TYPE", 0xffff, &value)) {
            return false;
        }
    } else {
        value = (unsigned)ldns_get_rr_type_by_name(text);
        if (value == 0) {
            return false;
        }
    }
    *type = (uint16_t)value;
    return true;
}

bool fdns_class_parse(const char *text, uint16_t *rr_class)
{
    unsigned value = 0;
    const struct code *code = find_code(classes, N(classes), text);
    if (code != NULL) {
        value = code->value;
    } else if (!parse_generic(text, "CLASS", 0xffff, &value)) {
        return false;
    }
    *rr_class = (uint16_t)value;
    return true;
}

bool fdns_rcode_parse(const char *text, uint16_t *rcode)
{
    enum { MAX = 0xfff }; // four bits of the header, eight of the OPT record
    unsigned value = 0;
    const struct code *code = find_code(rcodes, N(rcodes), text);
    if (code != NULL) {
        value = code->value;
    } else if (!parse_number(text, MAX, &value) && !parse_generic(text, "RCODE", MAX, &value)) {
        return false;
    }
    *rcode = (uint16_t)value;
    return true;
}

bool fdns_opcode_parse(const char *text, uint8_t *opcode)
{
    enum { MAX = 15 };
    unsigned value = 0;
    const struct code *code = find_code(opcodes, N(opcodes), text);
    if (code != NULL) {
        value = code->value;
    } else if (!parse_number(text, MAX, &value) && !parse_generic(text, "OPCODE", MAX, &value)) {
        return false;
    }
    *opcode = (uint8_t)value;
    return true;
}

bool fdns_option_parse(const char *text, uint16_t *option)
{
    unsigned value = 0;
    const struct code *found = find_code(options, N(options), text);
    if (found != NULL) {
        value = found->value;
    } else if (!parse_number(text, UINT16_MAX, &value)) {
        return false;
    }
    *option = (uint16_t)value;
    return true;
}

bool fdns_type_is_meta(uint16_t type)
{
    return type == FDNS_TYPE_OPT || (type >= 128 && type <= 255);
}
