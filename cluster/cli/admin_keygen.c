#include "cluster/cli/admin.h"

#include "cluster/cli/commands.h"
#include "core/base/buffer.h"
#include "core/env/keys.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

struct arguments {
    const char *name;
    const char *directory;
};

static const struct argp_option options[] = {
    {"out", 'o', "DIR", 0, "Where NAME.secret and known_keys are written (default: here)", 0},
    {0},
};

static error_t option_take(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case 'o':
        arguments->directory = text;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->name != NULL)
            argp_usage(state);
        arguments->name = text;
        return 0;
    case ARGP_KEY_END:
        if (arguments->name == NULL)
            argp_usage(state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {.options = options, .parser = option_take, .args_doc = "NAME"};

static int failure(const char *path)
{
    fprintf(stderr, "graticule: %s: %s\n", path, strerror(errno));
    return EXIT_FAILED;
}

/* Several may be run at a time: the file of known keys is locked while its line is added. */
static int file_write(const char *path, int flags, mode_t mode, struct slice text)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);
    if (descriptor < 0)
        return failure(path);
    int result = EXIT_DONE;
    bool is_written = flock(descriptor, LOCK_EX) == 0 &&
                      write(descriptor, text.bytes, text.size) == (ssize_t)text.size &&
                      fsync(descriptor) == 0;
    if (!is_written)
        result = failure(path);
    close(descriptor);
    return result;
}

int admin_keygen(int argument_count, char **arguments)
{
    struct arguments given = {.directory = "."};
    if (argp_parse(&parser, argument_count, arguments, 0, NULL, &given) != 0)
        return EXIT_USAGE;
    if (!env_keys_is_name(slice_of_text(given.name))) {
        fprintf(stderr, "graticule: \"%s\" is no name: letters, digits, '-', '_' and '.'\n",
                given.name);
        return EXIT_USAGE;
    }
    if (mkdir(given.directory, 0700) != 0 && errno != EEXIST)
        return failure(given.directory);
    char secret_path[PATH_SIZE], known_path[PATH_SIZE];
    snprintf(secret_path, sizeof secret_path, "%s/%s.secret", given.directory, given.name);
    snprintf(known_path, sizeof known_path, "%s/known_keys", given.directory);
    SCOPED(buffer) secret;
    SCOPED(buffer) known;
    buffer_init(&secret);
    buffer_init(&known);
    env_keys_generate(given.name, &secret, &known);
    int result = file_write(secret_path, O_EXCL, 0600, buffer_slice(&secret));
    sodium_memzero(secret.bytes, secret.size);
    if (result == EXIT_DONE)
        result = file_write(known_path, O_APPEND, 0644, buffer_slice(&known));
    return result;
}
