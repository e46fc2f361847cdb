/*
 * Segment: one file of the log: its name, its header, and how it is made and used again.
 *
 *   G.new ---------------> G.log ------------------> G.spare ----------> removed
 *     zeros, header,        records of                 |
 *     synced                generation G               |
 *                          H.log <---------------------+
 *                            new header, synced; H > G
 *
 * Each arrow is a rename followed by a sync of the directory, so that a file called `.log` has a
 * sound header, and no record is written before its file's name is durable. Records of a generation
 * stand only in a file whose name says that generation or a later one: the greatest number in the
 * directory, plus one, is one that was never used.
 *
 * Threads: any, as these functions block; a file is for one thread at a time.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct env;
struct env_file;

enum {
    SEGMENT_HEADER_SIZE = 4096,  /* records begin here */
    SEGMENT_PAGE_SIZE = 4096,    /* sizes are multiples of it, and writes end at one */
    SEGMENT_SECTOR_SIZE = 512,   /* batches begin at a multiple of it */
    SEGMENT_SIZE_MAX = 256 << 20 /* bounds what replay holds in memory at a time */
};

enum segment_state { SEGMENT_NEW, SEGMENT_LOG, SEGMENT_SPARE };

struct segment_header {
    uint64_t generation;
    uint64_t salt; /* random, so that no client can make up bytes that pass for a record */
    uint64_t size;
};

/* Appends SEGMENT_HEADER_SIZE bytes. */
void segment_header_encode(struct buffer *buffer, const struct segment_header *header);
MUST_USE enum status segment_header_decode(struct slice bytes, struct segment_header *out_header);

/* "<directory>/<generation, 16 hexadecimal digits>.<state>", which the caller frees. */
char *segment_path(const char *directory, uint64_t generation, enum segment_state state);

/* False for the name of anything else. */
bool segment_name_parse(const char *name, uint64_t *out_generation, enum segment_state *out_state);

/*
 * Makes the file of a segment, from a spare unless `spare_generation` is 0; durable when it
 * returns. STATUS_DISK_FULL leaves nothing behind.
 */
MUST_USE enum status segment_prepare(struct env *env, const char *directory,
                                     const struct segment_header *header, uint64_t spare_generation,
                                     struct env_file **out_file);

/* Makes a segment a spare: it is not a part of the log any more, durably. */
MUST_USE enum status segment_retire(struct env *env, const char *directory, uint64_t generation);

MUST_USE enum status segment_remove(struct env *env, const char *directory, uint64_t generation,
                                    enum segment_state state);

/* STATUS_CORRUPT unless the header is sound and of that generation. */
MUST_USE enum status segment_open(struct env *env, const char *directory, uint64_t generation,
                                  struct segment_header *out_header, struct env_file **out_file);

/* Appends the whole segment, header included. */
MUST_USE enum status segment_read(struct env_file *file, const struct segment_header *header,
                                  struct buffer *buffer);
