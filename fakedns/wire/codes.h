// Numbers of the DNS protocol and their mnemonics.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// IANA DNS parameters; only those that the code names.
enum fdns_type {
    FDNS_TYPE_A = 1,
    FDNS_TYPE_NS = 2,
    FDNS_TYPE_CNAME = 5,
    FDNS_TYPE_SOA = 6,
    FDNS_TYPE_PTR = 12,
    FDNS_TYPE_HINFO = 13,
    FDNS_TYPE_MX = 15,
    FDNS_TYPE_TXT = 16,
    FDNS_TYPE_AAAA = 28,
    FDNS_TYPE_SRV = 33,
    FDNS_TYPE_DNAME = 39,
    FDNS_TYPE_OPT = 41,
    FDNS_TYPE_DS = 43,
    FDNS_TYPE_RRSIG = 46,
    FDNS_TYPE_NSEC = 47,
    FDNS_TYPE_DNSKEY = 48,
    FDNS_TYPE_NSEC3 = 50,
    FDNS_TYPE_NSEC3PARAM = 51,
    FDNS_TYPE_SPF = 99,
    FDNS_TYPE_TKEY = 249,
    FDNS_TYPE_TSIG = 250,
    FDNS_TYPE_IXFR = 251,
    FDNS_TYPE_AXFR = 252,
    FDNS_TYPE_MAILB = 253,
    FDNS_TYPE_MAILA = 254,
    FDNS_TYPE_ANY = 255,
};

enum fdns_class {
    FDNS_CLASS_IN = 1,
    FDNS_CLASS_CH = 3,
    FDNS_CLASS_NONE = 254,
    FDNS_CLASS_ANY = 255
};

// EDNS options: RFC 5001, 7871, 7314, 7873, 7828, 7830, 8914.
enum fdns_option {
    FDNS_OPTION_NSID = 3,
    FDNS_OPTION_ECS = 8,
    FDNS_OPTION_EXPIRE = 9,
    FDNS_OPTION_COOKIE = 10,
    FDNS_OPTION_KEEPALIVE = 11,
    FDNS_OPTION_PADDING = 12,
    FDNS_OPTION_EDE = 15,
};

enum fdns_opcode { FDNS_OPCODE_QUERY = 0, FDNS_OPCODE_NOTIFY = 4, FDNS_OPCODE_UPDATE = 5 };

enum fdns_rcode {
    FDNS_NOERROR = 0,
    FDNS_FORMERR = 1,
    FDNS_SERVFAIL = 2,
    FDNS_NXDOMAIN = 3,
    FDNS_NOTIMP = 4,
    FDNS_REFUSED = 5,
    FDNS_YXDOMAIN = 6,
    FDNS_NOTAUTH = 9,
    FDNS_BADVERS = 16,
};

// Flag bits as they stand in the third and fourth octet of a header (RFC 1035 4.1.1, RFC 4035 3.2).
enum fdns_flag {
    FDNS_QR = 0x8000,
    FDNS_AA = 0x0400,
    FDNS_TC = 0x0200,
    FDNS_RD = 0x0100,
    FDNS_RA = 0x0080,
    FDNS_Z = 0x0040,
    FDNS_AD = 0x0020,
    FDNS_CD = 0x0010,
};

enum fdns_section { FDNS_ANSWER, FDNS_AUTHORITY, FDNS_ADDITIONAL, FDNS_N_SECTIONS };

enum { FDNS_HEADER_LEN = 12, FDNS_MESSAGE_MAX = 65535, FDNS_CODE_TEXT_MAX = 24 };

// Mnemonic or the generic form (RFC 3597: TYPE65280, CLASS42). Returns out.
char *fdns_type_print(uint16_t type, char out[FDNS_CODE_TEXT_MAX]);
char *fdns_class_print(uint16_t rr_class, char out[FDNS_CODE_TEXT_MAX]);
// NXDOMAIN, RCODE12
char *fdns_rcode_print(uint16_t rcode, char out[FDNS_CODE_TEXT_MAX]);
char *fdns_opcode_print(uint8_t opcode, char out[FDNS_CODE_TEXT_MAX]);

// Case is ignored; the generic forms are understood, and for rcodes and opcodes a plain number.
// False if the word is none.
bool fdns_type_parse(const char *text, uint16_t *type);
bool fdns_class_parse(const char *text, uint16_t *rr_class);
bool fdns_rcode_parse(const char *text, uint16_t *rcode);
bool fdns_opcode_parse(const char *text, uint8_t *opcode);
// NSID, COOKIE or a plain number.
bool fdns_option_parse(const char *text, uint16_t *option);

// Types that stand only in questions or in the message itself (RFC 6895 3.1): OPT, 128 to 255.
bool fdns_type_is_meta(uint16_t type);
