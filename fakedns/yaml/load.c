#include "fakedns/yaml/node.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

// The content of file in arena, at most FDNS_YAML_LARGEST + 1 octets: one more tells that it is too
// large.
static bool read_all(struct fdns_arena *arena, FILE *file, struct fdns_source *source)
{
    struct fdns_buf content;
    char part[16 * 1024];
    size_t n;
    fdns_buf_init(&content, FDNS_YAML_LARGEST + 1);
    while ((n = fread(part, 1, sizeof part, file)) > 0 && content.len <= FDNS_YAML_LARGEST) {
        size_t room = FDNS_YAML_LARGEST + 1 - content.len;
        fdns_buf_append(&content, part, n < room ? n : room);
    }
    source->text = fdns_arena_string_n(arena, fdns_buf_text(&content), content.len);
    source->len = content.len;
    fdns_buf_clear(&content);
    return ferror(file) == 0;
}

static void skip_byte_order_mark(struct fdns_source *source)
{
    if (source->len >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0) {
        source->text += 3;
        source->len -= 3;
    }
}

const struct fdns_node *fdns_yaml_load(struct fdns_arena *arena, const char *path,
                                       struct fdns_source *source, struct fdns_diags *diags)
{
    struct fdns_source loaded = {.file = fdns_arena_string(arena, path)};
    FILE *file = fopen(path, "rbe");
    bool good = file != NULL && read_all(arena, file, &loaded);
    int reason = errno;
    if (file != NULL) {
        fclose(file);
    }
    if (!good) {
        fdns_diag_file(diags, FDNS_ERROR, path, "cannot be read: %s", strerror(reason));
        return NULL;
    }
    skip_byte_order_mark(&loaded);
    *source = loaded;
    return fdns_yaml_parse(arena, source, diags);
}
