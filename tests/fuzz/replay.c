// Replays every file of the folders given as arguments (or the files themselves) through a fuzz
// target, so that what once broke is tried in every run, also without libFuzzer.
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long n_replayed;

static int replay_file(FILE *file, const char *path)
{
    enum { INPUT_MAX = 1 << 20 };
    uint8_t *data = malloc(INPUT_MAX);
    if (data == NULL) {
        return 1;
    }
    size_t size = fread(data, 1, INPUT_MAX, file);
    int failed = ferror(file);
    if (failed != 0) {
        perror(path);
    } else {
        // exactly as large as the input, so that the sanitizer sees a read past its end
        uint8_t *input = realloc(data, size != 0 ? size : 1);
        data = input != NULL ? input : data;
        LLVMFuzzerTestOneInput(data, size);
        n_replayed++;
    }
    free(data);
    return failed != 0;
}

static int replay(const char *path);

static int replay_folder(DIR *folder, const char *path)
{
    int failed = 0;
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        char inside[4096];
        if (entry->d_name[0] != '.') {
            snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
            failed |= replay(inside);
        }
    }
    return failed;
}

static int replay(const char *path)
{
    DIR *folder = opendir(path);
    if (folder != NULL) {
        int failed = replay_folder(folder, path);
        closedir(folder);
        return failed;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    int failed = replay_file(file, path);
    fclose(file);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0;
    for (int i = 1; i < argc; i++) {
        failed |= replay(argv[i]);
    }
    printf("%lu inputs replayed\n", n_replayed);
    return failed != 0 || n_replayed == 0;
}
