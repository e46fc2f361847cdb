#include "tests/sim/sim_disk.h"

#include "core/base/buffer.h"
#include "core/base/checksum.h"
#include "tests/sim/sim_env_private.h"

#include <string.h>

struct env_file {
    struct env_handle handle;
    struct sim_node *node;
};

/* A directory that this process has locked. */
struct sim_lock {
    struct list link;
    char *path;
};

static struct sim_env *file_env(const struct env_file *file)
{
    return sim_env_of(file->handle.env);
}

static struct sim_disk *disk_of(const struct sim_env *env)
{
    return env->machine->disk;
}

/* Blocks whoever called: the work, or the loop. */
static void spend(struct sim_env *env, enum sim_disk_operation operation, uint64_t size)
{
    uint64_t latency_us = sim_disk_latency_us(disk_of(env), operation, size);
    uint64_t now_us = env->world->now_us;
    if (env->is_in_work)
        env->work_latency_us += latency_us;
    else
        env->busy_until_us =
            latency_us + (env->busy_until_us > now_us ? env->busy_until_us : now_us);
}

/* True when the power fails during the operation that is about to be made. */
static bool is_last_operation(struct sim_env *env)
{
    struct machine *machine = env->machine;
    return machine->operations_left > 0 && --machine->operations_left == 0;
}

/*
 * Every operation that changes the disk begins here. One that the power cut meets is not made: what
 * a half-made sync or change of names leaves is among what the cut leaves of those not made.
 */
static enum status begin(struct sim_env *env, enum sim_disk_operation operation, uint64_t size)
{
    if (env->is_dead)
        return STATUS_IO;
    if (is_last_operation(env)) {
        machine_cut_power(env->machine);
        return STATUS_IO;
    }
    spend(env, operation, size);
    return STATUS_OK;
}

static enum status record(struct sim_env *env, const char *kind, uint64_t value, enum status status)
{
    world_record(env->world, kind, env->machine->number, value << 8 | status);
    return status;
}

enum status sim_env_file_open(struct env *base, const char *path, enum env_open mode,
                              struct env_file **out_file)
{
    struct sim_env *env = sim_env_of(base);
    struct sim_node *node;
    TRY(begin(env, SIM_DISK_NAME, 0));
    TRY(record(env, "open", mode,
               sim_disk_open(disk_of(env), path, mode == ENV_OPEN_CREATE, &node)));
    struct env_file *file = memory_alloc(sizeof *file);
    *file = (struct env_file){.handle = {.env = base}, .node = node};
    env->handle_count++;
    *out_file = file;
    return STATUS_OK;
}

void sim_env_file_close(struct env_file *file)
{
    file_env(file)->handle_count--;
    sim_disk_close(file->node);
    memory_free(file);
}

enum status sim_env_file_write(struct env_file *file, uint64_t offset, struct slice bytes)
{
    struct sim_env *env = file_env(file);
    if (env->is_dead)
        return STATUS_IO;
    bool is_last = is_last_operation(env);
    enum status status = sim_disk_write(file->node, offset, bytes);
    if (is_last) {
        machine_cut_power(env->machine); /* which leaves any part of the write, or all of it */
        return STATUS_IO;
    }
    spend(env, SIM_DISK_WRITE, bytes.size);
    return record(env, "write", (uint64_t)checksum_extend(0, bytes) ^ offset << 24, status);
}

enum status sim_env_file_read(struct env_file *file, uint64_t offset, void *out_bytes, size_t size,
                              size_t *out_size)
{
    struct sim_env *env = file_env(file);
    if (env->is_dead)
        return STATUS_IO;
    spend(env, SIM_DISK_READ, size);
    return record(env, "read", size ^ offset << 24,
                  sim_disk_read(file->node, offset, out_bytes, size, out_size));
}

enum status sim_env_file_size(struct env_file *file, uint64_t *out_size)
{
    if (file_env(file)->is_dead)
        return STATUS_IO;
    *out_size = sim_disk_size(file->node);
    return STATUS_OK;
}

enum status sim_env_file_sync(struct env_file *file)
{
    struct sim_env *env = file_env(file);
    TRY(begin(env, SIM_DISK_SYNC, 0));
    return record(env, "sync", 0, sim_disk_sync(file->node));
}

enum status sim_env_file_preallocate(struct env_file *file, uint64_t size)
{
    struct sim_env *env = file_env(file);
    TRY(begin(env, SIM_DISK_SYNC, size));
    return record(env, "preallocate", size, sim_disk_preallocate(file->node, size));
}

enum status sim_env_file_rename(struct env *base, const char *from, const char *to)
{
    struct sim_env *env = sim_env_of(base);
    TRY(begin(env, SIM_DISK_NAME, 0));
    return record(env, "rename", 0, sim_disk_rename(disk_of(env), from, to));
}

enum status sim_env_file_remove(struct env *base, const char *path)
{
    struct sim_env *env = sim_env_of(base);
    TRY(begin(env, SIM_DISK_NAME, 0));
    return record(env, "remove", 0, sim_disk_remove(disk_of(env), path));
}

enum status sim_env_directory_create(struct env *base, const char *path)
{
    struct sim_env *env = sim_env_of(base);
    TRY(begin(env, SIM_DISK_NAME, 0));
    return record(env, "make directory", 0, sim_disk_directory_create(disk_of(env), path));
}

enum status sim_env_directory_sync(struct env *base, const char *path)
{
    struct sim_env *env = sim_env_of(base);
    TRY(begin(env, SIM_DISK_SYNC, 0));
    return record(env, "sync directory", 0, sim_disk_directory_sync(disk_of(env), path));
}

enum status sim_env_directory_list(struct env *base, const char *path, env_name_fn name_fn,
                                   void *context)
{
    struct sim_env *env = sim_env_of(base);
    if (env->is_dead)
        return STATUS_IO;
    return sim_disk_directory_list(disk_of(env), path, name_fn, context);
}

/* The real env locks a file of this name, which is seen when the directory is listed. */
static enum status lock_file_make(struct sim_disk *disk, const char *path)
{
    struct sim_node *file;
    SCOPED(buffer) name;
    buffer_init(&name);
    buffer_append_format(&name, "%s/LOCK", path);
    buffer_append_u8(&name, 0);
    TRY(sim_disk_open(disk, (const char *)name.bytes, true, &file));
    sim_disk_close(file);
    return STATUS_OK;
}

/* A machine runs one process at a time, so only this one can be in the directory already. */
enum status sim_env_directory_lock(struct env *base, const char *path)
{
    struct sim_env *env = sim_env_of(base);
    if (env->is_dead)
        return STATUS_IO;
    TRY(lock_file_make(disk_of(env), path));
    LIST_FOR_EACH (link, &env->locks)
        if (strcmp(LIST_ELEMENT(link, struct sim_lock, link)->path, path) == 0)
            return STATUS_BUSY;
    struct sim_lock *lock = memory_alloc(sizeof *lock);
    lock->path = memory_copy_text(path);
    list_append(&env->locks, &lock->link);
    return STATUS_OK;
}

void sim_lock_forget_all(struct sim_env *env)
{
    struct list *link;
    while ((link = list_take_first(&env->locks)) != NULL) {
        struct sim_lock *lock = LIST_ELEMENT(link, struct sim_lock, link);
        memory_free(lock->path);
        memory_free(lock);
    }
}
