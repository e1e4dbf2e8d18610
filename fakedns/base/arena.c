#include "fakedns/base/arena.h"

#include "fakedns/base/fatal.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_CHUNK = 16 * 1024, ALIGNMENT = alignof(max_align_t) };

struct fdns_arena_chunk {
    struct fdns_arena_chunk *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

void fdns_arena_init(struct fdns_arena *arena, size_t chunk_size)
{
    *arena = (struct fdns_arena){.chunk_size = chunk_size != 0 ? chunk_size : DEFAULT_CHUNK};
}

void fdns_arena_clear(struct fdns_arena *arena)
{
    struct fdns_arena_chunk *chunk = arena->first;
    while (chunk != NULL) {
        struct fdns_arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    arena->first = NULL;
    arena->current = NULL;
}

size_t fdns_arena_octets(const struct fdns_arena *arena)
{
    size_t n = 0;
    for (const struct fdns_arena_chunk *chunk = arena->first; chunk != NULL; chunk = chunk->next) {
        n += sizeof *chunk + chunk->size;
    }
    return n;
}

void fdns_arena_reset(struct fdns_arena *arena)
{
    for (struct fdns_arena_chunk *chunk = arena->first; chunk != NULL; chunk = chunk->next) {
        chunk->used = 0;
    }
    arena->current = arena->first;
}

void fdns_arena_wipe(struct fdns_arena *arena)
{
    for (struct fdns_arena_chunk *chunk = arena->first; chunk != NULL; chunk = chunk->next) {
        explicit_bzero(chunk->data, chunk->used);
    }
    fdns_arena_reset(arena);
}

struct fdns_arena_mark fdns_arena_mark(const struct fdns_arena *arena)
{
    size_t used = arena->current != NULL ? arena->current->used : 0;
    return (struct fdns_arena_mark){arena->current, used};
}

void fdns_arena_return(struct fdns_arena *arena, struct fdns_arena_mark mark)
{
    if (mark.chunk == NULL) {
        fdns_arena_reset(arena);
        return;
    }
    for (struct fdns_arena_chunk *chunk = mark.chunk; chunk != NULL; chunk = chunk->next) {
        chunk->used = 0;
    }
    mark.chunk->used = mark.used;
    arena->current = mark.chunk;
}

static bool fits(const struct fdns_arena_chunk *chunk, size_t size)
{
    return chunk != NULL && chunk->size - chunk->used >= size;
}

static struct fdns_arena_chunk *add_chunk(struct fdns_arena *arena, size_t size)
{
    size_t room = size > arena->chunk_size ? size : arena->chunk_size;
    struct fdns_arena_chunk *chunk = malloc(sizeof *chunk + room);
    if (chunk == NULL) {
        fdns_fatal("out of memory (%zu octets)", room);
    }
    chunk->size = room;
    chunk->used = 0;
    if (arena->current == NULL) {
        chunk->next = arena->first;
        arena->first = chunk;
    } else {
        chunk->next = arena->current->next;
        arena->current->next = chunk;
    }
    arena->current = chunk;
    return chunk;
}

static struct fdns_arena_chunk *chunk_for(struct fdns_arena *arena, size_t size)
{
    while (arena->current != NULL && !fits(arena->current, size)) {
        if (arena->current->next == NULL || !fits(arena->current->next, size)) {
            return add_chunk(arena, size);
        }
        arena->current = arena->current->next;
    }
    return arena->current != NULL ? arena->current : add_chunk(arena, size);
}

void *fdns_arena_alloc(struct fdns_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) {
        fdns_fatal("out of memory (%zu octets)", size);
    }
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct fdns_arena_chunk *chunk = chunk_for(arena, rounded);
    void *memory = chunk->data + chunk->used;
    chunk->used += rounded;
    memset(memory, 0, rounded);
    return memory;
}

void *fdns_arena_array(struct fdns_arena *arena, size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / 2 / size) {
        fdns_fatal("out of memory (%zu elements of %zu octets)", n, size);
    }
    return fdns_arena_alloc(arena, n * size);
}

void *fdns_arena_copy(struct fdns_arena *arena, const void *data, size_t size)
{
    void *copy = fdns_arena_alloc(arena, size);
    if (size != 0) {
        memcpy(copy, data, size);
    }
    return copy;
}

char *fdns_arena_string(struct fdns_arena *arena, const char *text)
{
    return fdns_arena_copy(arena, text, strlen(text) + 1);
}

char *fdns_arena_string_n(struct fdns_arena *arena, const char *text, size_t len)
{
    char *copy = fdns_arena_alloc(arena, len + 1);
    if (len != 0) {
        memcpy(copy, text, len);
    }
    return copy;
}

char *fdns_arena_vformat(struct fdns_arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len < 0) {
        fdns_fatal("cannot format \"%s\"", format);
    }
    char *text = fdns_arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, args);
    return text;
}

char *fdns_arena_format(struct fdns_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = fdns_arena_vformat(arena, format, args);
    va_end(args);
    return text;
}

void *fdns_arena_grow(struct fdns_arena *arena, void *items, size_t n_used, size_t n_wanted,
                      size_t item_size, size_t *capacity)
{
    if (n_wanted <= *capacity) {
        return items;
    }
    size_t room = *capacity < 4 ? 8 : *capacity * 2;
    if (room < n_wanted) {
        room = n_wanted;
    }
    void *grown = fdns_arena_array(arena, room, item_size);
    if (n_used != 0) {
        memcpy(grown, items, n_used * item_size);
    }
    *capacity = room;
    return grown;
}
