#include "fakedns/wire/builder.h"

#include "fakedns/wire/shape.h"
#include "fakedns/wire/unpack.h"

#include <assert.h>
#include <string.h>

enum { POINTER_LIMIT = 0x4000 }; // a pointer has 14 bits for its offset

static void put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

void fdns_builder_init(struct fdns_builder *builder, uint8_t *out, size_t limit)
{
    assert(limit >= FDNS_HEADER_LEN && limit <= FDNS_MESSAGE_MAX);
    builder->out = out;
    builder->limit = limit;
    builder->len = FDNS_HEADER_LEN;
    builder->compression = FDNS_COMPRESS_USUAL;
    builder->n_names = 0;
    memset(out, 0, FDNS_HEADER_LEN);
}

void fdns_builder_header(struct fdns_builder *builder, uint16_t id, uint16_t flags)
{
    put_u16(builder->out, id);
    put_u16(builder->out + 2, flags);
}

void fdns_builder_count(struct fdns_builder *builder, unsigned section, uint16_t count)
{
    assert(section < 4);
    put_u16(builder->out + 4 + (size_t)section * 2, count);
}

struct fdns_builder_mark fdns_builder_mark(const struct fdns_builder *builder)
{
    return (struct fdns_builder_mark){builder->len, builder->n_names};
}

void fdns_builder_return(struct fdns_builder *builder, struct fdns_builder_mark mark)
{
    builder->len = mark.len;
    builder->n_names = mark.n_names;
}

bool fdns_builder_bytes(struct fdns_builder *builder, const void *bytes, size_t len)
{
    if (len > builder->limit - builder->len) {
        return false;
    }
    if (len != 0) {
        memcpy(builder->out + builder->len, bytes, len);
        builder->len += len;
    }
    return true;
}

bool fdns_builder_u16(struct fdns_builder *builder, uint16_t value)
{
    const uint8_t octets[] = {(uint8_t)(value >> 8), (uint8_t)value};
    return fdns_builder_bytes(builder, octets, sizeof octets);
}

bool fdns_builder_u32(struct fdns_builder *builder, uint32_t value)
{
    const uint8_t octets[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                              (uint8_t)value};
    return fdns_builder_bytes(builder, octets, sizeof octets);
}

static void remember(struct fdns_builder *builder, size_t at)
{
    bool reachable = at < POINTER_LIMIT || builder->compression == FDNS_COMPRESS_WRAPPING;
    if (builder->n_names < FDNS_BUILDER_NAMES && reachable) {
        builder->names[builder->n_names++] = (uint16_t)at;
    }
}

// An earlier place of the message where exactly these octets stand as a name; 0 if there is none.
static uint16_t find_earlier(const struct fdns_builder *builder, const uint8_t *name)
{
    for (unsigned i = 0; i < builder->n_names; i++) {
        size_t at = builder->names[i];
        if (builder->out[at] == name[0] && builder->out[at + 1] == name[1] &&
            fdns_unpack_is(builder->out, builder->len, at, name, true)) {
            return (uint16_t)at;
        }
    }
    return 0;
}

static bool add_packed(struct fdns_builder *builder, const uint8_t *name)
{
    for (; *name != 0; name += *name + 1) {
        uint16_t earlier = find_earlier(builder, name);
        if (earlier != 0) {
            return fdns_builder_u16(builder,
                                    (uint16_t)(0xc000u | (earlier & (POINTER_LIMIT - 1u))));
        }
        remember(builder, builder->len);
        if (!fdns_builder_bytes(builder, name, (size_t)*name + 1)) {
            return false;
        }
    }
    return fdns_builder_bytes(builder, fdns_name_root, 1);
}

bool fdns_builder_name(struct fdns_builder *builder, const uint8_t *name)
{
    if (builder->compression == FDNS_COMPRESS_NONE) {
        return fdns_builder_bytes(builder, name, fdns_name_len(name));
    }
    struct fdns_builder_mark mark = fdns_builder_mark(builder);
    bool fits = add_packed(builder, name);
    if (!fits) {
        fdns_builder_return(builder, mark);
    }
    return fits;
}

void fdns_builder_remember(struct fdns_builder *builder, size_t at)
{
    size_t end = 0;
    size_t bad = 0;
    if (builder->compression == FDNS_COMPRESS_NONE ||
        fdns_unpack(builder->out, builder->len, at, NULL, &end, &bad) != FDNS_FLAW_NONE) {
        return;
    }
    // the labels that stand here; what a pointer leads to is known already or need not be
    while (builder->out[at] != 0 && builder->out[at] <= FDNS_LABEL_MAX) {
        remember(builder, at);
        at += (size_t)builder->out[at] + 1;
    }
}

