#include "unit/fakedns/reply/fixture.h"

#include "fakedns/wire/builder.h"
#include "unit/harness.h"

#include <stdio.h>
#include <string.h>

void fixture_init(struct fixture *fixture, const char *text)
{
    static const uint8_t apex[] = "\7example\3com";
    memset(fixture, 0, sizeof *fixture);
    fdns_arena_init(&fixture->arena, 0);
    struct fdns_diags diags;
    fdns_diags_init(&diags);
    text = fdns_arena_format(&fixture->arena, "$TTL 300\n@ SOA ns h 1 2 3 4 60\n@ NS ns\n%s", text);
    struct fdns_source source = {.file = "zone", .text = text, .len = strlen(text)};
    struct fdns_records records = {0};
    CHECK(fdns_zone_text_parse(&fixture->arena, &source, apex, 300, &records, &diags));
    fixture->zone = fdns_zone_build(&fixture->arena, apex, records.items, records.n_items, true,
                                    &source, &diags);
    CHECK(fixture->zone != NULL);
    fdns_diags_clear(&diags);
}

void fixture_clear(struct fixture *fixture)
{
    fdns_arena_clear(&fixture->arena);
}

void fixture_send(struct fixture *fixture, const void *octets, size_t len, bool tcp)
{
    const uint8_t *query = fdns_arena_copy(&fixture->arena, octets, len);
    struct fdns_zone_set set = {&fixture->zone, fixture->zone != NULL};
    fdns_view_init(&fixture->query, &fixture->arena, query, len);
    fdns_reply_honest(&fixture->reply, &fixture->arena, &fixture->query, &set, &fixture->identity,
                      tcp);
    fixture->len = 0;
    if (!fixture->reply.silent) {
        fixture->len = fdns_reply_encode(&fixture->reply, fixture->out, sizeof fixture->out);
        fdns_view_init(&fixture->view, &fixture->arena, fixture->out, fixture->len);
        CHECK_INT(FDNS_FLAW_NONE, fixture->view.flaw);
        CHECK(fixture->len <= fixture->reply.limit);
        CHECK_INT(fixture->query.id, fixture->view.id);
        CHECK(fdns_view_flag(&fixture->view, FDNS_QR));
    }
}

static unsigned digit(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a' + 10);
}

void fixture_send_hex(struct fixture *fixture, const char *hex, bool tcp)
{
    uint8_t octets[1024];
    size_t len = 0;
    for (; *hex != '\0' && len < sizeof octets; hex++) {
        if (*hex != ' ') {
            octets[len++] = (uint8_t)(digit(hex[0]) << 4 | digit(hex[1]));
            hex++;
        }
    }
    fixture_send(fixture, octets, len, tcp);
}

void fixture_ask(struct fixture *fixture, const char *name, uint16_t type, uint16_t udp_size,
                 bool tcp)
{
    uint8_t qname[FDNS_NAME_MAX];
    uint8_t query[512];
    CHECK_INT(FDNS_OK, fdns_name_parse(name, NULL, qname));
    size_t len = fdns_query_build(query, sizeof query, 0x1234, FDNS_RD, qname, type, FDNS_CLASS_IN,
                                  udp_size, 0);
    fixture_send(fixture, query, len, tcp);
}

const char *fixture_summary(struct fixture *fixture)
{
    static const struct {
        enum fdns_flag flag;
        const char *text;
    } flags[] = {{FDNS_AA, " aa"}, {FDNS_TC, " tc"}, {FDNS_RD, " rd"}, {FDNS_RA, " ra"},
                 {FDNS_Z, " z"},   {FDNS_AD, " ad"}, {FDNS_CD, " cd"}};
    const struct fdns_view *view = &fixture->view;
    if (fixture->len == 0) {
        return "silent";
    }
    char rcode[FDNS_CODE_TEXT_MAX];
    char opcode[FDNS_CODE_TEXT_MAX];
    const char *text =
        fdns_arena_format(&fixture->arena, "%s %s", fdns_rcode_print(fdns_view_rcode(view), rcode),
                          fdns_opcode_print(fdns_view_opcode(view), opcode));
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (fdns_view_flag(view, flags[i].flag)) {
            text = fdns_arena_format(&fixture->arena, "%s%s", text, flags[i].text);
        }
    }
    const char *opt = "";
    if (view->edns.present) {
        opt = view->edns.flags == FDNS_EDNS_DO ? " opt:do" : view->edns.flags == 0 ? " opt" : " ?";
        CHECK_INT(0, view->edns.version);
        CHECK_INT(0, view->edns.options_len);
        CHECK_INT(1, view->n_opt);
    }
    return fdns_arena_format(&fixture->arena, "%s %u/%u/%u/%u%s", text, view->counts[0],
                             view->counts[1], view->counts[2], view->counts[3], opt);
}
