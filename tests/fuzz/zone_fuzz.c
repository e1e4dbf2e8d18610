// Any bytes as zone text: it is read, built with and without checks, edited and asked, and what the
// answers point to is there.
#include "fakedns/zone/honest.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t apex[] = "\7example\3com";

static void ask(const struct fdns_zone *zone, struct fdns_arena *arena, const uint8_t *name)
{
    static const uint16_t types[] = {FDNS_TYPE_A,  FDNS_TYPE_NS, FDNS_TYPE_CNAME, FDNS_TYPE_DNAME,
                                     FDNS_TYPE_MX, FDNS_TYPE_DS, FDNS_TYPE_SOA,   FDNS_TYPE_ANY};
    struct fdns_zone_set set = {&zone, 1};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct fdns_honest honest;
        fdns_honest_answer(&honest, arena, &set, name, types[i], i % 2 != 0);
        assert(honest.zone == zone);
        assert(honest.n_required_glue <= honest.sections[FDNS_ADDITIONAL].n_items);
        for (unsigned s = 0; s < FDNS_N_SECTIONS; s++) {
            for (size_t j = 0; j < honest.sections[s].n_items; j++) {
                const struct fdns_rrset *rrset = &honest.sections[s].items[j];
                assert(rrset->n_rdatas > 0);
                assert(fdns_name_measure(rrset->owner, FDNS_NAME_MAX) > 0);
            }
        }
    }
}

// Every name of the zone, a name below it and one beside it.
static void ask_around(const struct fdns_zone *zone, const struct fdns_records *records)
{
    enum { RECORDS_ASKED = 50 };
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < records->n_items && i < RECORDS_ASKED; i++) {
        const uint8_t *owner = records->items[i].owner;
        uint8_t name[FDNS_NAME_MAX];
        ask(zone, &arena, owner);
        if (fdns_name_join((const uint8_t *)"\3new", 1, owner, name) == FDNS_OK) {
            ask(zone, &arena, name);
        }
        if (fdns_name_below(owner, apex) &&
            fdns_name_join((const uint8_t *)"\3new", 1, fdns_name_skip(owner, 1), name) ==
                FDNS_OK) {
            ask(zone, &arena, name);
        }
        fdns_arena_reset(&arena);
    }
    fdns_arena_clear(&arena);
}

static void edit(const struct fdns_zone *zone, struct fdns_arena *arena,
                 const struct fdns_source *source, const struct fdns_records *records,
                 struct fdns_diags *diags)
{
    const struct fdns_record *last = &records->items[records->n_items - 1];
    struct fdns_removal removal = {last->owner, last->type, 1, 1};
    const struct fdns_zone *less =
        fdns_zone_edit(arena, zone, &removal, 1, NULL, 0, false, source, diags);
    assert(less != NULL && less->n_records < zone->n_records);
    const struct fdns_zone *again = fdns_zone_edit(arena, less, NULL, 0, records->items,
                                                   records->n_items, false, source, diags);
    assert(again != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fdns_arena arena;
    struct fdns_diags diags;
    fdns_arena_init(&arena, 0);
    fdns_diags_init(&diags);
    struct fdns_source source = {.file = "zone", .text = (const char *)data, .len = size};
    struct fdns_records records = {0};
    bool good = fdns_zone_text_parse(&arena, &source, apex, 300, &records, &diags);
    assert(good == (diags.n_errors == 0));
    fdns_zone_build(&arena, apex, records.items, records.n_items, true, &source, &diags);
    const struct fdns_zone *zone =
        fdns_zone_build(&arena, apex, records.items, records.n_items, false, &source, &diags);
    if (zone != NULL && records.n_items > 0) {
        ask_around(zone, &records);
        edit(zone, &arena, &source, &records, &diags);
    }
    fdns_diags_clear(&diags);
    fdns_arena_clear(&arena);
    return 0;
}
