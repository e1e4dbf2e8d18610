// The one option table of dnsconform: parsing, help, completion and the reference read it.
#pragma once

#include "fakedns/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// Exit statuses (docs/USAGE.md).
enum dc_exit {
    DC_EXIT_CONFORMS = 0,
    DC_EXIT_DOES_NOT = 1,
    DC_EXIT_USAGE = 2,
    DC_EXIT_COULD_NOT_TEST = 3,
    DC_EXIT_INTERNAL = 4,
    DC_EXIT_NOTHING_SELECTED = 5,
};

// Commands, as bits, so that an option can say to which it belongs.
enum dc_command_bit {
    DC_CMD_RUN = 1 << 0,
    DC_CMD_DKIM = 1 << 1,
    DC_CMD_LIST = 1 << 2,
    DC_CMD_EXPLAIN = 1 << 3,
    DC_CMD_LINT = 1 << 4,
    DC_CMD_REPLAY = 1 << 5,
    DC_CMD_MERGE = 1 << 6,
    DC_CMD_COMPLETION = 1 << 7,
    DC_CMD_ALL = (1 << 8) - 1,
};

struct dc_texts {
    const char **items;
    size_t n_items;
    size_t capacity;
};

enum dc_colour { DC_COLOUR_AUTO, DC_COLOUR_ALWAYS, DC_COLOUR_NEVER };
enum dc_fail_on { DC_FAIL_ON_ERROR, DC_FAIL_ON_WARNING, DC_FAIL_ON_NEVER };

// Values as given; zero or NULL where not given, but for the defaults that the table names.
struct dc_options {
    struct fdns_arena *arena;
    struct dc_texts operands;
    struct dc_texts formats;
    struct dc_texts filters;
    struct dc_texts tags;
    struct dc_texts refs;
    struct dc_texts tokens;
    struct dc_texts selectors;
    struct dc_texts targets;
    struct dc_texts with;
    struct dc_texts servers;
    struct dc_texts senders;
    const char *checker;
    const char *adapter;
    const char *selector; // the first of selectors
    const char *sender;
    const char *mail_from;
    const char *public_key;
    const char *private_key;
    const char *profile;
    const char *verification;
    const char *region;
    const char *account;
    const char *account_id;
    const char *resolver;
    const char *root_hints;
    const char *map;
    const char *message;
    const char *state;
    const char *save;
    const char *baseline;
    uint64_t jobs;
    uint64_t shard_index; // 1-based; 0: no sharding
    uint64_t shard_count;
    uint64_t seed;
    uint64_t retries;
    bool has_retries;
    uint64_t qps;
    int64_t timeout_us;
    int64_t checker_timeout_us;
    int64_t interval_us;
    int64_t window_us;
    enum dc_fail_on fail_on;
    enum dc_colour colour;
    bool lint;
    bool list;
    bool quiet;
    bool verbose;
    bool watch;
    bool restart;
    bool help;
    bool version;
};

// Reads argv (without the command) for a command. False after a message on err that names the
// option; every string points into argv or arena.
bool dc_options_parse(struct dc_options *options, struct fdns_arena *arena,
                      enum dc_command_bit command, int argc, char **argv, FILE *err);

// The options of a command, one or more lines each.
void dc_options_help(enum dc_command_bit command, FILE *out);

// Long names of a command's options in table order: the i-th, or NULL past the end.
const char *dc_options_name(enum dc_command_bit command, size_t i);

void dc_texts_add(struct fdns_arena *arena, struct dc_texts *texts, const char *text);
