// Worlds that others build on, each parsed once.
#include "fakedns/base/fatal.h"
#include "fakedns/world/build.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    struct entry *next;
    char *path; // canonical
    bool loading;
    struct fdns_world *world; // NULL: it has mistakes
};

struct fdns_world_library {
    struct entry *entries;
    unsigned depth;
    uint32_t epoch_s;
    uint64_t seed;
};

enum { FIXED_EPOCH_S = 1767225600 }; // 2026-01-01T00:00:00Z

struct fdns_world_library *fdns_world_library_new(void)
{
    struct fdns_world_library *library = calloc(1, sizeof(*library));
    if (library == NULL) {
        fdns_fatal("out of memory");
    }
    library->epoch_s = FIXED_EPOCH_S;
    return library;
}

void fdns_world_library_signing(struct fdns_world_library *library, uint32_t epoch_s, uint64_t seed)
{
    library->epoch_s = epoch_s;
    library->seed = seed;
}

uint32_t fdns_library_epoch(const struct fdns_world_library *library)
{
    return library != NULL ? library->epoch_s : FIXED_EPOCH_S;
}

uint64_t fdns_library_seed(const struct fdns_world_library *library)
{
    return library != NULL ? library->seed : 0;
}

void fdns_world_library_free(struct fdns_world_library *library)
{
    if (library == NULL) {
        return;
    }
    while (library->entries != NULL) {
        struct entry *entry = library->entries;
        library->entries = entry->next;
        fdns_world_free(entry->world);
        free(entry->path);
        free(entry);
    }
    free(library);
}

static struct entry *find_entry(const struct fdns_world_library *library, const char *path)
{
    for (struct entry *entry = library->entries; entry != NULL; entry = entry->next) {
        if (strcmp(entry->path, path) == 0) {
            return entry;
        }
    }
    return NULL;
}

static struct entry *add_entry(struct fdns_world_library *library, char *path)
{
    struct entry *entry = calloc(1, sizeof(*entry));
    if (entry == NULL) {
        fdns_fatal("out of memory");
    }
    entry->path = path;
    entry->next = library->entries;
    library->entries = entry;
    return entry;
}

const struct fdns_world *fdns_library_get(struct fdns_world_library *library,
                                          const struct fdns_node *node,
                                          const struct fdns_source *source,
                                          struct fdns_diags *diags)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 1024);
    char *path = fdns_find_file(&arena, source->file, node->text);
    char *real = path != NULL ? realpath(path, NULL) : NULL;
    struct entry *entry = real != NULL ? find_entry(library, real) : NULL;
    const char *why = NULL;
    if (real == NULL) {
        why = "is in neither the folder of this file nor one above it";
    } else if (entry != NULL && entry->loading) {
        why = "builds on itself";
    } else if (entry == NULL && library->depth == FDNS_WORLD_BASES_MAX) {
        why = "is the end of too long a chain of bases";
    } else if (entry == NULL) {
        entry = add_entry(library, real);
        real = NULL;
        entry->loading = true;
        library->depth++;
        entry->world = fdns_world_load(library, path, diags);
        library->depth--;
        entry->loading = false;
    }
    if (why == NULL && entry->world == NULL) {
        why = "has mistakes";
    }
    if (why != NULL) {
        fdns_diag(diags, FDNS_ERROR, source, node->line, node->column, "the base \"%s\" %s",
                  node->text, why);
    }
    free(real);
    fdns_arena_clear(&arena);
    return why == NULL ? entry->world : NULL;
}

static struct fdns_world *load(struct fdns_world_library *library, const struct fdns_node *node,
                               const struct fdns_source *source, struct fdns_diags *diags)
{
    const struct fdns_node *part = node != NULL ? fdns_node_find(node, "world") : NULL;
    if (part != NULL) {
        node = part;
    }
    if (node == NULL || !fdns_schema_check(&fdns_type_world, node, source, diags)) {
        return NULL;
    }
    return fdns_world_build(library, node, source, diags);
}

struct fdns_world *fdns_world_load(struct fdns_world_library *library, const char *path,
                                   struct fdns_diags *diags)
{
    struct fdns_arena arena;
    struct fdns_source source = {0};
    fdns_arena_init(&arena, 0);
    const struct fdns_node *node = fdns_yaml_load(&arena, path, &source, diags);
    struct fdns_world *world = load(library, node, &source, diags);
    fdns_arena_clear(&arena);
    return world;
}

struct fdns_world *fdns_world_load_text(struct fdns_world_library *library, const char *name,
                                        const char *text, size_t len, struct fdns_diags *diags)
{
    struct fdns_arena arena;
    struct fdns_source source = {.file = name, .text = text, .len = len};
    fdns_arena_init(&arena, 0);
    const struct fdns_node *node = fdns_yaml_parse(&arena, &source, diags);
    struct fdns_world *world = load(library, node, &source, diags);
    fdns_arena_clear(&arena);
    return world;
}
