// The tables of rules as tables: sorted, documented, complete. What rules do is tested in answer/.
#include "fakedns/world/rule.h"
#include "unit/harness.h"

#include <string.h>

static void check_key(const struct fdns_schema_key *key, const char *before)
{
    CHECK(before == NULL || strcmp(before, key->name) < 0);
    CHECK(key->doc != NULL && key->example != NULL && key->type != NULL);
}

static void test_triggers(void)
{
    const char *before = NULL;
    for (size_t i = 0; i < fdns_n_triggers; i++) {
        check_key(&fdns_triggers[i].key, before);
        CHECK(fdns_triggers[i].read != NULL);
        before = fdns_triggers[i].key.name;
    }
}

static void test_effects(void)
{
    const char *before = NULL;
    for (size_t i = 0; i < fdns_n_effects; i++) {
        check_key(&fdns_effects[i].key, before);
        CHECK(fdns_effects[i].read != NULL);
        CHECK(fdns_effects[i].edit == NULL || fdns_effects[i].send == NULL);
        CHECK(fdns_effect_find(fdns_effects[i].key.name) == &fdns_effects[i]);
        before = fdns_effects[i].key.name;
    }
}

static void test_reference(void)
{
    struct fdns_buf out;
    fdns_buf_init(&out, 1 << 20);
    fdns_schema_print_reference(&fdns_type_world, &out);
    CHECK_CONTAINS("bad-name", fdns_buf_text(&out));
    CHECK_CONTAINS("from-nth", fdns_buf_text(&out));
    fdns_buf_clear(&out);
}

static const struct test tests[] = {
    {"triggers are sorted and documented", test_triggers},
    {"effects are sorted and documented", test_effects},
    {"the reference shows them", test_reference},
};
SUITE(rule, tests)
