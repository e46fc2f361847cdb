/*
 * A LevelDB Env that remembers every file operation, so that a test can see what a power cut leaves
 * behind. `kill -9` cannot show that: the page cache survives it.
 *
 * What survives a cut at an operation, by the order of operations before it:
 *  - of a file, what was appended before its last sync, and of the rest a prefix that ends at any
 *    byte. In the rest of a log whole pages may be zeros too, where the file grew before its
 * content was written; of other files LevelDB reads no bytes before they are synced, but for the
 * manifest, which it takes for granted to be whole up to where it ends;
 *  - of the directory, what was done before its last sync, what was done up to the creation of a
 * file that was synced later, and of the rest a prefix. So do ext4, XFS and btrfs. POSIX promises
 * less, and for that LevelDB is not made: it appends to its manifest, and only then syncs the
 * directory with the table that the manifest names, so that a cut between can leave a database that
 * does not open ("missing files"). Nor is it for file systems that reorder renames and removals.
 * LevelDB syncs the directory whenever it syncs a manifest, inside of what this Env wraps.
 *
 * LevelDB really works in a directory meanwhile, but nothing is really synced, which is faster.
 *
 * Nothing in it is part of a program that does not name it, as the linker leaves it out.
 *
 * Threads: any, as LevelDB calls from its own.
 * Bounds:  all that is ever written stays in memory.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/status.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct leveldb_env_t;
struct leveldb_recording;

/* What is in the directory already counts as synced. STATUS_IO when it cannot be read. */
MUST_USE enum status leveldb_recording_create(const char *directory,
                                              struct leveldb_recording **out_recording);

/* After the database that uses it was closed. */
void leveldb_recording_destroy(struct leveldb_recording *recording);

/* Belongs to the recording. */
struct leveldb_env_t *leveldb_recording_env(struct leveldb_recording *recording);

/* How many operations there were. */
size_t leveldb_recording_position(struct leveldb_recording *recording);

/* Writes what a cut after `position` operations leaves behind to `directory`, which is made. */
MUST_USE enum status leveldb_recording_cut(struct leveldb_recording *recording, size_t position,
                                           uint64_t seed, const char *directory);

/* What fails from now on, as on a full disk. */
enum leveldb_fault {
    LEVELDB_FAULT_NONE,
    LEVELDB_FAULT_CREATE,
    LEVELDB_FAULT_APPEND,
    LEVELDB_FAULT_SYNC,
};

void leveldb_recording_set_fault(struct leveldb_recording *recording, enum leveldb_fault fault);

#ifdef __cplusplus
}
#else
DEFINE_CLEANUP(leveldb_recording)
#endif
