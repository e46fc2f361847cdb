#include "tests/powercut/life.h"

#include "core/base/byte_order.h"
#include "core/base/check.h"
#include "core/env/env_uv.h"
#include "node/engine/engine_leveldb.h"
#include "node/engine/leveldb_env.h"

#include <stdio.h>

enum {
    WRITE_BUFFER_SIZE = 64 << 10, /* the least that LevelDB takes */
    UNDER_WAY_MAX = 16,
    BATCHES_PER_CHECKPOINT = 40,
    OPERATION_COUNT_MAX = 8,
    VALUE_SIZE_MAX = 400,
    LARGE_VALUE_SIZE_MAX = 20000,
};

/* --- Batches made from seeds ----------------------------------------------------------------- */

struct made_operation {
    uint32_t key;
    bool is_delete;
    size_t value_size;
    uint64_t value_seed;
};

/* The next operation of a batch, drawn from its seed. */
static struct made_operation make_operation(struct random *random)
{
    size_t size_max = random_one_in(random, 30) ? LARGE_VALUE_SIZE_MAX : VALUE_SIZE_MAX;
    return (struct made_operation){.key = (uint32_t)random_below(random, LOG_KEY_COUNT),
                                   .is_delete = random_one_in(random, 4),
                                   .value_size = random_below(random, size_max),
                                   .value_seed = random_next(random)};
}

static size_t make_operation_count(struct random *random)
{
    return random_below(random, OPERATION_COUNT_MAX + 1);
}

static void append_value(const struct made_operation *operation, struct buffer *buffer)
{
    struct random bytes = random_of_seed(operation->value_seed);
    for (size_t i = 0; i < operation->value_size; i++)
        buffer_append_u8(buffer, (uint8_t)random_next(&bytes));
}

static void append_key(uint32_t key, struct buffer *buffer)
{
    buffer_append_u32(buffer, key);
}

static void make_batch(uint64_t seed, struct engine_batch *batch)
{
    struct random random = random_of_seed(seed);
    SCOPED(buffer) key = {0};
    SCOPED(buffer) value = {0};
    for (size_t left = make_operation_count(&random); left > 0; left--) {
        struct made_operation operation = make_operation(&random);
        buffer_clear(&key);
        buffer_clear(&value);
        append_key(operation.key, &key);
        append_value(&operation, &value);
        if (operation.is_delete)
            engine_batch_delete(batch, buffer_slice(&key));
        else
            engine_batch_put(batch, buffer_slice(&key), buffer_slice(&value));
    }
}

/* --- Life ------------------------------------------------------------------------------------ */

static enum status open_store(struct env *env, const char *directory,
                              struct leveldb_recording *recording, struct engine **out_engine)
{
    struct engine_leveldb_options options = {.path = directory,
                                             .write_buffer_size = WRITE_BUFFER_SIZE,
                                             .leveldb_env = leveldb_recording_env(recording)};
    return engine_leveldb_open(env, &options, out_engine);
}

static void note_failure(struct life *life, enum status status)
{
    if (life->status == STATUS_OK)
        life->status = status;
    env_uv_stop(life->env);
}

/* Writes complete in the order in which they were issued. */
static void on_written(void *context, enum status status)
{
    struct life *life = context;
    life->completed_at[life->completed_count++] = leveldb_recording_position(life->recording);
    note_failure(life, status);
}

static void issue(struct life *life)
{
    SCOPED(engine_batch) batch;
    engine_batch_init(&batch);
    make_batch(life->log.seeds[life->issued_count], &batch);
    life->issued_count++;
    engine_write(life->engine, &batch, on_written, life);
}

static void on_checkpoint(void *context, enum status status)
{
    struct life *life = context;
    CHECK(life->checkpoint_count < LIFE_CHECKPOINT_COUNT_MAX);
    life->checkpoints[life->checkpoint_count++] = (struct life_checkpoint){
        .reaches = life->checkpoint_reaches, .at = leveldb_recording_position(life->recording)};
    life->is_checkpointing = false;
    note_failure(life, status);
}

static void begin_checkpoint(struct life *life)
{
    life->is_checkpointing = true;
    life->checkpoint_reaches = life->completed_count;
    if (life->plant == PLANT_CHECKPOINT_BEFORE_FLUSH)
        on_checkpoint(life, STATUS_OK);
    else
        engine_checkpoint(life->engine, on_checkpoint, life);
}

static bool may_checkpoint(const struct life *life)
{
    return !life->is_checkpointing && life->checkpoint_count < LIFE_CHECKPOINT_COUNT_MAX;
}

