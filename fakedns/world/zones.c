// The `zones` of a world.
#include "fakedns/base/suggest.h"
#include "fakedns/world/build.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_TTL = 300 };

bool fdns_build_records(struct fdns_arena *arena, const struct fdns_node *text,
                        const struct fdns_source *source, const uint8_t *origin,
                        struct fdns_records *records, struct fdns_diags *diags)
{
    struct fdns_source block = fdns_node_source(text, source);
    size_t first = records->n_items;
    if (!fdns_zone_text_parse(arena, &block, origin, DEFAULT_TTL, records, diags)) {
        return false;
    }
    for (size_t i = first; i < records->n_items; i++) {
        struct fdns_record *record = &records->items[i];
        unsigned before = block.first_line > 0 ? block.first_line - 1 : 0;
        record->line = block.fixed_place ? block.first_line : record->line + before;
        record->column = block.indentation + (block.fixed_place ? 1 : record->column);
    }
    return true;
}

// One "NAME TYPE" or "NAME". False after a diagnostic.
static bool read_removal(struct fdns_building *b, const struct fdns_node *node, const uint8_t *apex,
                         struct fdns_removal *removal)
{
    size_t len = strcspn(node->text, " \t");
    const char *type = node->text + len + strspn(node->text + len, " \t");
    char text[FDNS_NAME_TEXT_MAX + 1];
    uint8_t name[FDNS_NAME_MAX];
    const char *why = NULL;
    *removal = (struct fdns_removal){.line = node->line, .column = node->column};
    if (len > FDNS_NAME_TEXT_MAX) {
        len = 0;
    }
    memcpy(text, node->text, len);
    text[len] = '\0';
    if (strcmp(text, "@") == 0) {
        memcpy(name, apex, fdns_name_len(apex));
    } else if (fdns_name_parse(text, apex, name) != FDNS_OK) {
        why = "does not begin with a domain name";
    }
    if (why == NULL && *type != '\0' && !fdns_type_parse(type, &removal->type)) {
        why = "has no RR type after the name";
    }
    if (why != NULL) {
        fdns_diag(b->diags, FDNS_ERROR, b->source, node->line, node->column, "\"%s\" %s",
                  node->text, why);
        return false;
    }
    removal->name = fdns_name_copy(&b->world->arena, name);
    return true;
}

const struct fdns_removal *fdns_build_removals(struct fdns_building *b,
                                               const struct fdns_node *list, const uint8_t *apex,
                                               size_t *n)
{
    *n = 0;
    if (list == NULL) {
        return NULL;
    }
    struct fdns_removal *removals =
        fdns_arena_array(&b->world->arena, fdns_node_n(list), sizeof(*removals));
    for (size_t i = 0; i < fdns_node_n(list); i++) {
        if (read_removal(b, fdns_node_item(list, i), apex, &removals[*n])) {
            ++*n;
        }
    }
    return removals;
}

// --- the set of zones

