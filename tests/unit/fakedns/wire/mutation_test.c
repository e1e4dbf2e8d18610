// Mutated messages through the view and its text: nothing crashes, nothing unsafe is printed. The
// messages are those of the fuzz corpus, the mutations repeat by their seed.
#include "unit/harness.h"

#include "fakedns/base/random.h"
#include "fakedns/wire/show.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS_MAX = 256, MESSAGE_MAX = 4096, N_MUTATIONS = 200000 };

struct seeds {
    struct fdns_arena arena;
    const uint8_t *items[SEEDS_MAX];
    size_t lens[SEEDS_MAX];
    size_t n;
};

static void load(struct seeds *seeds, const char *path)
{
    static uint8_t bytes[MESSAGE_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return;
    }
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    seeds->items[seeds->n] = fdns_arena_copy(&seeds->arena, bytes, len);
    seeds->lens[seeds->n++] = len;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

// In the order of their names, so that a run repeats on any file system.
static void load_all(struct seeds *seeds)
{
    static const char folder[] = SOURCE_DIR "/tests/fuzz/corpus/view";
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, NULL, by_name);
    for (int i = 0; i < n; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && seeds->n < SEEDS_MAX) {
            load(seeds, path);
        }
        free(entries[i]);
    }
    free(entries);
}

static size_t mutate(struct fdns_random *random, uint8_t *bytes, size_t len)
{
    static const uint8_t telling[] = {0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff};
    size_t n_edits = 1 + fdns_random_below(random, 6);
    for (size_t i = 0; i < n_edits && len != 0; i++) {
        size_t at = fdns_random_below(random, len);
        switch (fdns_random_below(random, 4)) {
        case 0:
            bytes[at] = (uint8_t)fdns_random_next(random);
            break;
        case 1:
            bytes[at] = telling[fdns_random_below(random, sizeof telling)];
            break;
        case 2:
            bytes[at] ^= (uint8_t)(1u << fdns_random_below(random, 8));
            break;
        default:
            len = fdns_random_below(random, 4) == 0 ? at : len;
            break;
        }
    }
    return len;
}

static bool is_safe(const struct fdns_buf *text)
{
    for (size_t i = 0; i < text->len; i++) {
        if (text->data[i] != '\n' && (text->data[i] < ' ' || text->data[i] > '~')) {
            return false;
        }
    }
    return true;
}

static void test_mutations(void)
{
    struct seeds seeds = {.n = 0};
    struct fdns_arena arena;
    struct fdns_buf text;
    struct fdns_random random;
    fdns_arena_init(&seeds.arena, 0);
    fdns_arena_init(&arena, 0);
    fdns_buf_init(&text, 1 << 20);
    fdns_random_init(&random, 1);
    load_all(&seeds);
    CHECK(seeds.n > 50);
    size_t n_unsafe = 0;
    for (unsigned i = 0; i < N_MUTATIONS && seeds.n != 0; i++) {
        size_t seed = i % seeds.n;
        struct fdns_view view;
        fdns_arena_reset(&arena);
        fdns_buf_reset(&text);
        // exactly as large as the message, so that a read past its end is seen
        uint8_t *bytes = malloc(seeds.lens[seed] + 1);
        memcpy(bytes, seeds.items[seed], seeds.lens[seed]);
        size_t len = mutate(&random, bytes, seeds.lens[seed]);
        bytes = realloc(bytes, len != 0 ? len : 1);
        fdns_view_init(&view, &arena, bytes, len);
        fdns_view_show(&view, &text);
        n_unsafe += !is_safe(&text);
        free(bytes);
    }
    CHECK_INT(0, n_unsafe);
    fdns_buf_clear(&text);
    fdns_arena_clear(&arena);
    fdns_arena_clear(&seeds.arena);
}

static const struct test tests[] = {
    {"200000 mutated messages", test_mutations},
};
SUITE(mutation, tests)
