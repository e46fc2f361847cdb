#include "replication/log/log.h"

#include "core/base/check.h"
#include "replication/log/log_private.h"

#include <string.h>

enum { SEGMENT_SIZE_DEFAULT = 16 << 20, SEGMENT_SIZE_MIN = 64 << 10 };

/* --- Works, and the log's end ---------------------------------------------------------------- */

static void batches_destroy(struct log *log)
{
    struct list *link;
    while ((link = list_take_first(&log->batches)) != NULL)
        log_batch_destroy(LIST_ELEMENT(link, struct log_batch, link));
    log_batch_destroy(log->writer.batch);
}

static void segments_destroy(struct log *log)
{
    LIST_FOR_EACH (link, &log->segments)
        log_segment_destroy(LIST_ELEMENT(link, struct log_segment, link));
    if (log->keeper.keeping == LOG_KEEPING_RETIRES && log->keeper.segment != NULL)
        log_segment_destroy(log->keeper.segment);
    env_file_close(log->keeper.file);
}

static void log_free(struct log *log)
{
    log_reads_forget(log);
    batches_destroy(log);
    for (size_t i = 0; i < log->group_count; i++)
        log_group_destroy(log->groups[i], 0);
    memory_free(log->groups);
    segments_destroy(log);
    memory_free(log->path);
    memory_free(log);
}

void log_work_start(struct log *log, struct env_work *work, env_fn work_fn, env_fn done_fn,
                    void *context)
{
    log->work_count++;
    env_work_start(log->env, work, work_fn, done_fn, context);
}

bool log_work_end(struct log *log)
{
    CHECK(log->work_count > 0);
    log->work_count--;
    if (!log->is_closed)
        return true;
    if (log->work_count == 0)
        log_free(log);
    return false;
}

void log_destroy(struct log *log)
{
    if (log == NULL)
        return;
    log_writer_stop(log);
    log_keeper_stop(log);
    log->is_closed = true;
    if (log->work_count == 0 || log->env->is_over)
        log_free(log);
}

/* --- Opening --------------------------------------------------------------------------------- */

static struct log *log_create(struct env *env, const struct log_options *options)
{
    struct log *log = memory_alloc_zeroed(sizeof *log);
    log->env = env;
    CHECK(options->path[0] != '\0');
    log->path = memory_copy_text(options->path);
    log->segment_size = options->segment_size;
    if (log->segment_size == 0)
        log->segment_size = SEGMENT_SIZE_DEFAULT;
    CHECK(log->segment_size >= SEGMENT_SIZE_MIN && log->segment_size <= SEGMENT_SIZE_MAX);
    log->segment_size -= log->segment_size % SEGMENT_PAGE_SIZE;
    log->durability = options->durability;
    log->synced_fn = options->synced_fn;
    log->context = options->context;
    log->next_generation = 1;
    if (options->faults != NULL)
        log->faults = *options->faults;
    list_init(&log->segments);
    list_init(&log->batches);
    list_init(&log->reads);
    log_writer_init(log);
    return log;
}

/* Makes a path that of the directory above; false at the top. */
static bool path_rise(char *path)
{
    char *slash = strrchr(path, '/');
    if (strcmp(path, "/") == 0 || strcmp(path, ".") == 0)
        return false;
    if (slash == NULL)
        strcpy(path, ".");
    else
        slash[slash == path] = '\0';
    return true;
}

static void ignore_name(void *context, const char *name)
{
    (void)context;
    (void)name;
}

/* What may not be read cannot be synced; /home may be such, but nothing that we have just made. */
static enum status sync_readable(struct env *env, const char *path)
{
    bool is_readable = env_directory_list(env, path, ignore_name, NULL) == STATUS_OK;
    return is_readable ? env_directory_sync(env, path) : STATUS_OK;
}

/* A directory is durable once those above it have been synced. */
static enum status make_directory(const struct log *log)
{
    TRY(env_directory_create(log->env, log->path));
    char *above = memory_copy_text(log->path);
    enum status status = STATUS_OK;
    while (status == STATUS_OK && path_rise(above))
        status = sync_readable(log->env, above);
    memory_free(above);
    return status;
}

/* Small, unless there is a spare: preparing it must not keep a starting process waiting. */
static uint64_t first_size(const struct log *log)
{
    uint64_t size = SEGMENT_HEADER_SIZE + 4 * log_opening_size(log);
    size = size < LOG_FIRST_SEGMENT_SIZE ? LOG_FIRST_SEGMENT_SIZE : size;
    size += (SEGMENT_PAGE_SIZE - size % SEGMENT_PAGE_SIZE) % SEGMENT_PAGE_SIZE;
    bool is_small = log->keeper.spare_count == 0 && size < log->segment_size;
    return is_small ? size : log->segment_size;
}

/*
 * Nothing is ever written again into a segment that an earlier process wrote: behind a torn tail
 * there may be whole records of the same generation, which must not come to follow new ones.
 */
static enum status begin_segment(struct log *log)
{
    uint64_t size = first_size(log);
    struct log_keeper *keeper = &log->keeper;
    uint64_t spare = keeper->spare_count > 0 ? keeper->spares[--keeper->spare_count] : 0;
    struct log_segment *segment = log_plan_segment(log, size);
    TRY(segment_prepare(log->env, log->path, &segment->header, spare, &segment->file));
    log_switch_segment(log);
    return log_write_first(log);
}

enum status log_open(struct env *env, const struct log_options *options, struct log **out_log)
{
    CHECK(options->synced_fn != NULL);
    OWNED(log) log = log_create(env, options);
    TRY(make_directory(log));
    TRY(log_restore(log));
    TRY(begin_segment(log));
    log_keeper_wake(log);
    *out_log = GIVE(log);
    return STATUS_OK;
}
