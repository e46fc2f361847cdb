/*
 * Pending: answers that wait for a log entry's commit, in the order of the log.
 */
#pragma once

#include "core/base/list.h"
#include "core/base/slice.h"
#include "node/tablet/tablet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pending_queue {
    struct list answers;
    size_t count;
};

void pending_init(struct pending_queue *queue);

/* Forgets them all. */
void pending_deinit(struct pending_queue *queue);

struct pending {
    uint64_t index;
    bool is_write;          /* it was proposed */
    struct verdict verdict; /* its item is copied */
    tablet_answer_fn fn;
    void *context;
};

/* `pending->index` is not below that of any answer added before. */
void pending_add(struct pending_queue *queue, const struct pending *pending);

/* Gives every answer up to `index`. */
void pending_commit(struct pending_queue *queue, uint64_t index);

/* Leadership is lost: a write's outcome is unknown, a read has not been executed. */
void pending_fail(struct pending_queue *queue);
