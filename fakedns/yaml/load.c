#include "fakedns/base/file.h"
#include "fakedns/yaml/node.h"

#include <string.h>

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
    if (!fdns_file_read(arena, path, FDNS_YAML_LARGEST, &loaded.text, &loaded.len, diags)) {
        return NULL;
    }
    skip_byte_order_mark(&loaded);
    *source = loaded;
    return fdns_yaml_parse(arena, source, diags);
}
