#include "fakedns/zone/check.h"
#include "fakedns/zone/zone.h"

static bool takes_out(const struct fdns_removal *removal, const struct fdns_record *record)
{
    return (removal->type == 0 || removal->type == record->type) &&
           fdns_name_equal(removal->name, record->owner);
}

// Among all records: those of NSEC3 have no node.
static bool matches_something(const struct fdns_removal *removal, const struct fdns_zone *zone)
{
    for (size_t i = 0; i < zone->n_records; i++) {
        if (takes_out(removal, &zone->records[i])) {
            return true;
        }
    }
    return false;
}

static void blame(struct fdns_diags *diags, const struct fdns_source *source,
                  const struct fdns_removal *removal)
{
    char name[FDNS_NAME_TEXT_MAX];
    char type[FDNS_CODE_TEXT_MAX];
    fdns_name_print(removal->name, name);
    const char *what = removal->type == 0 ? "record" : fdns_type_print(removal->type, type);
    fdns_diag(diags, FDNS_ERROR, source, removal->line, removal->column,
              "there is no %s of %s to remove", what, name);
}

static bool adds_soa(const struct fdns_record *additions, size_t n_additions, const uint8_t *apex)
{
    for (size_t i = 0; i < n_additions; i++) {
        if (additions[i].type == FDNS_TYPE_SOA && fdns_name_equal(additions[i].owner, apex)) {
            return true;
        }
    }
    return false;
}

const struct fdns_zone *fdns_zone_edit(struct fdns_arena *arena, const struct fdns_zone *zone,
                                       const struct fdns_removal *removals, size_t n_removals,
                                       const struct fdns_record *additions, size_t n_additions,
                                       bool check, const struct fdns_source *source,
                                       struct fdns_diags *diags)
{
    bool good = true;
    for (size_t i = 0; i < n_removals; i++) {
        if (!matches_something(&removals[i], zone)) {
            blame(diags, source, &removals[i]);
            good = false;
        }
    }
    struct fdns_record *records =
        fdns_arena_array(arena, zone->n_records + n_additions, sizeof *records);
    bool new_soa = adds_soa(additions, n_additions, zone->apex);
    size_t n_records = 0;
    for (size_t i = 0; i < zone->n_records; i++) {
        const struct fdns_record *record = &zone->records[i];
        bool out = new_soa && record->type == FDNS_TYPE_SOA;
        for (size_t j = 0; !out && j < n_removals; j++) {
            out = takes_out(&removals[j], record);
        }
        if (!out) {
            records[n_records] = *record;
            // Its place is in another source than that of the edit.
            records[n_records].line = 0;
            records[n_records++].column = 0;
        }
    }
    for (size_t i = 0; i < n_additions; i++) {
        records[n_records++] = additions[i];
    }
    const struct fdns_zone *edited =
        fdns_zone_build(arena, zone->apex, records, n_records, check, source, diags);
    return good ? edited : NULL;
}
