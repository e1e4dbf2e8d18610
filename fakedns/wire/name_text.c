// Presentation form of names (RFC 1035 5.1).
#include "fakedns/wire/name.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// One octet of a label, \X and \DDD resolved. Returns what follows it, NULL if the escape is bad.
static const char *read_octet(const char *text, uint8_t *octet)
{
    if (*text != '\\') {
        *octet = (uint8_t)*text;
        return text + 1;
    }
    text++;
    if (!is_digit(*text)) {
        *octet = (uint8_t)*text;
        return *text != '\0' ? text + 1 : NULL;
    }
    if (!is_digit(text[1]) || !is_digit(text[2])) {
        return NULL;
    }
    int value = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
    *octet = (uint8_t)value;
    return value <= 255 ? text + 3 : NULL;
}

// One label with its length octet at out; room is what the name has left for it. Sets *text to the
// dot or the end behind it.
static enum fdns_error read_label(const char **text, uint8_t *out, size_t room)
{
    const char *at = *text;
    size_t len = 0;
    while (*at != '\0' && *at != '.') {
        uint8_t octet = 0;
        at = read_octet(at, &octet);
        if (at == NULL) {
            return FDNS_INVALID;
        }
        if (len == FDNS_LABEL_MAX || len + 1 >= room) {
            return FDNS_TOO_LARGE;
        }
        out[++len] = octet;
    }
    out[0] = (uint8_t)len;
    *text = at;
    return len != 0 ? FDNS_OK : FDNS_INVALID;
}

static enum fdns_error complete(const uint8_t *prefix, size_t len, const uint8_t *suffix,
                                uint8_t out[FDNS_NAME_MAX])
{
    size_t n_suffix = fdns_name_len(suffix);
    if (len + n_suffix > FDNS_NAME_MAX) {
        return FDNS_TOO_LARGE;
    }
    // suffix may be out itself: move it before the prefix overwrites it
    memmove(out + len, suffix, n_suffix);
    memcpy(out, prefix, len);
    return FDNS_OK;
}

enum fdns_error fdns_name_parse(const char *text, const uint8_t *origin, uint8_t out[FDNS_NAME_MAX])
{
    uint8_t name[FDNS_NAME_MAX];
    size_t len = 0;
    if (strcmp(text, ".") == 0) {
        out[0] = 0;
        return FDNS_OK;
    }
    do {
        enum fdns_error error = read_label(&text, name + len, FDNS_NAME_MAX - 1 - len);
        if (error != FDNS_OK) {
            return error;
        }
        len += (size_t)name[len] + 1;
        if (*text == '\0') {
            return complete(name, len, origin != NULL ? origin : fdns_name_root, out);
        }
        text++; // the dot
    } while (*text != '\0');
    return complete(name, len, fdns_name_root, out);
}

static char *print_octet(uint8_t octet, char *out)
{
    if (octet <= ' ' || octet > '~') {
        *out++ = '\\';
        *out++ = (char)('0' + octet / 100);
        *out++ = (char)('0' + octet / 10 % 10);
        *out++ = (char)('0' + octet % 10);
        return out;
    }
    if (strchr(".\\\"();@$", octet) != NULL) {
        *out++ = '\\';
    }
    *out++ = (char)octet;
    return out;
}

char *fdns_name_print(const uint8_t *name, char out[FDNS_NAME_TEXT_MAX])
{
    char *at = out;
    if (*name == 0) {
        *at++ = '.';
    }
    for (; *name != 0; name += *name + 1) {
        for (unsigned i = 1; i <= *name; i++) {
            at = print_octet(name[i], at);
        }
        *at++ = '.';
    }
    *at = '\0';
    return out;
}

char *fdns_name_text(struct fdns_arena *arena, const uint8_t *name)
{
    char text[FDNS_NAME_TEXT_MAX];
    return fdns_arena_string(arena, fdns_name_print(name, text));
}
