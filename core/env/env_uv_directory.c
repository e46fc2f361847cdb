#include "core/base/buffer.h"
#include "core/base/check.h"
#include "core/env/env_uv_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The directory in which `path` stands, made durable: a new name in it would else go with the
 * power. */
static enum status parent_sync(const char *path)
{
    char parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return uv_directory_sync(NULL, ".");
    size_t size = slash == path ? 1 : (size_t)(slash - path);
    memcpy(parent, path, size);
    parent[size] = '\0';
    return uv_directory_sync(NULL, parent);
}

static enum status directory_make(const char *path)
{
    struct stat facts;
    if (mkdir(path, 0700) == 0)
        return parent_sync(path);
    if (errno != EEXIST)
        return uv_file_status(errno);
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode) ? STATUS_OK : STATUS_IO;
}

enum status uv_directory_create(struct env *env, const char *path)
{
    (void)env;
    char prefix[PATH_MAX];
    size_t size = strlen(path);
    if (size == 0 || size >= sizeof prefix)
        return STATUS_INVALID;

    memcpy(prefix, path, size + 1);
    for (char *slash = strchr(prefix + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        TRY(directory_make(prefix));
        *slash = '/';
    }
    return directory_make(prefix);
}

enum status uv_directory_sync(struct env *env, const char *path)
{
    (void)env;
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return uv_file_status(errno);
    enum status status = fsync(descriptor) == 0 ? STATUS_OK : uv_file_status(errno);
    (void)close(descriptor);
    return status;
}

static int is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* By bytes: `alphasort` goes by locale. */
static int by_name(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

enum status uv_directory_list(struct env *env, const char *path, env_name_fn name_fn, void *context)
{
    (void)env;
    struct dirent **entries;
    int count = scandir(path, &entries, is_entry, by_name);
    if (count < 0)
        return uv_file_status(errno);
    for (int i = 0; i < count; i++) {
        name_fn(context, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return STATUS_OK;
}

void directory_locks_init(struct directory_locks *locks)
{
    CHECK(uv_mutex_init(&locks->mutex) == 0);
}

void directory_locks_deinit(struct directory_locks *locks)
{
    for (size_t i = 0; i < locks->count; i++)
        (void)close(locks->descriptors[i]);
    memory_free(locks->descriptors);
    uv_mutex_destroy(&locks->mutex);
}

static void locks_keep(struct directory_locks *locks, int descriptor)
{
    uv_mutex_lock(&locks->mutex);
    locks->descriptors =
        memory_resize(locks->descriptors, (locks->count + 1) * sizeof *locks->descriptors);
    locks->descriptors[locks->count++] = descriptor;
    uv_mutex_unlock(&locks->mutex);
}

/* The lock goes with the descriptor, and so with the process, however it ends. */
enum status uv_directory_lock(struct env *env, const char *path)
{
    char lock_path[PATH_MAX];
    int size = snprintf(lock_path, sizeof lock_path, "%s/LOCK", path);
    if (size < 0 || (size_t)size >= sizeof lock_path)
        return STATUS_INVALID;

    int descriptor = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return uv_file_status(errno);
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        enum status status = errno == EWOULDBLOCK ? STATUS_BUSY : uv_file_status(errno);
        (void)close(descriptor);
        return status;
    }
    locks_keep(&env_uv_of(env)->locks, descriptor);
    return STATUS_OK;
}
