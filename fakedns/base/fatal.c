#include "fakedns/base/fatal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void fdns_fatal(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("fatal: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    abort();
}
