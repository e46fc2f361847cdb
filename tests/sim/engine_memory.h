/*
 * The engine of the simulator: in memory, and no better than LevelDB's weakest contract.
 *
 * A disk is what a machine keeps when its process ends. When its power fails too, the disk goes
 * back to the last checkpoint plus an arbitrary subset of the batches written later, in their
 * order, among them some whose writes had not completed.
 *
 * Ownership: the machine owns the disk; one engine at a time is open on it, and is destroyed before
 *            the disk crashes or goes. The env of a destroyed engine finishes or forgets its works
 *            before anything else is done with the disk.
 * Threads:   the loop thread only; works of the env decide when something completes.
 * Random:    drawn from the numbers given, so that a run repeats from its seed.
 */
#pragma once

#include "core/base/random.h"
#include "node/engine/engine.h"

struct env;
struct engine_memory_disk;

struct engine_memory_disk *engine_memory_disk_create(void);
void engine_memory_disk_destroy(struct engine_memory_disk *disk);
DEFINE_CLEANUP(engine_memory_disk)

/* The power fails. */
void engine_memory_disk_crash(struct engine_memory_disk *disk, struct random *random);

/* What writes and checkpoints come to from now on; STATUS_OK: they work. */
void engine_memory_disk_set_failure(struct engine_memory_disk *disk, enum status failure);

/* Batches that were being written when the last engine was destroyed may be found done or not. */
struct engine *engine_memory_open(struct env *env, struct engine_memory_disk *disk,
                                  struct random *random);
