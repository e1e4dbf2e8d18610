#include "harness/run/command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_WORDS = 256 };

struct splitter {
    const char *at;
    char *out; // as long as the text
    const char *why;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static bool take_single(struct splitter *splitter)
{
    const char *end = strchr(splitter->at, '\'');
    if (end == NULL) {
        splitter->why = "a ' is not closed";
        return false;
    }
    size_t len = (size_t)(end - splitter->at);
    memcpy(splitter->out, splitter->at, len);
    splitter->out += len;
    splitter->at = end + 1;
    return true;
}

static bool take_double(struct splitter *splitter)
{
    for (; *splitter->at != '"'; splitter->at++) {
        if (*splitter->at == '\0') {
            splitter->why = "a \" is not closed";
            return false;
        }
        if (*splitter->at == '\\' && splitter->at[1] != '\0' &&
            strchr("\"\\$`", splitter->at[1]) != NULL) {
            splitter->at++;
        }
        *splitter->out++ = *splitter->at;
    }
    splitter->at++;
    return true;
}

static bool take_word(struct splitter *splitter)
{
    while (*splitter->at != '\0' && !is_blank(*splitter->at)) {
        char c = *splitter->at++;
        if (c == '\'' && !take_single(splitter)) {
            return false;
        }
        if (c == '"' && !take_double(splitter)) {
            return false;
        }
        if (c == '\\') {
            if (*splitter->at == '\0') {
                splitter->why = "it ends in a backslash";
                return false;
            }
            *splitter->out++ = *splitter->at++;
        } else if (c != '\'' && c != '"') {
            *splitter->out++ = c;
        }
    }
    *splitter->out++ = '\0';
    return true;
}

bool dc_command_split(struct fdns_arena *arena, const char *text, struct dc_command *command,
                      const char **why)
{
    struct splitter splitter = {.at = text, .out = fdns_arena_alloc(arena, 2 * strlen(text) + 2)};
    char **words = fdns_arena_array(arena, MAX_WORDS + 1, sizeof *words);
    size_t n = 0;
    for (;;) {
        while (is_blank(*splitter.at)) {
            splitter.at++;
        }
        if (*splitter.at == '\0') {
            break;
        }
        if (n == MAX_WORDS) {
            *why = "it has too many words";
            return false;
        }
        words[n++] = splitter.out;
        if (!take_word(&splitter)) {
            *why = splitter.why;
            return false;
        }
    }
    if (n == 0) {
        *why = "it is empty";
        return false;
    }
    *command = (struct dc_command){words, n};
    return true;
}

static char *fill_word(struct fdns_arena *arena, const char *word, dc_placeholder_fn *value,
                       void *owner, const char **why)
{
    char *filled = fdns_arena_string(arena, "");
    while (*word != '\0') {
        if (word[0] == '{' && word[1] == '{') {
            filled = fdns_arena_format(arena, "%s{", filled);
            word += 2;
            continue;
        }
        if (*word != '{') {
            size_t len = strcspn(word, "{");
            filled = fdns_arena_format(arena, "%s%.*s", filled, (int)len, word);
            word += len;
            continue;
        }
        size_t len = strcspn(word, "}");
        if (word[len] == '\0') {
            *why = fdns_arena_format(arena, "\"%s\" has no closing brace", word);
            return NULL;
        }
        const char *text = value(owner, fdns_arena_string_n(arena, word + 1, len - 1), why);
        if (text == NULL) {
            return NULL;
        }
        filled = fdns_arena_format(arena, "%s%s", filled, text);
        word += len + 1;
    }
    return filled;
}

bool dc_command_fill(struct fdns_arena *arena, const struct dc_command *command,
                     dc_placeholder_fn *value, void *owner, struct dc_command *filled,
                     const char **why)
{
    char **words = fdns_arena_array(arena, command->n_words + 1, sizeof *words);
    for (size_t i = 0; i < command->n_words; i++) {
        words[i] = fill_word(arena, command->words[i], value, owner, why);
        if (words[i] == NULL) {
            return false;
        }
    }
    *filled = (struct dc_command){words, command->n_words};
    return true;
}

const char *dc_command_find(struct fdns_arena *arena, const char *program)
{
    if (strchr(program, '/') != NULL) {
        return access(program, X_OK) == 0 ? program : NULL;
    }
    const char *path = getenv("PATH");
    for (const char *at = path != NULL ? path : "/usr/bin:/bin"; *at != '\0';) {
        size_t len = strcspn(at, ":");
        const char *file =
            fdns_arena_format(arena, "%.*s%s%s", (int)len, at, len > 0 ? "/" : "./", program);
        if (access(file, X_OK) == 0) {
            return file;
        }
        at += len + (at[len] == ':');
    }
    return NULL;
}
