/*
 * A machine's simulated disk: named files, and what goes wrong with them.
 *
 * What survives a power cut:
 *   bytes   those synced (sim_file.h); each unsynced sector is old, new or torn
 *   sizes   those synced; an unsynced growth survives wholly, partly or not at all
 *   names   a change of names (a file or directory made, renamed, removed) survives once the
 *           directory that holds the name was synced; a cut keeps a random number of the first of
 *           the other changes, in order. Syncing or preallocating a file does not keep its name.
 * The end of a process loses nothing: all this is the kernel's.
 *
 * Paths are texts of names with '/' between; "", "." and "/" are always there.
 * Ownership: handles keep a file's content after its name is gone; close them before the disk.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/env/env.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_disk;
struct sim_node;

/* Each `..._one_in` is the number of operations of which one fails; 0: none does. */
struct sim_disk_faults {
    uint64_t sync_failure_one_in;
    uint64_t write_failure_one_in;
    uint64_t read_failure_one_in;
    uint64_t capacity_bytes; /* of all files' sizes; 0: endless */
    uint64_t slowness;       /* multiplies each latency; 0 is as 1 */
};

struct sim_disk *sim_disk_create(uint64_t seed);
void sim_disk_destroy(struct sim_disk *disk);
DEFINE_CLEANUP(sim_disk)

/* Free to be changed at any time; all zero at first. */
struct sim_disk_faults *sim_disk_faults(struct sim_disk *disk);

/* The sizes of all files, of those too that are open and have no name. */
uint64_t sim_disk_used_bytes(const struct sim_disk *disk);

/* Turns a random bit of the byte, for good; STATUS_NOT_FOUND when there is no such byte. */
enum status sim_disk_corrupt(struct sim_disk *disk, const char *path, uint64_t offset);

void sim_disk_cut_power(struct sim_disk *disk);

enum sim_disk_operation { SIM_DISK_READ, SIM_DISK_WRITE, SIM_DISK_SYNC, SIM_DISK_NAME };

/* How long such an operation takes this time. */
uint64_t sim_disk_latency_us(struct sim_disk *disk, enum sim_disk_operation operation,
                             uint64_t size);

/* The functions of env.h on files; a node is a file with a name or a handle. */
MUST_USE enum status sim_disk_open(struct sim_disk *disk, const char *path, bool creates,
                                   struct sim_node **out_file);
void sim_disk_close(struct sim_node *file);
MUST_USE enum status sim_disk_write(struct sim_node *file, uint64_t offset, struct slice bytes);
MUST_USE enum status sim_disk_read(struct sim_node *file, uint64_t offset, void *out_bytes,
                                   size_t size, size_t *out_size);
uint64_t sim_disk_size(const struct sim_node *file);
MUST_USE enum status sim_disk_sync(struct sim_node *file);
MUST_USE enum status sim_disk_preallocate(struct sim_node *file, uint64_t size);
MUST_USE enum status sim_disk_rename(struct sim_disk *disk, const char *from, const char *to);
MUST_USE enum status sim_disk_remove(struct sim_disk *disk, const char *path);
MUST_USE enum status sim_disk_directory_create(struct sim_disk *disk, const char *path);
MUST_USE enum status sim_disk_directory_sync(struct sim_disk *disk, const char *path);
MUST_USE enum status sim_disk_directory_list(struct sim_disk *disk, const char *path,
                                             env_name_fn name_fn, void *context);
