#include "fakedns/base/error.h"

#include <stddef.h>

#define ERROR_TEXT(name, text) [name] = text,

const char *fdns_error_text(enum fdns_error error)
{
    static const char *const texts[] = {FDNS_ERRORS(ERROR_TEXT)};
    return (size_t)error < sizeof texts / sizeof texts[0] ? texts[error] : "unknown error";
}
