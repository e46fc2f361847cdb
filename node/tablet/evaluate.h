/*
 * Evaluate: from the state before and a request to effects. Pure: one file per kind of write.
 *
 * Nothing is changed until the effects have been committed.
 */
#pragma once

#include "core/base/slice.h"
#include "node/tablet/effects.h"
#include "proto/write_kind.h"
#include "replication/global/hybrid_clock.h"

#include <stdbool.h>
#include <stdint.h>

struct write_request {
    enum write_kind kind;
    struct slice row_key; /* the engine's */
    struct slice item;    /* of a put */
    bool wants_before;
};

/* The write replaces whatever is there. */
void evaluate_put(const struct write_request *request, struct stamp stamp, struct effects *effects);

/* The row goes, or stays missing. */
void evaluate_delete(const struct write_request *request, struct stamp stamp,
                     struct effects *effects);
