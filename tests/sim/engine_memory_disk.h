/*
 * The disk below the engine of the simulator: a map that can go back to its last checkpoint.
 *
 * Each batch since then is kept with what it replaced, so that going back is undoing them from the
 * last to the first.
 */
#pragma once

#include "core/base/list.h"
#include "core/base/random.h"
#include "node/engine/engine.h"
#include "tests/sim/engine_memory.h"
#include "tests/sim/ordered_map.h"

struct engine_memory_disk {
    struct ordered_map *map;
    struct list batches; /* since the last checkpoint, in the order of writing */
    struct list ended;   /* engines destroyed while works were under way */
    enum status failure;
    bool is_open;
};

/* A batch of a disk. */
struct disk_batch {
    struct list link;
    struct engine_batch batch;
    struct engine_batch undo; /* to be done from the last operation to the first */
    bool is_applied;          /* its write has completed */
};

/* Takes the batch's content. The power may fail before or after it reaches the disk. */
struct disk_batch *disk_begin_batch(struct engine_memory_disk *disk, struct engine_batch *batch);
void disk_apply_batch(struct engine_memory_disk *disk, struct disk_batch *batch);

/* The write failed: nothing of it will ever be seen. */
void disk_drop_batch(struct disk_batch *batch);

/* The last batch applied, NULL when there is none since the last checkpoint. */
struct disk_batch *disk_last_applied(struct engine_memory_disk *disk);

/* Nothing up to `last` will be lost any more. NULL: nothing changes. */
void disk_checkpoint(struct engine_memory_disk *disk, const struct disk_batch *last);

/* Frees the engines whose works were never finished, as their env died with them. */
void disk_free_ended(struct engine_memory_disk *disk);

/* Decides about batches whose writes an end of the process interrupted. */
void disk_settle(struct engine_memory_disk *disk, struct random *random);
