#include "fakedns/base/file.h"
#include "unit/harness.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char folder[32];
    char path[48];
    struct fdns_arena arena;
    struct fdns_diags diags;
    const char *text;
    size_t len;
};

static void prepare(struct fixture *f)
{
    *f = (struct fixture){.folder = "/tmp/file_test_XXXXXX"};
    CHECK(mkdtemp(f->folder) != NULL);
    strcat(strcpy(f->path, f->folder), "/a");
    fdns_arena_init(&f->arena, 0);
    fdns_diags_init(&f->diags);
}

static void clean(struct fixture *f)
{
    unlink(f->path);
    CHECK_INT(0, rmdir(f->folder)); // nothing else was left there
    fdns_diags_clear(&f->diags);
    fdns_arena_clear(&f->arena);
}

static bool read_back(struct fixture *f, const char *path, size_t largest)
{
    return fdns_file_read(&f->arena, path, largest, &f->text, &f->len, &f->diags);
}

static void test_written_and_read(void)
{
    struct fixture f;
    prepare(&f);
    CHECK_TEXT(NULL, fdns_file_write(f.path, "a\0b", 3));
    CHECK(read_back(&f, f.path, 3));
    CHECK_OCTETS("a\0b", 4, f.text, f.len + 1);
    CHECK_TEXT(NULL, fdns_file_write(f.path, "", 0)); // takes the place of the first
    CHECK(read_back(&f, f.path, 3));
    CHECK_INT(0, f.len);
    CHECK_TEXT("", f.text);
    CHECK_INT(0, f.diags.n_items);
    clean(&f);
}

static void test_refused(void)
{
    struct fixture f;
    prepare(&f);
    CHECK(!read_back(&f, f.path, 3));
    CHECK_TEXT("cannot be read: No such file or directory", f.diags.items[0].message);
    CHECK(!read_back(&f, f.folder, 3));
    CHECK_TEXT("cannot be read: Is a directory", f.diags.items[1].message);
    CHECK_TEXT(NULL, fdns_file_write(f.path, "abcd", 4));
    CHECK(!read_back(&f, f.path, 3));
    CHECK_TEXT("is larger than 3 octets", f.diags.items[2].message);
    CHECK_TEXT(f.path, f.diags.items[2].file);
    CHECK(!read_back(&f, "/dev/zero", 100));
    CHECK_TEXT("Is a directory", fdns_file_write(f.folder, "x", 1));
    CHECK_TEXT("No such file or directory", fdns_file_write("/nowhere/at/all", "x", 1));
    CHECK_TEXT(NULL, fdns_file_write("/dev/null", "x", 1)); // stays a device
    struct stat present;
    CHECK(stat("/dev/null", &present) == 0 && S_ISCHR(present.st_mode));
    clean(&f);
}

static const struct test tests[] = {
    {"a file is written and read", test_written_and_read},
    {"what cannot be read or written is told", test_refused},
};
SUITE(file, tests)
