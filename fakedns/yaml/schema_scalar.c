#include "fakedns/yaml/schema_scalar.h"
#include "fakedns/base/duration.h"
#include "fakedns/base/suggest.h"
#include "fakedns/yaml/scalar.h"
#include "fakedns/yaml/schema_type.h"

#include <string.h>
#include <strings.h>

enum { FEW_WORDS = 8 };

// The first octets of a text, for a message.
static const char *quote(struct fdns_arena *arena, const char *text)
{
    return fdns_arena_format(arena, strlen(text) > 60 ? "\"%.57s...\"" : "\"%s\"", text);
}

static bool is_word(const struct fdns_schema_type *type, const char *text)
{
    for (size_t i = 0; i < type->n_words; i++) {
        if ((type->fold_case ? strcasecmp(text, type->words[i]) : strcmp(text, type->words[i])) ==
            0) {
            return true;
        }
    }
    return false;
}

static const char *join_words(struct fdns_arena *arena, const struct fdns_schema_type *type)
{
    const char *all = "";
    for (size_t i = 0; i < type->n_words; i++) {
        const char *between = i == 0 ? "" : i + 1 < type->n_words ? ", " : " or ";
        all = fdns_arena_format(arena, "%s%s%s", all, between, type->words[i]);
    }
    return all;
}

static const char *word_problem(struct fdns_arena *arena, const struct fdns_schema_type *type,
                                const char *text)
{
    if (is_word(type, text)) {
        return NULL;
    }
    const char *name = fdns_schema_name(type);
    const char *near = fdns_suggest(text, type->words, type->n_words);
    if (near != NULL) {
        return fdns_arena_format(arena, "%s is no %s (did you mean \"%s\"?)", quote(arena, text),
                                 name, near);
    }
    if (type->n_words <= FEW_WORDS) {
        return fdns_arena_format(arena, "%s is no %s: write %s", quote(arena, text), name,
                                 join_words(arena, type));
    }
    return fdns_arena_format(arena, "%s is no %s", quote(arena, text), name);
}

static const char *integer_problem(struct fdns_arena *arena, const struct fdns_schema_type *type,
                                   const char *text)
{
    int64_t value;
    bool any = type->min == 0 && type->max == 0;
    enum fdns_error error = fdns_scalar_integer(text, &value);
    if (error == FDNS_OK && (any || (value >= type->min && value <= type->max))) {
        return NULL;
    }
    const char *name = fdns_schema_name(type);
    if (any) {
        return fdns_arena_format(arena, "%s is no %s: %s", quote(arena, text), name,
                                 error == FDNS_TOO_LARGE ? "too large" : "write a whole number");
    }
    return fdns_arena_format(arena, "%s is no %s: write a whole number from %lld to %lld",
                             quote(arena, text), name, (long long)type->min, (long long)type->max);
}

static const char *duration_problem(struct fdns_arena *arena, const struct fdns_schema_type *type,
                                    const char *text)
{
    int64_t us;
    enum fdns_error error = fdns_duration_parse(text, &us);
    if (error == FDNS_OK) {
        return NULL;
    }
    return fdns_arena_format(arena, "%s is no %s: %s", quote(arena, text), fdns_schema_name(type),
                             error == FDNS_TOO_LARGE
                                 ? "longer than 100 years"
                                 : "write 90s, 15m, 24h, 3d, 71h59m or 250ms, without blanks");
}

static const char *boolean_problem(struct fdns_arena *arena, const struct fdns_schema_type *type,
                                   const char *text)
{
    bool value;
    if (fdns_scalar_boolean(text, &value)) {
        return NULL;
    }
    return fdns_arena_format(arena, "%s is no %s: write yes or no", quote(arena, text),
                             fdns_schema_name(type));
}

static const char *text_problem(struct fdns_arena *arena, const struct fdns_schema_type *type,
                                const struct fdns_node *scalar)
{
    if (scalar->plain && scalar->len == 0) {
        return fdns_arena_format(arena, "no %s is written here", fdns_schema_name(type));
    }
    const char *problem =
        type->check != NULL ? type->check(arena, scalar->text, scalar->len) : NULL;
    if (problem == NULL) {
        return NULL;
    }
    return fdns_arena_format(arena, "%s is no %s: %s", quote(arena, scalar->text),
                             fdns_schema_name(type), problem);
}

// Names of the scalar choices, "A, B or C"; how many there are goes to *n.
static const char *join_choices(struct fdns_arena *arena, const struct fdns_schema_type *type,
                                size_t *n)
{
    const char *last = NULL;
    const char *others = NULL;
    *n = 0;
    for (size_t i = 0; i < type->n_choices; i++) {
        if (!fdns_schema_fits(type->choices[i], FDNS_SCALAR)) {
            continue;
        }
        if (last != NULL) {
            others = others != NULL ? fdns_arena_format(arena, "%s, %s", others, last) : last;
        }
        last = fdns_schema_name(type->choices[i]);
        ++*n;
    }
    return others != NULL ? fdns_arena_format(arena, "%s or %s", others, last) : last;
}

// A near miss of one choice says more than the names of all.
static bool suggests(const char *problem)
{
    return strstr(problem, "(did you mean ") != NULL;
}

static const char *either_problem(struct fdns_arena *arena, const struct fdns_schema_type *type,
                                  const struct fdns_node *scalar)
{
    const char *best = NULL;
    for (size_t i = 0; i < type->n_choices; i++) {
        if (!fdns_schema_fits(type->choices[i], FDNS_SCALAR)) {
            continue;
        }
        const char *problem = fdns_schema_scalar_problem(arena, type->choices[i], scalar);
        if (problem == NULL) {
            return NULL;
        }
        best = best == NULL || (suggests(problem) && !suggests(best)) ? problem : best;
    }
    size_t n_choices;
    const char *names = join_choices(arena, type, &n_choices);
    if (best != NULL && (n_choices == 1 || suggests(best))) {
        return best;
    }
    return fdns_arena_format(arena, "%s is no %s", quote(arena, scalar->text),
                             names != NULL ? names : fdns_schema_name(type));
}

const char *fdns_schema_scalar_problem(struct fdns_arena *arena,
                                       const struct fdns_schema_type *type,
                                       const struct fdns_node *scalar)
{
    switch (type->kind) {
    case FDNS_SCHEMA_TEXT:
        return text_problem(arena, type, scalar);
    case FDNS_SCHEMA_WORD:
        return word_problem(arena, type, scalar->text);
    case FDNS_SCHEMA_INTEGER:
        return integer_problem(arena, type, scalar->text);
    case FDNS_SCHEMA_DURATION:
        return duration_problem(arena, type, scalar->text);
    case FDNS_SCHEMA_BOOLEAN:
        return boolean_problem(arena, type, scalar->text);
    case FDNS_SCHEMA_EITHER:
        return either_problem(arena, type, scalar);
    case FDNS_SCHEMA_LIST:
    case FDNS_SCHEMA_MAP:
    case FDNS_SCHEMA_RECORD:
        break;
    }
    return "a text cannot stand here";
}
