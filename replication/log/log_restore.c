#include "core/base/check.h"
#include "replication/log/chain.h"
#include "replication/log/log_private.h"
#include "replication/log/replay.h"

struct found_file {
    uint64_t generation;
    enum segment_state state;
};

struct restore {
    struct log *log;
    struct buffer files;         /* of struct found_file */
    struct log_segment **opened; /* the segments found, the oldest first */
    struct chain_segment *chain; /* what is known of each */
    size_t count;
    struct buffer bytes; /* of one segment at a time */
};

static void restore_deinit(struct restore *restore)
{
    buffer_deinit(&restore->files);
    buffer_deinit(&restore->bytes);
    memory_free(restore->opened);
    memory_free(restore->chain);
}

/* --- What is there --- */

static void note_file(void *context, const char *name)
{
    struct restore *restore = context;
    struct found_file file = {0};
    if (!segment_name_parse(name, &file.generation, &file.state))
        return;
    buffer_append(&restore->files, slice_of(&file, sizeof file));
    if (restore->log->next_generation <= file.generation)
        restore->log->next_generation = file.generation + 1;
}

/* Spares of another size, and more than are kept, go. */
static enum status spare_restore(struct log *log, uint64_t generation)
{
    char *path = segment_path(log->path, generation, SEGMENT_SPARE);
    struct env_file *file = NULL;
    uint64_t size = 0;
    enum status status = env_file_open(log->env, path, ENV_OPEN_EXISTING, &file);
    memory_free(path);
    if (status == STATUS_OK)
        status = env_file_size(file, &size);
    env_file_close(file);
    TRY(status);
    if (size == log->segment_size && log_keep_spare(log, generation))
        return STATUS_OK;
    return segment_remove(log->env, log->path, generation, SEGMENT_SPARE);
}

static struct replay replay_segment(const struct log *log, struct slice bytes,
                                    const struct log_segment *segment, uint64_t named_end)
{
    struct replay replay = replay_of(bytes, segment->life, named_end);
    replay.passes_bad_records = log->faults.replays_leftovers;
    return replay;
}

/* Reads no more of it than says which segment came before. */
static enum status segment_restore(struct restore *restore, uint64_t generation)
{
    struct log *log = restore->log;
    struct segment_header header;
    struct env_file *file;
    TRY(segment_open(log->env, log->path, generation, &header, &file));
    struct log_segment *segment = log_segment_create(log, &header);
    segment->file = file;

    struct record record = {.type = RECORD_OPENING};
    uint8_t bytes[2 * RECORD_HEADER_SIZE];
    size_t size;
    CHECK(record_size(&record) <= sizeof bytes);
    TRY(env_file_read(file, SEGMENT_HEADER_SIZE, bytes, record_size(&record), &size));
    enum status status =
        record_decode(slice_of(bytes, size), segment->life, SEGMENT_HEADER_SIZE, &record);
    struct chain_segment *found = &restore->chain[restore->count];
    found->generation = generation;
    found->has_opening = status == STATUS_OK && record.type == RECORD_OPENING;
    if (found->has_opening)
        found->opening = record.opening;
    restore->opened[restore->count++] = segment;
    return status == STATUS_UNSUPPORTED ? status : STATUS_OK;
}

static enum status file_restore(struct restore *restore, const struct found_file *file)
{
    struct log *log = restore->log;
    switch (file->state) {
    case SEGMENT_NEW:
        return segment_remove(log->env, log->path, file->generation, SEGMENT_NEW);
    case SEGMENT_LOG:
        return segment_restore(restore, file->generation);
    case SEGMENT_SPARE:
        return spare_restore(log, file->generation);
    }
    return STATUS_CORRUPT;
}

static enum status find_files(struct restore *restore)
{
    struct log *log = restore->log;
    TRY(env_directory_list(log->env, log->path, note_file, restore));
    size_t count = restore->files.size / sizeof(struct found_file);
    restore->opened = memory_alloc_zeroed(count * sizeof(struct log_segment *));
    restore->chain = memory_alloc_zeroed(count * sizeof *restore->chain);
    for (size_t i = 0; i < count; i++) {
        struct found_file file;
        memcpy(&file, restore->files.bytes + i * sizeof file, sizeof file);
        TRY(file_restore(restore, &file));
    }
    return STATUS_OK;
}

