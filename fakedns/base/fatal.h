// The end of the program for what nobody can handle: no memory, a broken invariant.
#pragma once

// Writes "fatal: …" to standard error and aborts.
_Noreturn void fdns_fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));
