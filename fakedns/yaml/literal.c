#include "fakedns/yaml/literal.h"

#include "fakedns/yaml/node.h"

#include <string.h>

// Length of the line that begins at text, without its end.
static size_t line_len(const char *text, size_t len)
{
    const char *newline = memchr(text, '\n', len);
    size_t n = newline != NULL ? (size_t)(newline - text) : len;
    return n > 0 && text[n - 1] == '\r' ? n - 1 : n;
}

// A literal keeps its lines but for the indentation: its first line that is not empty and the same
// line in the file tell how much that is, whatever the header and the lines above say.
void fdns_literal_locate(struct fdns_node *node, struct fdns_place place)
{
    const char *at = node->text;
    const char *end = node->text + node->len;
    node->literal_line = node->line + 1;
    while (at < end && *at == '\n') {
        at++;
    }
    if (at == end) {
        return;
    }
    unsigned line = node->literal_line + (unsigned)(at - node->text);
    while (place.line < line && place.offset < place.len) {
        fdns_place_go_octet(&place, place.offset + 1);
    }
    size_t in_file = line_len(place.text + place.offset, place.len - place.offset);
    size_t in_text = line_len(at, (size_t)(end - at));
    node->literal_indent = in_file > in_text ? (unsigned)(in_file - in_text) : 0;
}
