#include "fakedns/wire/frame.h"

#include "unit/harness.h"

static void check_next(struct fdns_frames *frames, const char *expected, size_t n_expected)
{
    const uint8_t *message = NULL;
    uint16_t len = 0;
    CHECK(fdns_frames_next(frames, &message, &len));
    CHECK_OCTETS(expected, n_expected, message, len);
}

static void check_none(struct fdns_frames *frames)
{
    const uint8_t *message;
    uint16_t len;
    CHECK(!fdns_frames_next(frames, &message, &len));
}

static void test_octet_by_octet(void)
{
    static const char stream[] = "\0\3abc\0\0\0\1x";
    struct fdns_frames frames;
    fdns_frames_init(&frames, 100);
    for (size_t i = 0; i < 4; i++) {
        CHECK(fdns_frames_add(&frames, stream + i, 1));
        check_none(&frames);
        CHECK_INT(i + 1, fdns_frames_pending(&frames));
    }
    CHECK(fdns_frames_add(&frames, stream + 4, 1));
    check_next(&frames, "abc", 3);
    CHECK_INT(0, fdns_frames_pending(&frames));
    CHECK(fdns_frames_add(&frames, stream + 5, 2));
    check_next(&frames, "", 0);
    CHECK(fdns_frames_add(&frames, stream + 7, 3));
    check_next(&frames, "x", 1);
    check_none(&frames);
    fdns_frames_clear(&frames);
}

static void test_many_at_once(void)
{
    struct fdns_frames frames;
    fdns_frames_init(&frames, 100);
    CHECK(fdns_frames_add(&frames, "\0\1a\0\2bc\0\3d", 10));
    check_next(&frames, "a", 1);
    check_next(&frames, "bc", 2);
    check_none(&frames);
    CHECK_INT(3, fdns_frames_pending(&frames));
    CHECK(fdns_frames_add(&frames, "ef", 2));
    check_next(&frames, "def", 3);
    fdns_frames_clear(&frames);
}

static void test_ceiling(void)
{
    struct fdns_frames frames;
    fdns_frames_init(&frames, 5);
    CHECK(fdns_frames_add(&frames, "\0\3ab", 4));
    CHECK(!fdns_frames_add(&frames, "cd", 2));
    CHECK(fdns_frames_add(&frames, "c", 1));
    check_next(&frames, "abc", 3);
    // what was taken makes room
    CHECK(fdns_frames_add(&frames, "\0\3def", 5));
    check_next(&frames, "def", 3);
    fdns_frames_clear(&frames);
}

static const struct test tests[] = {
    {"a stream in single octets", test_octet_by_octet},
    {"several messages in one piece", test_many_at_once},
    {"the ceiling holds what waits", test_ceiling},
};
SUITE(frame, tests)
