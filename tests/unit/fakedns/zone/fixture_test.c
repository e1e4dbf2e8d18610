#include "unit/fakedns/zone/fixture.h"

#include "fakedns/wire/show.h"
#include "unit/harness.h"

#include <string.h>

void fixture_init(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    fdns_arena_init(&fixture->arena, 0);
    fdns_diags_init(&fixture->diags);
}

void fixture_clear(struct fixture *fixture)
{
    fdns_diags_clear(&fixture->diags);
    fdns_arena_clear(&fixture->arena);
}

const uint8_t *fixture_name(struct fixture *fixture, const char *text)
{
    uint8_t name[FDNS_NAME_MAX];
    if (fdns_name_parse(text, NULL, name) != FDNS_OK) {
        CHECK_TEXT("a name", text);
        return fdns_name_root;
    }
    return fdns_name_copy(&fixture->arena, name);
}

struct fdns_source fixture_source(const char *text)
{
    return (struct fdns_source){.file = "zone", .text = text, .len = strlen(text)};
}

struct fdns_records fixture_records(struct fixture *fixture, const char *origin, const char *text)
{
    struct fdns_records records = {0};
    struct fdns_source source = fixture_source(text);
    fdns_zone_text_parse(&fixture->arena, &source, fixture_name(fixture, origin), 300, &records,
                         &fixture->diags);
    return records;
}

const struct fdns_zone *fixture_build(struct fixture *fixture, const char *apex, bool check,
                                      const char *text)
{
    if (strstr(text, "SOA") == NULL && check) {
        text = fdns_arena_format(&fixture->arena,
                                 "@ SOA ns.%s h.%s 1 2 3 4 900\n@ NS ns.elsewhere.\n%s", apex, apex,
                                 text);
    }
    struct fdns_records records = fixture_records(fixture, apex, text);
    struct fdns_source source = fixture_source(text);
    return fdns_zone_build(&fixture->arena, fixture_name(fixture, apex), records.items,
                           records.n_items, check, &source, &fixture->diags);
}

void fixture_serve(struct fixture *fixture, const char *apex, const char *text)
{
    const struct fdns_zone *zone = fixture_build(fixture, apex, true, text);
    CHECK(zone != NULL);
    CHECK_INT(0, fixture->diags.n_errors);
    fixture->zones[fixture->n_zones++] = zone;
}

static void add_rrset(struct fixture *fixture, struct fdns_buf *out, const char *prefix,
                      const struct fdns_rrset *rrset)
{
    char owner[FDNS_NAME_TEXT_MAX];
    char type[FDNS_CODE_TEXT_MAX];
    for (size_t i = 0; i < rrset->n_rdatas; i++) {
        if (fixture->dnssec && rrset->type == FDNS_TYPE_RRSIG) {
            uint16_t covered =
                (uint16_t)(rrset->rdatas[i].octets[0] << 8) | rrset->rdatas[i].octets[1];
            fdns_buf_format(out, " +%s", fdns_type_print(covered, type));
            continue;
        }
        fdns_buf_format(out, "\n%s %s %u %s %s", prefix, fdns_name_print(rrset->owner, owner),
                        (unsigned)rrset->ttl, fdns_type_print(rrset->type, type),
                        fdns_rdata_text(&fixture->arena, rrset->type, rrset->rdatas[i].octets,
                                        rrset->rdatas[i].len));
    }
}

const char *fixture_ask(struct fixture *fixture, const char *name, const char *type)
{
    static const char *const prefixes[] = {"an", "au", "ad"};
    struct fdns_zone_set set = {fixture->zones, fixture->n_zones};
    struct fdns_honest honest;
    uint16_t number = 0;
    CHECK(fdns_type_parse(type, &number));
    fdns_honest_answer(&honest, &fixture->arena, &set, fixture_name(fixture, name), number,
                       fixture->dnssec);
    struct fdns_buf out;
    fdns_buf_init(&out, 1 << 20);
    char rcode[FDNS_CODE_TEXT_MAX];
    fdns_buf_format(&out, "%s%s%s", fdns_rcode_print(honest.rcode, rcode), honest.aa ? " aa" : "",
                    honest.referral ? " referral" : "");
    for (unsigned s = 0; s < FDNS_N_SECTIONS; s++) {
        for (size_t i = 0; i < honest.sections[s].n_items; i++) {
            bool glue = s == FDNS_ADDITIONAL && i < honest.n_required_glue;
            add_rrset(fixture, &out, glue ? "gl" : prefixes[s], &honest.sections[s].items[i]);
        }
    }
    const char *text = fdns_arena_string(&fixture->arena, fdns_buf_text(&out));
    fdns_buf_clear(&out);
    return text;
}

const char *fixture_diags(struct fixture *fixture)
{
    struct fdns_buf out;
    fdns_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < fixture->diags.n_items; i++) {
        const struct fdns_diag *diag = &fixture->diags.items[i];
        fdns_buf_format(&out, "%s%u:%u: %s: %s", i > 0 ? "\n" : "", diag->line, diag->column,
                        diag->severity == FDNS_ERROR ? "error" : "warning", diag->message);
    }
    const char *text = fdns_arena_string(&fixture->arena, fdns_buf_text(&out));
    fdns_buf_clear(&out);
    return text;
}
