// Files as a whole: read into memory, or written so that nothing is half written.
#pragma once

#include "fakedns/base/arena.h"
#include "fakedns/base/diag.h"

// Reads a file of at most `largest` octets into arena, with a NUL behind it ("-" is standard
// input). False after a diagnostic that names the file: it cannot be read, is a folder, or is too
// large.
bool fdns_file_read(struct fdns_arena *arena, const char *path, size_t largest, const char **text,
                    size_t *len, struct fdns_diags *diags);

// Writes a file by way of a new one beside it that takes its place: after a failure the old content
// is still there. NULL, or a sentence without the path, static or as strerror gives it.
const char *fdns_file_write(const char *path, const void *data, size_t len);
