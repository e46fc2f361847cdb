/*
 * Work: how much an evaluation has done, and may do, so that no tree holds its thread for long.
 *
 * It is counted, never timed: the same tree and item come to the same work everywhere. One unit is
 * about a nanosecond. What has come over its bound
 * is given up as soon as possible, and nothing that it found out so far means anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EVALUATION_WORK_MAX = 8 << 20, /* of the trees of one request on one item */

    WORK_BYTES_PER_UNIT = 16, /* compared or copied */
    WORK_OF_STEP = 16,        /* one operand, path step or comparison */
    WORK_OF_WALK = 8,         /* past one element */
    WORK_OF_ENTRY = 12,       /* past one element that is compared with a name or value */
    WORK_OF_WRITE = 32,       /* of one element */
};

struct work {
    uint64_t done;
    uint64_t max;
};

static inline struct work work_of_request(void)
{
    return (struct work){.max = EVALUATION_WORK_MAX};
}

static inline void work_add(struct work *work, uint64_t units)
{
    work->done += units;
}

static inline void work_add_bytes(struct work *work, size_t size)
{
    work->done += size / WORK_BYTES_PER_UNIT;
}

static inline bool work_is_over(const struct work *work)
{
    return work->done > work->max;
}
