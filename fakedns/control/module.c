#include "fakedns/control/module.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char file_name[] = "dnsconform-http.so";

// The folder of the program, without a slash at its end. False if it is not known.
static bool find_program_folder(char folder[PATH_MAX])
{
    ssize_t len = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    if (len <= 0) {
        return false;
    }
    folder[len] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash == NULL) {
        return false;
    }
    *slash = '\0';
    return true;
}

static bool find_module(char path[PATH_MAX + 128])
{
    // From the program's folder: as it is built, and as it is installed.
    static const char *const places[] = {".", DNSCONFORM_MODULES};
    char folder[PATH_MAX];
    if (!find_program_folder(folder)) {
        return false;
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        snprintf(path, PATH_MAX + 128, "%s/%s/%s", folder, places[i], file_name);
        if (access(path, R_OK) == 0) {
            return true;
        }
    }
    return false;
}

const struct fdns_http_module *fdns_module_load(struct fdns_buf *why)
{
    char path[PATH_MAX + 128];
    if (!find_module(path)) {
        fdns_buf_format(why,
                        "control over HTTP needs the module %s, which is neither beside the "
                        "program nor where it is installed; unix:PATH needs none",
                        file_name);
        return NULL;
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fdns_buf_format(why, "control over HTTP: %s", dlerror());
        return NULL;
    }
    const struct fdns_http_module *module = dlsym(library, "fdns_http_module");
    if (module == NULL || module->version != FDNS_HTTP_VERSION) {
        fdns_buf_format(why, "control over HTTP: %s belongs to another version", path);
        return NULL;
    }
    return module;
}
