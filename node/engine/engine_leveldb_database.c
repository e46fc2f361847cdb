#include "core/base/check.h"
#include "core/base/memory.h"
#include "node/engine/engine_leveldb_private.h"

#include <stdlib.h>
#include <string.h>

#define WRITE_BUFFER_SIZE_DEFAULT ((size_t)8 << 20)
#define WRITE_BUFFER_SIZE_MAX     ((size_t)8 << 20)
#define BLOCK_CACHE_SIZE_DEFAULT  ((size_t)32 << 20)
#define TABLE_SIZE                ((size_t)8 << 20)

enum {
    BLOOM_BITS_DEFAULT = 10,
    OPEN_FILES_DEFAULT = 1000,
};

enum status database_status(char *error)
{
    if (error == NULL)
        return STATUS_OK;
    enum status status = STATUS_IO;
    if (strncmp(error, "Corruption", strlen("Corruption")) == 0)
        status = STATUS_CORRUPT;
    else if (strstr(error, "No space left") != NULL)
        status = STATUS_DISK_FULL;
    leveldb_free(error);
    return status;
}

static void create_options(struct database *database, const struct engine_leveldb_options *options)
{
    size_t write_buffer_size =
        options->write_buffer_size > 0 ? options->write_buffer_size : WRITE_BUFFER_SIZE_DEFAULT;
    CHECK(write_buffer_size <= WRITE_BUFFER_SIZE_MAX);

    database->cache = leveldb_cache_create_lru(
        options->block_cache_size > 0 ? options->block_cache_size : BLOCK_CACHE_SIZE_DEFAULT);
    database->filter = leveldb_filterpolicy_create_bloom(
        options->bloom_bits_per_key > 0 ? options->bloom_bits_per_key : BLOOM_BITS_DEFAULT);
    database->read_options = leveldb_readoptions_create();
    leveldb_readoptions_set_verify_checksums(database->read_options, 1);
    database->write_options = leveldb_writeoptions_create();

    database->options = leveldb_options_create();
    leveldb_options_set_create_if_missing(database->options, 1);
    leveldb_options_set_write_buffer_size(database->options, write_buffer_size);
    leveldb_options_set_cache(database->options, database->cache);
    leveldb_options_set_filter_policy(database->options, database->filter);
    leveldb_options_set_max_open_files(database->options, options->open_files_max > 0
                                                              ? options->open_files_max
                                                              : OPEN_FILES_DEFAULT);
    leveldb_options_set_compression(database->options, options->is_compressed
                                                           ? leveldb_snappy_compression
                                                           : leveldb_no_compression);
    leveldb_options_set_max_file_size(database->options, TABLE_SIZE);
}

/*
 * Opens twice. The first time a torn log, which a power cut may have left of a version that filled
 * it, must be forgiven, and what it holds becomes a table. The second time is strict: only then
 * does a compaction check what it reads, instead of writing damaged blocks anew with fresh
 * checksums.
 */
static enum status open_forgiving_then_strict(struct database *database)
{
    char *error = NULL;
    leveldb_t *forgiving = leveldb_open(database->options, database->path, &error);
    TRY(database_status(error));
    leveldb_close(forgiving);

    leveldb_options_set_paranoid_checks(database->options, 1);
    database->leveldb = leveldb_open(database->options, database->path, &error);
    return database_status(error);
}

enum status database_open(struct database *database, struct env *env,
                          const struct engine_leveldb_options *options)
{
    *database = (struct database){.env = env, .path = memory_copy_text(options->path)};
    CHECK(pthread_mutex_init(&database->mutex, NULL) == 0);
    CHECK(pthread_cond_init(&database->is_idle, NULL) == 0);
    create_options(database, options);

    enum status status = leveldb_logless_create(options->leveldb_env, &database->logless);
    if (status == STATUS_OK)
        status = env_directory_create(env, options->path);
    if (status == STATUS_OK)
        leveldb_options_set_env(database->options, leveldb_logless_env(database->logless));
    if (status == STATUS_OK)
        status = open_forgiving_then_strict(database);
    if (status != STATUS_OK)
        database_close(database);
    return status;
}

void database_close(struct database *database)
{
    pthread_mutex_lock(&database->mutex);
    database->is_closed = true;
    while (database->inside_count > 0)
        pthread_cond_wait(&database->is_idle, &database->mutex);
    pthread_mutex_unlock(&database->mutex);

    if (database->leveldb != NULL)
        leveldb_close(database->leveldb);
    database->leveldb = NULL;
    leveldb_options_destroy(database->options);
    leveldb_readoptions_destroy(database->read_options);
    leveldb_writeoptions_destroy(database->write_options);
    leveldb_filterpolicy_destroy(database->filter);
    leveldb_cache_destroy(database->cache);
    leveldb_logless_destroy(database->logless);
}

void database_free(struct database *database)
{
    CHECK(database->is_closed);
    pthread_mutex_destroy(&database->mutex);
    pthread_cond_destroy(&database->is_idle);
    memory_free(database->path);
}

bool database_enter(struct database *database)
{
    pthread_mutex_lock(&database->mutex);
    bool is_open = !database->is_closed;
    database->inside_count += is_open;
    pthread_mutex_unlock(&database->mutex);
    return is_open;
}

void database_leave(struct database *database)
{
    pthread_mutex_lock(&database->mutex);
    if (--database->inside_count == 0)
        pthread_cond_signal(&database->is_idle);
    pthread_mutex_unlock(&database->mutex);
}

/* The numbers of LevelDB's log files. */
struct log_numbers {
    uint64_t lowest;
    uint64_t highest;
};

static void note_log_number(void *context, const char *name)
{
    struct log_numbers *numbers = context;
    char *end;
    uint64_t number = strtoull(name, &end, 10);
    if (end == name || strcmp(end, ".log") != 0)
        return;
    if (number < numbers->lowest)
        numbers->lowest = number;
    if (number > numbers->highest)
        numbers->highest = number;
}

static enum status list_logs(struct database *database, struct log_numbers *out_numbers)
{
    *out_numbers = (struct log_numbers){.lowest = UINT64_MAX};
    return env_directory_list(database->env, database->path, note_log_number, out_numbers);
}

/*
 * leveldb_compact_range begins with a flush but does not tell whether that worked. It does not when
 * no new log can be made, and when the request gets in line behind a write that LevelDB delays: it
 * is then done together with that write, as if it were one (seen in 1.23, 5 times in 200). So we
 * look at what a flush leaves behind: LevelDB removes a log after its content is in a table and the
 * table in the synced manifest, never before.
 */
enum status database_flush(struct database *database)
{
    struct log_numbers before;
    struct log_numbers after;

    /* No key is empty: nothing but the flush remains to be done. */
    TRY(list_logs(database, &before));
    leveldb_compact_range(database->leveldb, "", 0, "", 0);
    TRY(list_logs(database, &after));
    if (after.lowest > before.highest)
        return STATUS_OK;

    /* After a failure in the background LevelDB refuses all writes, even those of nothing. */
    char *error = NULL;
    leveldb_writebatch_t *nothing = leveldb_writebatch_create();
    leveldb_write(database->leveldb, database->write_options, nothing, &error);
    leveldb_writebatch_destroy(nothing);
    TRY(database_status(error));
    return STATUS_BUSY;
}
