#include "fakedns/reply/message.h"

#include "fakedns/base/arena.h"
#include "unit/harness.h"

#include <string.h>

static void test_insert_and_remove(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    uint8_t octets[] = "abcdef";
    struct fdns_message message = {.arena = &arena, .octets = octets, .len = 6, .room = 6};
    CHECK(fdns_message_insert(&message, 2, 3));
    CHECK_OCTETS("ab\0\0\0cdef", 9, message.octets, message.len);
    CHECK(fdns_message_insert(&message, 9, 1));
    fdns_message_remove(&message, 2, 3);
    CHECK_OCTETS("abcdef\0", 7, message.octets, message.len);
    fdns_message_remove(&message, 0, 7);
    CHECK_INT(0, message.len);
    CHECK(fdns_message_insert(&message, 0, 1));
    fdns_arena_clear(&arena);
}

static void test_ceiling(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    uint8_t octets[2] = "x";
    struct fdns_message message = {.arena = &arena, .octets = octets, .len = 1, .room = 2};
    CHECK(!fdns_message_insert(&message, 0, 65535));
    CHECK_INT(1, message.len);
    CHECK(fdns_message_insert(&message, 1, 65534));
    CHECK_INT(65535, message.len);
    CHECK_INT('x', message.octets[0]);
    CHECK(!fdns_message_insert(&message, 3, 1));
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"octets put in and taken out", test_insert_and_remove},
    {"no message grows too long", test_ceiling},
};
SUITE(message, tests)
