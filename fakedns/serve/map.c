#include "fakedns/serve/map.h"

#include "fakedns/base/fatal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_OCTETS = 256, FILE_MAX_OCTETS = 4 << 20 };

void fdns_map_init(struct fdns_map *map)
{
    *map = (struct fdns_map){0};
}

void fdns_map_clear(struct fdns_map *map)
{
    free(map->entries);
    free(map->sources);
    fdns_map_init(map);
}

static void reserve(struct fdns_map *map)
{
    if (map->n_entries < map->capacity) {
        return;
    }
    map->capacity = map->capacity != 0 ? 2 * map->capacity : 16;
    map->entries = realloc(map->entries, map->capacity * sizeof *map->entries);
    if (map->entries == NULL) {
        fdns_fatal("out of memory");
    }
}

enum fdns_error fdns_map_add(struct fdns_map *map, const struct fdns_address *scripted,
                             const struct fdns_address *endpoint)
{
    if (fdns_map_find(map, scripted) != NULL) {
        return FDNS_EXISTS;
    }
    if (map->n_entries == FDNS_MAP_MAX) {
        return FDNS_TOO_LARGE;
    }
    reserve(map);
    map->entries[map->n_entries++] = (struct fdns_map_entry){*scripted, *endpoint};
    return FDNS_OK;
}

const struct fdns_address *fdns_map_find(const struct fdns_map *map,
                                         const struct fdns_address *scripted)
{
    for (size_t i = 0; i < map->n_entries; i++) {
        if (fdns_address_equal(&map->entries[i].scripted, scripted)) {
            return &map->entries[i].endpoint;
        }
    }
    return NULL;
}

bool fdns_map_add_source(struct fdns_map *map, const struct fdns_address *scripted,
                         const struct fdns_address *endpoint)
{
    if (map->n_sources == FDNS_MAP_SOURCES_MAX) {
        return false;
    }
    if (map->sources == NULL) {
        map->sources = calloc(FDNS_MAP_SOURCES_MAX, sizeof *map->sources);
    }
    if (map->sources == NULL) {
        fdns_fatal("out of memory");
    }
    map->sources[map->n_sources++] = (struct fdns_map_entry){*scripted, *endpoint};
    return true;
}

static const struct fdns_address *scripted_of(const struct fdns_map_entry *entries, size_t n,
                                              const struct fdns_address *endpoint)
{
    for (size_t i = 0; i < n; i++) {
        if (fdns_address_equal(&entries[i].endpoint, endpoint)) {
            return &entries[i].scripted;
        }
    }
    return NULL;
}

const struct fdns_address *fdns_map_find_scripted(const struct fdns_map *map,
                                                  const struct fdns_address *endpoint)
{
    const struct fdns_address *scripted = scripted_of(map->entries, map->n_entries, endpoint);
    if (scripted == NULL) {
        scripted = scripted_of(map->sources, map->n_sources, endpoint);
    }
    return scripted == NULL && map->behind != NULL ? fdns_map_find_scripted(map->behind, endpoint)
                                                   : scripted;
}

void fdns_map_print(const struct fdns_map *map, struct fdns_buf *out)
{
    char scripted[FDNS_ADDRESS_TEXT_MAX];
    char endpoint[FDNS_ADDRESS_TEXT_MAX];
    for (size_t i = 0; i < map->n_entries; i++) {
        fdns_buf_format(out, "server %s %s\n",
                        fdns_address_print(&map->entries[i].scripted, scripted),
                        fdns_address_print(&map->entries[i].endpoint, endpoint));
    }
    if (map->has_resolver) {
        fdns_buf_format(out, "resolver %s\n", fdns_address_print(&map->resolver, endpoint));
    }
}

// Where a mistake is: the source, the line, and the word (its start in the line).
struct place {
    struct fdns_diags *diags;
    const struct fdns_source *source;
    unsigned line;
    const char *start;
};

