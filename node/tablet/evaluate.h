/*
 * Evaluate: from the state before and a request to effects. Pure: one file per kind of write.
 *
 * Nothing is changed until the effects have been committed.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/expression/path_lookup.h"
#include "core/expression/update_fault.h"
#include "core/model/item.h"
#include "node/tablet/effects.h"
#include "proto/write_kind.h"
#include "replication/global/hybrid_clock.h"

#include <stdbool.h>
#include <stdint.h>

struct write_request {
    enum write_kind kind;
    struct slice row_key; /* the engine's */
    struct slice item;    /* of a put; of an update the key's attributes */
    enum write_returned returned;
    struct slice condition; /* trees (core/expression/tree_codec.h); empty: none */
    struct slice update;
    bool wants_item_on_failure;
    bool wants_sizes;
};

/* What came of a write. */
struct verdict {
    enum write_result result;
    uint32_t fault;   /* enum update_fault, of one that is refused */
    bool has_effects; /* else nothing is to be proposed */
    bool is_found;    /* the item that was asked for */
    struct slice item;
    size_t size_before; /* if they were asked for */
    size_t size_after;
};

/* Whether the write may be evaluated only once the row is known. */
static inline bool evaluate_needs_row(const struct write_request *request)
{
    return request->kind == WRITE_UPDATE || request->returned != WRITE_RETURNS_NOTHING ||
           request->condition.size > 0 || request->wants_sizes;
}

/* Where evaluations lie while they are under way. */
struct evaluate_scratch {
    struct arena *arena;
    struct item_builder *item;
    struct item_builder *image;
};

void evaluate_scratch_init(struct evaluate_scratch *scratch);

/* One that holds nothing but NULL is fine. */
void evaluate_scratch_deinit(struct evaluate_scratch *scratch);

/*
 * Any write, against the item before it: no bytes when there is none. The verdict's item is that
 * of `before`, or lies in the scratch until its next use. STATUS_CORRUPT or STATUS_UNSUPPORTED when
 * a tree, or an update's item, is malformed.
 */
MUST_USE enum status evaluate_write(const struct write_request *request, struct slice before,
                                    struct stamp stamp, struct evaluate_scratch *scratch,
                                    struct effects *effects, struct verdict *out_verdict);

/*
 * The item becomes what the update makes of it, or of the key when there is none. The work done so
 * far goes on, in that of the reader.
 */
MUST_USE enum status evaluate_update(const struct write_request *request,
                                     struct item_reader *before, struct stamp stamp,
                                     struct evaluate_scratch *scratch, struct effects *effects,
                                     struct verdict *verdict);

/* Nothing is changed. */
void evaluate_refuse(struct verdict *verdict, enum update_fault fault);

/* The verdict's item, if it has bytes. */
void evaluate_tell(struct verdict *verdict, struct slice item);

/* The write replaces whatever is there. */
void evaluate_put(const struct write_request *request, struct stamp stamp, struct effects *effects);

/* The row goes, or stays missing. */
void evaluate_delete(const struct write_request *request, struct stamp stamp,
                     struct effects *effects);