/* --- Which segments are the log --- */

static enum status read_segment(struct restore *restore, size_t at)
{
    buffer_clear(&restore->bytes);
    const struct log_segment *segment = restore->opened[at];
    return segment_read(segment->file, &segment->header, &restore->bytes);
}

/* Whether the segment was opened wholly, and where it ends. */
static enum status look_through(struct restore *restore, size_t at, bool *out_is_open)
{
    TRY(read_segment(restore, at));
    struct replay replay =
        replay_segment(restore->log, buffer_slice(&restore->bytes), restore->opened[at], 0);
    enum status status;
    do {
        struct record record;
        uint64_t offset;
        status = replay_next(&replay, &record, &offset);
    } while (status == STATUS_OK);
    restore->chain[at].end = replay.end;
    *out_is_open = replay_is_open(&replay);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status find_chain(struct restore *restore)
{
    for (size_t i = restore->count; i-- > 0;) {
        bool is_open;
        TRY(look_through(restore, i, &is_open));
        if (is_open)
            return chain_find(restore->chain, restore->count, i);
    }
    return chain_find_none(restore->chain, restore->count);
}

static void close_others(struct restore *restore)
{
    for (size_t i = 0; i < restore->count; i++)
        if (!restore->chain[i].belongs)
            log_segment_destroy(GIVE(restore->opened[i]));
}

/* --- What they hold --- */

static enum status replay_all(struct restore *restore, struct log_segment *segment,
                              struct replay *replay)
{
    for (;;) {
        struct record record;
        struct log_place place = {.segment = segment};
        enum status status = replay_next(replay, &record, &place.offset);
        if (status == STATUS_NOT_FOUND)
            return STATUS_OK;
        TRY(status);
        TRY(log_apply(restore->log, &record, &place));
    }
}

/*
 * What no record proves to have been synced may be in the page cache alone, even after a sync that
 * follows: one that failed before the last process ended leaves pages that are clean and were never
 * stored. So those bytes are written once more.
 */
static enum status make_durable(const struct restore *restore, const struct log_segment *segment,
                                const struct replay *replay)
{
    struct slice bytes = slice_of(restore->bytes.bytes, (size_t)replay->end);
    TRY(env_file_write(segment->file, replay->synced_end,
                       slice_skip(bytes, (size_t)replay->synced_end)));
    return env_file_sync(segment->file);
}

static enum status replay_chain(struct restore *restore)
{
    struct log *log = restore->log;
    for (size_t i = 0; i < restore->count; i++) {
        struct log_segment *segment = restore->opened[i];
        if (segment == NULL)
            continue;
        bool is_last = segment->link.next == &log->segments;
        TRY(read_segment(restore, i));
        struct replay replay = replay_segment(log, buffer_slice(&restore->bytes), segment,
                                              is_last ? 0 : restore->chain[i].end);
        TRY(replay_all(restore, segment, &replay));
        if (is_last)
            TRY(make_durable(restore, segment, &replay));
        segment->end = segment->written_end = segment->synced_end = replay.end;
        log->tail = segment;
    }
    return log_check_groups(log);
}

/* What does not belong to the log is made a spare: nothing of it was ever acknowledged. */
static enum status retire_others(const struct restore *restore)
{
    struct log *log = restore->log;
    for (size_t i = 0; i < restore->count; i++) {
        if (restore->chain[i].belongs)
            continue;
        TRY(segment_retire(log->env, log->path, restore->chain[i].generation));
        TRY(spare_restore(log, restore->chain[i].generation));
    }
    return STATUS_OK;
}

enum status log_restore(struct log *log)
{
    SCOPED(restore) restore = {.log = log};
    /* Or a spare that is made use of might come back under the name that it had in the log. */
    TRY(env_directory_sync(log->env, log->path));
    TRY(find_files(&restore));
    TRY(find_chain(&restore));
    close_others(&restore);
    TRY(replay_chain(&restore));
    return retire_others(&restore);
}