bool fdns_builder_question(struct fdns_builder *builder, const uint8_t *name, uint16_t type,
                           uint16_t rr_class)
{
    struct fdns_builder_mark mark = fdns_builder_mark(builder);
    if (fdns_builder_name(builder, name) && fdns_builder_u16(builder, type) &&
        fdns_builder_u16(builder, rr_class)) {
        return true;
    }
    fdns_builder_return(builder, mark);
    return false;
}

// The rdata is exactly of its shape: only then its names are where the shape says.
static bool has_shape(const char *shape, const uint8_t *rdata, uint16_t len)
{
    struct fdns_cursor cursor = fdns_cursor(rdata, len);
    if (len == 0) {
        return false;
    }
    for (; *shape != '\0'; shape++) {
        if (*shape == 'n' || *shape == 'N') {
            size_t n_name = fdns_name_measure(rdata + cursor.pos, fdns_cursor_left(&cursor));
            cursor.bad = cursor.bad || n_name == 0;
            fdns_cursor_take(&cursor, n_name);
        } else {
            size_t n_field;
            fdns_shape_take(&cursor, *shape, &n_field);
        }
        if (cursor.bad) {
            return false;
        }
    }
    return fdns_cursor_left(&cursor) == 0;
}

static bool add_fields(struct fdns_builder *builder, const char *shape, const uint8_t *rdata,
                       uint16_t len)
{
    struct fdns_cursor cursor = fdns_cursor(rdata, len);
    bool fits = true;
    for (; *shape != '\0' && fits; shape++) {
        if (*shape == 'n' || *shape == 'N') {
            const uint8_t *name = rdata + cursor.pos;
            bool packed = *shape == 'n' || builder->compression == FDNS_COMPRESS_ALL;
            fits = packed ? fdns_builder_name(builder, name)
                          : fdns_builder_bytes(builder, name, fdns_name_len(name));
            fdns_cursor_take(&cursor, fdns_name_len(name));
        } else {
            size_t n_field = 0;
            const uint8_t *field = fdns_shape_take(&cursor, *shape, &n_field);
            fits = fdns_builder_bytes(builder, field, n_field);
        }
    }
    return fits;
}

static bool add_rdata(struct fdns_builder *builder, uint16_t type, const uint8_t *rdata,
                      uint16_t len)
{
    const char *shape = fdns_shape(type);
    size_t at = builder->len;
    if (!fdns_builder_u16(builder, len)) {
        return false;
    }
    const char *packed = builder->compression == FDNS_COMPRESS_ALL ? "nN" : "n";
    if (builder->compression == FDNS_COMPRESS_NONE || shape == NULL ||
        strpbrk(shape, packed) == NULL || !has_shape(shape, rdata, len)) {
        return fdns_builder_bytes(builder, rdata, len);
    }
    if (!add_fields(builder, shape, rdata, len)) {
        return false;
    }
    put_u16(builder->out + at, (uint16_t)(builder->len - at - 2));
    return true;
}

bool fdns_builder_rr(struct fdns_builder *builder, const uint8_t *owner, uint16_t type,
                     uint16_t rr_class, uint32_t ttl, const uint8_t *rdata, uint16_t rdata_len)
{
    struct fdns_builder_mark mark = fdns_builder_mark(builder);
    if (fdns_builder_name(builder, owner) && fdns_builder_u16(builder, type) &&
        fdns_builder_u16(builder, rr_class) && fdns_builder_u32(builder, ttl) &&
        add_rdata(builder, type, rdata, rdata_len)) {
        return true;
    }
    fdns_builder_return(builder, mark);
    return false;
}

bool fdns_builder_opt(struct fdns_builder *builder, uint16_t udp_size, uint8_t extended_rcode,
                      uint8_t version, uint16_t flags, const uint8_t *options, uint16_t options_len)
{
    uint32_t ttl = (uint32_t)extended_rcode << 24 | (uint32_t)version << 16 | flags;
    return fdns_builder_rr(builder, fdns_name_root, FDNS_TYPE_OPT, udp_size, ttl, options,
                           options_len);
}

size_t fdns_query_build(uint8_t *out, size_t room, uint16_t id, uint16_t flags, const uint8_t *name,
                        uint16_t type, uint16_t rr_class, uint16_t udp_size, uint16_t edns_flags)
{
    enum { QUERY_MAX = 512 };
    struct fdns_builder builder;
    if (room < FDNS_HEADER_LEN) {
        return 0;
    }
    fdns_builder_init(&builder, out, room < QUERY_MAX ? room : QUERY_MAX);
    fdns_builder_header(&builder, id, flags);
    fdns_builder_count(&builder, 0, 1);
    if (!fdns_builder_question(&builder, name, type, rr_class)) {
        return 0;
    }
    if (udp_size != 0) {
        fdns_builder_count(&builder, 3, 1);
        if (!fdns_builder_opt(&builder, udp_size, 0, 0, edns_flags, NULL, 0)) {
            return 0;
        }
    }
    return builder.len;
}
