/*
 * The engine on LevelDB.
 *
 * LevelDB's own log stays empty (leveldb_logless.h): after a crash only what it has flushed to
 * tables is there. A checkpoint is a flush of its memory to a synced table, and the only thing to
 * build on.
 *
 * Threads: the loop never calls what may sleep. Workers do, at most four at a time: one for writes,
 *          two for reads, one for a checkpoint.
 * Destroy: waits until no worker is inside LevelDB, which takes as long as the write, read or
 *          checkpoint under way, and closes the database. What the env has still to call back about
 *          is freed then, so the env lives longer and finishes its works.
 */
#pragma once

#include "node/engine/engine.h"

struct env;
struct leveldb_env_t;

/* Zero takes the default. */
struct engine_leveldb_options {
    const char *path;
    size_t write_buffer_size; /* 8 MB, at most that: how long a flush can stall writes */
    size_t block_cache_size;  /* 32 MB, of uncompressed blocks */
    int bloom_bits_per_key;   /* 10: one missing key in a hundred is looked for in vain */
    int open_files_max;       /* 1000 */
    bool is_compressed;       /* by Snappy */
    bool reads_on_loop; /* gets, but not scans, are done at the end of the loop's turn instead */
    struct leveldb_env_t *leveldb_env; /* outlives the engine; NULL: the operating system */
};

/*
 * Opens the database, made when missing; blocks. STATUS_CORRUPT when tables or the manifest do not
 * match their checksums.
 */
MUST_USE enum status engine_leveldb_open(struct env *env,
                                         const struct engine_leveldb_options *options,
                                         struct engine **out_engine);
