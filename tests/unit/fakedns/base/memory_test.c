#include "fakedns/base/arena.h"
#include "fakedns/base/buf.h"
#include "fakedns/base/cursor.h"
#include "unit/harness.h"

#include <stdalign.h>
#include <string.h>

static void test_arena(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 64);
    char *small = fdns_arena_string(&arena, "abc");
    char *large = fdns_arena_alloc(&arena, 1000);
    char *after = fdns_arena_string_n(&arena, "defg", 2);
    memset(large, 'x', 1000);
    CHECK_TEXT("abc", small);
    CHECK_TEXT("de", after);
    CHECK_TEXT("1-x", fdns_arena_format(&arena, "%d-%s", 1, "x"));
    CHECK_INT(0, (uintptr_t)after % alignof(max_align_t));
    CHECK(fdns_arena_alloc(&arena, 0) != NULL);
    fdns_arena_clear(&arena);
}

static void test_arena_reset(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 64);
    char *first = fdns_arena_string(&arena, "abc");
    fdns_arena_alloc(&arena, 500);
    fdns_arena_reset(&arena);
    char *again = fdns_arena_alloc(&arena, 4);
    CHECK(first == again);
    CHECK_OCTETS("\0\0\0", 4, again, 4);
    fdns_arena_clear(&arena);
}

static void test_arena_grow(void)
{
    struct fdns_arena arena;
    int *numbers = NULL;
    size_t capacity = 0;
    fdns_arena_init(&arena, 0);
    for (int i = 0; i < 100; i++) {
        numbers =
            fdns_arena_grow(&arena, numbers, (size_t)i, (size_t)i + 1, sizeof *numbers, &capacity);
        numbers[i] = i;
    }
    for (int i = 0; i < 100; i++) {
        CHECK_INT(i, numbers[i]);
    }
    fdns_arena_clear(&arena);
}

static void test_buf(void)
{
    struct fdns_buf buf;
    fdns_buf_init(&buf, 100);
    CHECK_TEXT("", fdns_buf_text(&buf));
    fdns_buf_u8(&buf, 1);
    fdns_buf_u16(&buf, 0x0203);
    fdns_buf_u32(&buf, 0x04050607);
    CHECK_OCTETS("\1\2\3\4\5\6\7", 7, buf.data, buf.len);
    fdns_buf_drop_front(&buf, 5);
    fdns_buf_hex(&buf, "\xab\x01", 2);
    fdns_buf_format(&buf, "%s=%d", "n", 5);
    CHECK_TEXT("\6\7ab01n=5", fdns_buf_text(&buf));
    fdns_buf_clear(&buf);
}

static void test_buf_ceiling(void)
{
    struct fdns_buf buf;
    fdns_buf_init(&buf, 4);
    fdns_buf_string(&buf, "abc");
    CHECK(!buf.overflow);
    fdns_buf_string(&buf, "de");
    CHECK(buf.overflow);
    fdns_buf_u8(&buf, 'f'); // it would fit, but the text is broken already
    CHECK_TEXT("abc", fdns_buf_text(&buf));
    fdns_buf_reset(&buf);
    fdns_buf_string(&buf, "abcd");
    CHECK(!buf.overflow);
    fdns_buf_clear(&buf);
}

static void test_cursor(void)
{
    struct fdns_cursor cursor = fdns_cursor("\1\2\3\4\5\6\7\x8", 8);
    CHECK_INT(0x01, fdns_cursor_u8(&cursor));
    CHECK_INT(0x0203, fdns_cursor_u16(&cursor));
    CHECK_INT(0x04050607, fdns_cursor_u32(&cursor));
    CHECK_INT(1, fdns_cursor_left(&cursor));
    CHECK(!cursor.bad);
    CHECK_INT(0, fdns_cursor_u16(&cursor));
    CHECK(cursor.bad);
    CHECK_INT(0, fdns_cursor_u8(&cursor));
}

static const struct test tests[] = {
    {"an arena gives aligned memory", test_arena},
    {"a reset arena gives the same memory, zeroed", test_arena_reset},
    {"an array grows in an arena", test_arena_grow},
    {"a buffer collects octets", test_buf},
    {"a buffer stops at its ceiling", test_buf_ceiling},
    {"a cursor never reads past the end", test_cursor},
};
SUITE(memory, tests)
