/*
 * One simulated file: sectors of 512 bytes, each with a volatile and a durable content.
 *
 *              write                       sync
 *   volatile <-------- sector is dirty  ----------> durable    (what a power cut leaves)
 *
 * A sync that fails cleans the dirty sectors without storing them all, as Linux does: reads may
 * still show the lost bytes, and a later sync that succeeds does not bring them back.
 *
 * Only sectors that were ever written take memory. Choices are drawn from the given random.
 */
#pragma once

#include "core/base/random.h"
#include "core/base/slice.h"

#include <stddef.h>
#include <stdint.h>

enum { SIM_SECTOR_SIZE = 512 };

struct sim_page;

struct sim_file {
    uint64_t size;
    uint64_t durable_size;
    struct sim_page **pages; /* NULL: zeros that are durable */
    size_t page_count;
    uint32_t *changed; /* numbers of the pages whose two contents may differ */
    size_t changed_count;
    size_t changed_capacity;
};

/* A zeroed file is an empty one. */
void sim_file_deinit(struct sim_file *file);

void sim_file_write(struct sim_file *file, uint64_t offset, struct slice bytes);

/* Reads what lies inside the file, and returns how much that was. */
size_t sim_file_read(const struct sim_file *file, uint64_t offset, void *out_bytes, size_t size);

/* Grows with zeros; a file that is as large already stays as it is. */
void sim_file_grow(struct sim_file *file, uint64_t size);

void sim_file_sync(struct sim_file *file);
void sim_file_fail_sync(struct sim_file *file, struct random *random);
void sim_file_cut_power(struct sim_file *file, struct random *random);

/* Turns one bit of a byte inside the file, in both contents: what the medium rots. */
void sim_file_corrupt(struct sim_file *file, uint64_t offset, unsigned bit);
