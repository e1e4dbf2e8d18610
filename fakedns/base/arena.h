// Arena: memory that dies in groups.
//
// An arena belongs to one lifetime (program, world, run, exchange). What is allocated from it is
// released all at once by clear, or made reusable by reset. Running out of memory aborts with a
// message, so no caller checks for NULL. Not thread safe; one owner.
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct fdns_arena_chunk;

struct fdns_arena {
    struct fdns_arena_chunk *first;
    struct fdns_arena_chunk *current;
    size_t chunk_size;
};

// Prepares an arena that takes memory from the system in chunks of at least chunk_size octets
// (0: a default of 16 KiB). Takes nothing yet.
void fdns_arena_init(struct fdns_arena *arena, size_t chunk_size);

// Releases everything.
void fdns_arena_clear(struct fdns_arena *arena);

// Octets that it has taken from the system.
size_t fdns_arena_octets(const struct fdns_arena *arena);

// Makes all memory of the arena reusable without giving it back: a warm arena allocates nothing.
void fdns_arena_reset(struct fdns_arena *arena);

// The same, and what was allocated is overwritten first: for secrets.
void fdns_arena_wipe(struct fdns_arena *arena);

// A position to come back to: what was allocated after it can be reused. Nothing that was allocated
// before is touched.
struct fdns_arena_mark {
    struct fdns_arena_chunk *chunk;
    size_t used;
};
struct fdns_arena_mark fdns_arena_mark(const struct fdns_arena *arena);
void fdns_arena_return(struct fdns_arena *arena, struct fdns_arena_mark mark);

// size octets, zeroed, aligned for any type. size 0 gives a valid pointer.
void *fdns_arena_alloc(struct fdns_arena *arena, size_t size);

// The same for n elements of size octets; aborts if the product overflows.
void *fdns_arena_array(struct fdns_arena *arena, size_t n, size_t size);

void *fdns_arena_copy(struct fdns_arena *arena, const void *data, size_t size);
char *fdns_arena_string(struct fdns_arena *arena, const char *text);
char *fdns_arena_string_n(struct fdns_arena *arena, const char *text, size_t len);
char *fdns_arena_format(struct fdns_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *fdns_arena_vformat(struct fdns_arena *arena, const char *format, va_list args);

// Grows an array kept in an arena: returns items with room for at least n_wanted elements of
// item_size octets, copying the n_used present ones when it has to move. *capacity is kept up to
// date and starts at 0.
void *fdns_arena_grow(struct fdns_arena *arena, void *items, size_t n_used, size_t n_wanted,
                      size_t item_size, size_t *capacity);
