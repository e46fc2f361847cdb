/*
 * One life of a store: from a start on what the last power cut left to the next cut.
 *
 * The log is what a node keeps beside its engine: every batch, and how far the last checkpoint
 * reaches. A batch enters it before it is written. A life notes when each thing happened, counted
 * in LevelDB's file operations, so that for a cut at any of them it can be said what the log held
 * then.
 *
 * LevelDB's own thread makes lives differ between runs, even of one seed.
 */
#pragma once

#include "core/base/random.h"
#include "node/engine/engine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LOG_BATCH_COUNT_MAX = 4000,
    LOG_KEY_COUNT = 300,
    LIFE_BATCH_COUNT_MAX = 400,
    LIFE_CHECKPOINT_COUNT_MAX = 64,
};

/* Mistakes made on purpose, to see them found. */
enum plant {
    PLANT_NOTHING,
    PLANT_CHECKPOINT_BEFORE_FLUSH,
    PLANT_REPLAY_FROM_LAST_WRITE,
};

struct log {
    uint64_t seeds[LOG_BATCH_COUNT_MAX]; /* a batch is made from its seed */
    size_t count;
    size_t checkpoint; /* batches before it are durable in the engine */
};

struct life_checkpoint {
    size_t reaches;
    size_t at;
};

struct life {
    struct env *env;
    const char *directory;
    enum plant plant;
    struct random random;
    struct leveldb_recording *recording;
    struct engine *engine;

    struct log log;
    size_t issued_at[LOG_BATCH_COUNT_MAX];
    size_t completed_at[LOG_BATCH_COUNT_MAX];
    struct life_checkpoint checkpoints[LIFE_CHECKPOINT_COUNT_MAX];
    size_t checkpoint_count;

    size_t issued_count; /* both in batches of the log */
    size_t completed_count;
    size_t checkpoint_reaches;
    bool is_checkpointing;
    enum status status;
};

/*
 * Opens the store, replays the log, and writes some more: `env`, `directory`, `plant`, `random` and
 * `log` are set, everything else is zero.
 */
MUST_USE enum status life_run(struct life *life);
void life_deinit(struct life *life);

/* How many file operations there were. */
size_t life_length(struct life *life);

/* What the log holds if the power is cut after `at` operations. */
void life_log_at(const struct life *life, size_t at, struct log *out_log);

/* Opens the store, replays the log and looks whether exactly what the log says is there. */
MUST_USE enum status life_verify(struct env *env, const char *directory, const struct log *log,
                                 bool *out_is_whole);