/* Issues batches of the log up to `count`, adding new ones where it ends. */
static void write_up_to(struct life *life, size_t count)
{
    while (life->issued_count < count &&
           life->issued_count - life->completed_count < UNDER_WAY_MAX) {
        if (life->issued_count == life->log.count) {
            life->issued_at[life->log.count] = leveldb_recording_position(life->recording);
            life->log.seeds[life->log.count++] = random_next(&life->random);
        }
        issue(life);
        if (may_checkpoint(life) && random_one_in(&life->random, BATCHES_PER_CHECKPOINT))
            begin_checkpoint(life);
    }
}

enum status life_run(struct life *life)
{
    size_t count = life->log.count + random_below(&life->random, LIFE_BATCH_COUNT_MAX);
    CHECK(count <= LOG_BATCH_COUNT_MAX);
    life->issued_count = life->log.checkpoint;
    life->completed_count = life->log.checkpoint;
    TRY(env_directory_create(life->env, life->directory));
    TRY(leveldb_recording_create(life->directory, &life->recording));
    TRY(open_store(life->env, life->directory, life->recording, &life->engine));

    while (life->status == STATUS_OK && (life->completed_count < count || life->is_checkpointing)) {
        write_up_to(life, count);
        env_uv_run(life->env);
    }
    engine_destroy(GIVE(life->engine));
    env_uv_finish_works(life->env);
    return life->status;
}

void life_deinit(struct life *life)
{
    engine_destroy(life->engine);
    leveldb_recording_destroy(life->recording);
}

size_t life_length(struct life *life)
{
    return leveldb_recording_position(life->recording);
}

void life_log_at(const struct life *life, size_t at, struct log *out_log)
{
    *out_log = life->log;
    while (out_log->count > 0 && life->issued_at[out_log->count - 1] > at)
        out_log->count--;
    for (size_t i = 0; i < life->checkpoint_count && life->checkpoints[i].at <= at; i++)
        out_log->checkpoint = life->checkpoints[i].reaches;
    if (life->plant == PLANT_REPLAY_FROM_LAST_WRITE) {
        for (size_t i = out_log->checkpoint;
             i < life->completed_count && life->completed_at[i] <= at; i++)
            out_log->checkpoint = i + 1;
    }
}

/* --- Is it whole? ---------------------------------------------------------------------------- */

struct verification {
    struct env *env;
    struct engine *engine;
    const struct log *log;
    enum status status;
    size_t under_way;
    bool is_whole;
};

static void on_replayed(void *context, enum status status)
{
    struct verification *verification = context;
    if (status != STATUS_OK)
        verification->status = status;
    verification->under_way--;
    env_uv_stop(verification->env);
}

static void replay(struct verification *verification)
{
    const struct log *log = verification->log;
    for (size_t i = log->checkpoint; i < log->count; i++) {
        SCOPED(engine_batch) batch;
        engine_batch_init(&batch);
        make_batch(log->seeds[i], &batch);
        verification->under_way++;
        engine_write(verification->engine, &batch, on_replayed, verification);
    }
    while (verification->under_way > 0)
        env_uv_run(verification->env);
}

/* The rows that a scan of everything yields when all batches of the log were done in order. */
static void append_rows(const struct log *log, struct buffer *rows)
{
    struct made_operation last[LOG_KEY_COUNT] = {0};
    bool is_there[LOG_KEY_COUNT] = {false};
    for (size_t i = 0; i < log->count; i++) {
        struct random random = random_of_seed(log->seeds[i]);
        for (size_t left = make_operation_count(&random); left > 0; left--) {
            struct made_operation operation = make_operation(&random);
            last[operation.key] = operation;
            is_there[operation.key] = !operation.is_delete;
        }
    }
    for (uint32_t key = 0; key < LOG_KEY_COUNT; key++) {
        if (!is_there[key])
            continue;
        buffer_append_varint(rows, sizeof key);
        append_key(key, rows);
        buffer_append_varint(rows, last[key].value_size);
        append_value(&last[key], rows);
    }
}

static void on_scanned(void *context, enum status status, const struct engine_page *page)
{
    struct verification *verification = context;
    SCOPED(buffer) expected = {0};
    append_rows(verification->log, &expected);
    verification->is_whole = page->is_end && slice_is_equal(page->rows, buffer_slice(&expected));
    verification->under_way++;
    on_replayed(verification, status);
}

enum status life_verify(struct env *env, const char *directory, const struct log *log,
                        bool *out_is_whole)
{
    OWNED(leveldb_recording) recording = NULL;
    TRY(leveldb_recording_create(directory, &recording));
    struct verification verification = {.env = env, .log = log};
    TRY(open_store(env, directory, recording, &verification.engine));

    struct engine_range everything = {.row_count_max = SIZE_MAX, .bytes_max = SIZE_MAX};
    replay(&verification);
    engine_scan(verification.engine, &everything, on_scanned, &verification);
    env_uv_run(env);
    engine_destroy(verification.engine);
    env_uv_finish_works(env);
    *out_is_whole = verification.is_whole;
    return verification.status;
}
