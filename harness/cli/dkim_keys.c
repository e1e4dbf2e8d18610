#include "harness/cli/dkim_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { KEY_MAX = 64 * 1024 };

static bool complain(const char *option, const char *path, const char *what)
{
    fprintf(stderr, "dnsconform dkim: %s: %s: %s\n", option, path, what);
    return false;
}

// Into memory that can be overwritten: neither stdio nor a growing buffer keeps a copy. The number
// of octets, at most KEY_MAX + 1; -1 with errno.
static ssize_t read_all(int fd, char *text)
{
    size_t len = 0;
    while (len <= KEY_MAX) {
        ssize_t n = read(fd, text + len, KEY_MAX + 1 - len);
        if (n < 0 && errno != EINTR) {
            return -1;
        }
        if (n == 0) {
            break;
        }
        len += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)len;
}

static ssize_t read_key_file(const char *path, char *text)
{
    if (strcmp(path, "-") == 0) {
        return read_all(STDIN_FILENO, text);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    ssize_t len = read_all(fd, text);
    int reason = errno;
    close(fd);
    errno = reason;
    return len;
}

static bool read_key(const struct dc_options *options, const char *option, const char *path,
                     const struct dc_given_key **key)
{
    struct fdns_arena secret;
    fdns_arena_init(&secret, 0);
    char *text = fdns_arena_alloc(&secret, KEY_MAX + 1);
    ssize_t len = read_key_file(path, text);
    bool good = false;
    if (len < 0) {
        complain(option, path, strerror(errno));
    } else if (len == 0) {
        complain(option, path, "is empty");
    } else if (len > KEY_MAX) {
        complain(option, path, "is larger than 65536 octets, which no key file is");
    } else {
        struct dc_given_key *given = dc_given_key_read(options->arena, text, (size_t)len);
        // `--lint` judges the very text; else the lines of a file are its own
        given->notes |= options->lint ? 0U : DC_KEY_TEXT_FILE;
        *key = given;
        good = true;
    }
    fdns_arena_wipe(&secret);
    fdns_arena_clear(&secret);
    return good;
}

// Who says that Amazon SES sends wants its limits to be applied.
static bool names_ses(const struct dc_options *options)
{
    return options->sender != NULL && strcmp(options->sender, "ses") == 0;
}

bool dc_dkim_keys(const struct dc_options *options, struct dc_dkim_subject *subject)
{
    const char *public_key = options->public_key;
    const char *private_key = options->private_key;
    if (public_key != NULL && private_key != NULL && strcmp(public_key, "-") == 0 &&
        strcmp(private_key, "-") == 0) {
        fputs("dnsconform dkim: only one of --public-key and --private-key can be standard input\n",
              stderr);
        return false;
    }
    if (options->profile != NULL) {
        subject->profile = dc_profile_find(options->profile);
    } else if (private_key != NULL || options->lint || names_ses(options)) {
        subject->profile = dc_profile_default();
    }
    return (public_key == NULL ||
            read_key(options, "--public-key", public_key, &subject->public_key)) &&
           (private_key == NULL ||
            read_key(options, "--private-key", private_key, &subject->private_key));
}
