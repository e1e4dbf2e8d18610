#include "harness/run/select.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 16 };

struct files {
    struct fdns_arena *arena;
    const char **items;
    size_t n;
    size_t capacity;
};

static void add_file(struct files *files, const char *path)
{
    files->items = fdns_arena_grow(files->arena, files->items, files->n, files->n + 1,
                                   sizeof *files->items, &files->capacity);
    files->items[files->n++] = path;
}

static bool is_yaml(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

static bool search(struct files *files, const char *folder, unsigned depth,
                   struct fdns_diags *diags)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        fdns_diag_file(diags, FDNS_ERROR, folder, "cannot be read: %s", strerror(errno));
        return false;
    }
    bool good = true;
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
        const char *path = fdns_arena_format(files->arena, "%s%s%s", folder, slash, entry->d_name);
        struct stat status;
        if (entry->d_name[0] == '.' || stat(path, &status) != 0) {
            continue;
        }
        if (S_ISDIR(status.st_mode) && strcmp(entry->d_name, "lib") != 0 && depth < MAX_DEPTH) {
            good &= search(files, path, depth + 1, diags);
        } else if (S_ISREG(status.st_mode) && is_yaml(entry->d_name)) {
            add_file(files, path);
        }
    }
    closedir(dir);
    return good;
}

static bool add_path(struct files *files, const char *path, struct fdns_diags *diags)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        fdns_diag_file(diags, FDNS_ERROR, path, "cannot be read: %s", strerror(errno));
        return false;
    }
    if (S_ISDIR(status.st_mode)) {
        return search(files, path, 0, diags);
    }
    add_file(files, path);
    return true;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_and_unite(struct files *files)
{
    if (files->n == 0) {
        return;
    }
    qsort(files->items, files->n, sizeof *files->items, by_path);
    size_t kept = 1;
    for (size_t i = 1; i < files->n; i++) {
        if (strcmp(files->items[i], files->items[kept - 1]) != 0) {
            files->items[kept++] = files->items[i];
        }
    }
    files->n = kept;
}

static bool passes_filters(const struct dc_selection_options *options, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *last = slash != NULL ? slash + 1 : path;
    for (size_t i = 0; i < options->n_filters; i++) {
        if (fnmatch(options->filters[i], path, 0) == 0 ||
            fnmatch(options->filters[i], last, 0) == 0) {
            return true;
        }
    }
    return options->n_filters == 0;
}

// One of the words that are asked for is among those that there are, or none is asked for.
static bool has_any(const char *const *wanted, size_t n_wanted, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n_wanted; i++) {
        for (size_t k = 0; k < n; k++) {
            if (strcmp(wanted[i], words[k]) == 0) {
                return true;
            }
        }
    }
    return n_wanted == 0;
}

static bool is_wanted(const struct dc_selection_options *options,
                      const struct dc_scenario *scenario)
{
    return has_any(options->tags, options->n_tags, scenario->tags, scenario->n_tags) &&
           has_any(options->refs, options->n_refs, scenario->refs, scenario->n_refs);
}

static bool in_shard(const struct dc_selection_options *options, size_t index)
{
    return options->shard_count == 0 || index % options->shard_count == options->shard_index - 1;
}

static bool load(struct dc_selection *selection, const struct dc_selection_options *options,
                 const struct files *files, struct fdns_diags *diags)
{
    bool good = true;
    size_t n_selected = 0;
    selection->scenarios =
        fdns_arena_array(&selection->arena, files->n, sizeof *selection->scenarios);
    for (size_t i = 0; i < files->n; i++) {
        if (!passes_filters(options, files->items[i])) {
            continue;
        }
        struct dc_scenario *scenario = dc_scenario_load(selection->library, files->items[i], diags);
        if (scenario == NULL) {
            good = false;
        } else if (is_wanted(options, scenario) && in_shard(options, n_selected++)) {
            selection->scenarios[selection->n_scenarios++] = scenario;
        } else {
            dc_scenario_free(scenario);
        }
    }
    return good;
}

bool dc_select(struct dc_selection *selection, const struct dc_selection_options *options,
               struct fdns_diags *diags)
{
    *selection = (struct dc_selection){0};
    fdns_arena_init(&selection->arena, 0);
    selection->library = fdns_world_library_new();
    struct files files = {.arena = &selection->arena};
    bool good = true;
    for (size_t i = 0; i < options->n_paths; i++) {
        good &= add_path(&files, options->paths[i], diags);
    }
    sort_and_unite(&files);
    return load(selection, options, &files, diags) && good;
}

void dc_selection_clear(struct dc_selection *selection)
{
    for (size_t i = 0; i < selection->n_scenarios; i++) {
        dc_scenario_free(selection->scenarios[i]);
    }
    fdns_world_library_free(selection->library);
    fdns_arena_clear(&selection->arena);
}
