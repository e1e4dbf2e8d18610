#include "fakedns/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_all(FILE *file, size_t largest, struct fdns_buf *content)
{
    char part[16 * 1024];
    size_t n;
    fdns_buf_init(content, largest);
    while (!content->overflow && (n = fread(part, 1, sizeof part, file)) > 0) {
        fdns_buf_append(content, part, n);
    }
    return ferror(file) == 0;
}

bool fdns_file_read(struct fdns_arena *arena, const char *path, size_t largest, const char **text,
                    size_t *len, struct fdns_diags *diags)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rbe");
    if (file == NULL) {
        fdns_diag_file(diags, FDNS_ERROR, path, "cannot be read: %s", strerror(errno));
        return false;
    }
    struct fdns_buf content;
    bool good = read_all(file, largest, &content);
    if (!good) {
        fdns_diag_file(diags, FDNS_ERROR, path, "cannot be read: %s", strerror(errno));
    } else if (content.overflow) {
        fdns_diag_file(diags, FDNS_ERROR, path, "is larger than %zu octets", largest);
        good = false;
    } else {
        *text = fdns_arena_string_n(arena, fdns_buf_text(&content), content.len);
        *len = content.len;
    }
    fdns_buf_clear(&content);
    if (!standard) {
        fclose(file);
    }
    return good;
}

static bool write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        data += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

// A pipe, a terminal or a device cannot be replaced by a new file.
static const char *write_in_place(const char *path, const void *data, size_t len)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool good = fd >= 0 && write_all(fd, data, len);
    int reason = errno;
    if (fd >= 0 && close(fd) != 0 && good) {
        reason = errno;
        good = false;
    }
    return good ? NULL : strerror(reason);
}

const char *fdns_file_write(const char *path, const void *data, size_t len)
{
    struct stat present;
    if (stat(path, &present) == 0 && !S_ISREG(present.st_mode)) {
        return write_in_place(path, data, len);
    }
    char beside[PATH_MAX];
    int n = snprintf(beside, sizeof beside, "%s.XXXXXX", path);
    if (n < 0 || (size_t)n >= sizeof beside) {
        return "the path is too long";
    }
    int fd = mkstemp(beside);
    if (fd < 0) {
        return strerror(errno);
    }
    // mkstemp gives 0600; a new file gets what the user's mask allows.
    mode_t mask = umask(0);
    umask(mask);
    bool good = fchmod(fd, 0666 & ~mask) == 0 && write_all(fd, data, len);
    good = close(fd) == 0 && good;
    good = good && rename(beside, path) == 0;
    if (!good) {
        int reason = errno;
        unlink(beside);
        return strerror(reason);
    }
    return NULL;
}