// Place of apex in the sorted zones, or where it would stand.
static size_t place_of(const struct fdns_zone *const *zones, size_t n, const uint8_t *apex,
                       bool *found)
{
    size_t low = 0, high = n;
    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = fdns_name_compare(zones[middle]->apex, apex);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct fdns_zone *fdns_world_find_zone(const struct fdns_world *world, const uint8_t *apex)
{
    bool found = false;
    size_t at = place_of(world->zones, world->n_zones, apex, &found);
    return found ? world->zones[at] : NULL;
}

const struct fdns_zone *fdns_build_find_zone(const struct fdns_building *b, const uint8_t *apex)
{
    bool found = false;
    size_t at = place_of(b->zones, b->n_zones, apex, &found);
    return found ? b->zones[at] : NULL;
}

static void put_zone(struct fdns_building *b, const struct fdns_zone *zone)
{
    bool found = false;
    size_t at = place_of(b->zones, b->n_zones, zone->apex, &found);
    if (!found) {
        b->zones = fdns_arena_grow(&b->world->arena, b->zones, b->n_zones, b->n_zones + 1,
                                   sizeof(*b->zones), &b->zones_capacity);
        memmove(&b->zones[at + 1], &b->zones[at], (b->n_zones - at) * sizeof(*b->zones));
        b->n_zones++;
    }
    b->zones[at] = zone;
    fdns_build_mark_changed(b, zone->apex);
}

void fdns_build_mark_changed(struct fdns_building *b, const uint8_t *apex)
{
    if (fdns_build_is_changed(b, apex)) {
        return;
    }
    b->changed = fdns_arena_grow(&b->world->arena, b->changed, b->n_changed, b->n_changed + 1,
                                 sizeof(*b->changed), &b->changed_capacity);
    b->changed[b->n_changed++] = apex;
}

bool fdns_build_is_changed(const struct fdns_building *b, const uint8_t *apex)
{
    for (size_t i = 0; i < b->n_changed; i++) {
        if (fdns_name_equal(b->changed[i], apex)) {
            return true;
        }
    }
    return false;
}

const struct fdns_zone *fdns_build_get_zone(struct fdns_building *b, const struct fdns_node *name)
{
    uint8_t apex[FDNS_NAME_MAX];
    const struct fdns_zone *zone = NULL;
    if (fdns_name_parse(name->text, NULL, apex) == FDNS_OK) {
        zone = fdns_build_find_zone(b, apex);
    }
    if (zone != NULL) {
        return zone;
    }
    const char **words = fdns_arena_array(&b->world->arena, b->n_zones, sizeof(*words));
    for (size_t i = 0; i < b->n_zones; i++) {
        char *text = fdns_name_text(&b->world->arena, b->zones[i]->apex);
        if (strlen(text) > 1) {
            text[strlen(text) - 1] = '\0'; // as people write it
        }
        words[i] = text;
    }
    const char *near = fdns_suggest(name->text, words, b->n_zones);
    fdns_diag(b->diags, FDNS_ERROR, b->source, name->line, name->column,
              near != NULL ? "the world has no zone \"%s\" (did you mean \"%s\"?)"
                           : "the world has no zone \"%s\"",
              name->text, near);
    return NULL;
}

// --- one zone

static const struct fdns_zone *read_text(struct fdns_building *b, const uint8_t *apex,
                                         const struct fdns_node *text, bool check)
{
    struct fdns_records records = {0};
    if (!fdns_build_records(&b->world->arena, text, b->source, apex, &records, b->diags)) {
        return NULL;
    }
    size_t errors = b->diags->n_errors;
    const struct fdns_zone *zone = fdns_zone_build(&b->world->arena, apex, records.items,
                                                   records.n_items, check, b->source, b->diags);
    if (zone == NULL && b->diags->n_errors == errors) {
        fdns_diag(b->diags, FDNS_ERROR, b->source, text->line, text->column,
                  "the zone cannot be served");
    }
    return zone;
}

static const struct fdns_zone *read_file(struct fdns_building *b, const uint8_t *apex,
                                         const struct fdns_node *file, bool check)
{
    char *path = fdns_find_file(&b->world->arena, b->source->file, file->text);
    if (path == NULL) {
        fdns_diag(b->diags, FDNS_ERROR, b->source, file->line, file->column,
                  "there is no file \"%s\" in the folder of this file or above it", file->text);
        return NULL;
    }
    return fdns_zone_load(&b->world->arena, path, apex, check, b->diags);
}

// What a record edits: its own text, a file, or the base's zone.
static const struct fdns_zone *read_source(struct fdns_building *b, const uint8_t *apex,
                                           const struct fdns_pair *pair, bool check)
{
    const struct fdns_node *text = fdns_node_find(pair->value, "text");
    const struct fdns_node *file = fdns_node_find(pair->value, "file");
    if (text != NULL && file != NULL) {
        fdns_diag(b->diags, FDNS_ERROR, b->source, file->line, file->column,
                  "a zone has either `text` or `file`");
        return NULL;
    }
    if (text != NULL) {
        return read_text(b, apex, text, check);
    }
    if (file != NULL) {
        return read_file(b, apex, file, check);
    }
    const struct fdns_zone *old = fdns_build_get_zone(b, pair->key);
    return old != NULL && old->plain != NULL ? old->plain : old;
}

static const struct fdns_zone *read_record(struct fdns_building *b, const uint8_t *apex,
                                           const struct fdns_pair *pair)
{
    const struct fdns_node *word = fdns_node_find(pair->value, "check");
    const struct fdns_node *add = fdns_node_find(pair->value, "add");
    const struct fdns_zone *old = fdns_build_find_zone(b, apex);
    bool check = word != NULL ? fdns_node_boolean(word) : old == NULL || old->check;
    const struct fdns_zone *zone = read_source(b, apex, pair, check);
    fdns_build_read_sign(b, apex, fdns_node_find(pair->value, "sign"));
    struct fdns_records additions = {0};
    size_t n_removals = 0;
    const struct fdns_removal *removals =
        fdns_build_removals(b, fdns_node_find(pair->value, "remove"), apex, &n_removals);
    bool readable = add == NULL || fdns_build_records(&b->world->arena, add, b->source, apex,
                                                      &additions, b->diags);
    if (zone == NULL || !readable) {
        return NULL;
    }
    if (n_removals == 0 && additions.n_items == 0 && check == zone->check) {
        return zone;
    }
    return fdns_zone_edit(&b->world->arena, zone, removals, n_removals, additions.items,
                          additions.n_items, check, b->source, b->diags);
}

void fdns_build_zones(struct fdns_building *b, const struct fdns_node *zones)
{
    size_t errors = b->diags->n_errors;
    for (size_t i = 0; zones != NULL && i < zones->n_pairs; i++) {
        const struct fdns_pair *pair = &zones->pairs[i];
        uint8_t name[FDNS_NAME_MAX];
        if (fdns_name_parse(pair->key->text, NULL, name) != FDNS_OK) {
            fdns_diag(b->diags, FDNS_ERROR, b->source, pair->key->line, pair->key->column,
                      "\"%s\" is no domain name", pair->key->text);
            continue;
        }
        const uint8_t *apex = fdns_name_copy(&b->world->arena, name);
        const struct fdns_zone *zone = pair->value->kind == FDNS_SCALAR
                                           ? read_text(b, apex, pair->value, true)
                                           : read_record(b, apex, pair);
        if (zone != NULL) {
            put_zone(b, zone);
        }
    }
    if (b->diags->n_errors == errors) {
        fdns_build_sign(b);
    }
}
