// Files that worlds name: finding them, and reading zone files.
#include "fakedns/world/build.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDERS_MAX = 32, PATH_LEN_MAX = 4096 };

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

// "a/b" to "a", "a" to ".", "." to "..", ".." to "../..". False above the root.
static bool go_up(char folder[PATH_LEN_MAX])
{
    char *slash = strrchr(folder, '/');
    const char *last = slash != NULL ? slash + 1 : folder;
    if (strcmp(folder, "/") == 0) {
        return false;
    }
    if (strcmp(last, "..") == 0) {
        if (strlen(folder) + 4 > PATH_LEN_MAX) {
            return false;
        }
        strcat(folder, "/..");
    } else if (strcmp(folder, ".") == 0) {
        strcpy(folder, "..");
    } else if (slash == NULL) {
        strcpy(folder, ".");
    } else {
        slash[slash == folder] = '\0';
    }
    return true;
}

char *fdns_find_file(struct fdns_arena *arena, const char *from, const char *name)
{
    char folder[PATH_LEN_MAX];
    if (name[0] == '/') {
        return is_file(name) ? fdns_arena_string(arena, name) : NULL;
    }
    if (name[0] == '\0' || strlen(from) >= sizeof(folder) || strlen(name) >= PATH_LEN_MAX) {
        return NULL;
    }
    strcpy(folder, from);
    go_up(folder); // from the file to its folder
    for (unsigned i = 0; i < FOLDERS_MAX; i++) {
        bool here = strcmp(folder, ".") == 0;
        char *path =
            here ? fdns_arena_string(arena, name) : fdns_arena_format(arena, "%s/%s", folder, name);
        if (is_file(path)) {
            return path;
        }
        if (!go_up(folder)) {
            break;
        }
    }
    return NULL;
}

// The whole file, or NULL after a diagnostic.
static const char *read_whole(struct fdns_arena *arena, const char *path, size_t *len,
                              struct fdns_diags *diags)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fdns_diag_file(diags, FDNS_ERROR, path, "cannot be read: %s", strerror(errno));
        return NULL;
    }
    struct fdns_buf buf;
    char piece[65536];
    size_t n = 0;
    fdns_buf_init(&buf, FDNS_ZONE_FILE_MAX);
    while (!buf.overflow && (n = fread(piece, 1, sizeof(piece), file)) > 0) {
        fdns_buf_append(&buf, piece, n);
    }
    const char *text = NULL;
    if (ferror(file) != 0) {
        fdns_diag_file(diags, FDNS_ERROR, path, "cannot be read: %s", strerror(errno));
    } else if (buf.overflow) {
        fdns_diag_file(diags, FDNS_ERROR, path, "is larger than %d octets", FDNS_ZONE_FILE_MAX);
    } else {
        text = fdns_arena_string_n(arena, (const char *)buf.data, buf.len);
    }
    *len = buf.len;
    fdns_buf_clear(&buf);
    fclose(file);
    return text;
}

const struct fdns_zone *fdns_zone_load(struct fdns_arena *arena, const char *path,
                                       const uint8_t *apex, bool check, struct fdns_diags *diags)
{
    struct fdns_records records = {0};
    struct fdns_source source = {.file = fdns_arena_string(arena, path)};
    source.text = read_whole(arena, path, &source.len, diags);
    if (source.text == NULL || !fdns_zone_text_parse(arena, &source, apex, 300, &records, diags)) {
        return NULL;
    }
    return fdns_zone_build(arena, apex, records.items, records.n_items, check, &source, diags);
}