static bool fail(const struct place *place, const char *word, const char *message)
{
    unsigned column = (unsigned)(word - place->start) + 1;
    fdns_diag(place->diags, FDNS_ERROR, place->source, place->line, column, "%s", message);
    return false;
}

static bool read_address(const struct place *place, const char *word, struct fdns_address *address)
{
    if (word == NULL) {
        return fail(place, place->start, "an address is missing");
    }
    if (fdns_address_parse(word, 53, address) != FDNS_OK) {
        return fail(place, word, "not an address such as 192.0.2.1:53 or [2001:db8::1]:53");
    }
    return true;
}

static bool read_server(struct fdns_map *map, const struct place *place, char **rest)
{
    struct fdns_address scripted;
    struct fdns_address endpoint;
    const char *word = strtok_r(NULL, " \t", rest);
    if (!read_address(place, word, &scripted) ||
        !read_address(place, strtok_r(NULL, " \t", rest), &endpoint)) {
        return false;
    }
    enum fdns_error error = fdns_map_add(map, &scripted, &endpoint);
    if (error == FDNS_EXISTS) {
        return fail(place, word, "this address is in the map already");
    }
    return error == FDNS_OK ? true : fail(place, word, "too many addresses");
}

static bool read_resolver(struct fdns_map *map, const struct place *place, char **rest)
{
    if (map->has_resolver) {
        return fail(place, place->start, "there is a resolver already");
    }
    map->has_resolver = read_address(place, strtok_r(NULL, " \t", rest), &map->resolver);
    return map->has_resolver;
}

static bool read_line(struct fdns_map *map, struct place *place, char *text)
{
    char *rest = NULL;
    place->start = text;
    const char *word = strtok_r(text, " \t", &rest);
    bool is_server = word != NULL && strcmp(word, "server") == 0;
    bool is_resolver = word != NULL && strcmp(word, "resolver") == 0;
    if (!is_server && !is_resolver) {
        return true;
    }
    bool good = is_server ? read_server(map, place, &rest) : read_resolver(map, place, &rest);
    const char *more = good ? strtok_r(NULL, " \t", &rest) : NULL;
    return more == NULL ? good : fail(place, more, "nothing may follow here");
}

bool fdns_map_parse(struct fdns_map *map, const struct fdns_source *source,
                    struct fdns_diags *diags)
{
    struct place place = {.diags = diags, .source = source};
    bool good = true;
    size_t at = 0;
    while (at < source->len) {
        const char *end = memchr(source->text + at, '\n', source->len - at);
        size_t len = end != NULL ? (size_t)(end - source->text) - at : source->len - at;
        char line[LINE_MAX_OCTETS];
        size_t kept = len < sizeof line ? len : sizeof line - 1;
        memcpy(line, source->text + at, kept);
        if (kept > 0 && line[kept - 1] == '\r') {
            kept--;
        }
        line[kept] = '\0';
        place.line++;
        if (!read_line(map, &place, line)) {
            good = false;
        }
        at += len + 1;
    }
    return good;
}

bool fdns_map_load(struct fdns_map *map, const char *path, struct fdns_diags *diags)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fdns_diag_file(diags, FDNS_ERROR, path, "cannot be read: %s", strerror(errno));
        return false;
    }
    struct fdns_buf text;
    fdns_buf_init(&text, FILE_MAX_OCTETS);
    char chunk[4096];
    size_t n = 0;
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0 && !text.overflow) {
        fdns_buf_append(&text, chunk, n);
    }
    bool good = !text.overflow && ferror(file) == 0;
    fclose(file);
    if (!good) {
        fdns_diag_file(diags, FDNS_ERROR, path, "cannot be read, or is larger than 4 MiB");
    }
    struct fdns_source source = {.file = path, .text = (const char *)text.data, .len = text.len};
    good = good && fdns_map_parse(map, &source, diags);
    fdns_buf_clear(&text);
    return good;
}
