#include "fakedns/wire/show.h"
#include "fakedns/zone/zone.h"

static void print_record(const struct fdns_record *record, struct fdns_buf *out)
{
    struct fdns_arena scratch;
    char owner[FDNS_NAME_TEXT_MAX];
    char type[FDNS_CODE_TEXT_MAX];
    fdns_arena_init(&scratch, 0);
    fdns_buf_format(
        out, "%s %u IN %s %s\n", fdns_name_print(record->owner, owner), (unsigned)record->ttl,
        fdns_type_print(record->type, type),
        fdns_rdata_text(&scratch, record->type, record->rdata.octets, record->rdata.len));
    fdns_arena_clear(&scratch);
}

void fdns_zone_print(const struct fdns_zone *zone, struct fdns_buf *out)
{
    for (unsigned others = 0; others < 2; others++) {
        for (size_t i = 0; i < zone->n_records; i++) {
            if ((zone->records[i].type != FDNS_TYPE_SOA) == (others != 0)) {
                print_record(&zone->records[i], out);
            }
        }
    }
}
