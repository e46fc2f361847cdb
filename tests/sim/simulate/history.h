/*
 * History: what clients asked of rows, and what they were told, in the order in which it happened.
 *
 * Each put writes an item that only it writes (test_item.h), so that whatever is seen of a row
 * names the operation that wrote it. What cannot have been written by any is a finding at once.
 *
 * An update writes all that a put does, but it counts on from the item that it finds: so one that
 * was done twice, or on an old item, shows. A write whose condition failed has become a get.
 *
 * Ownership: an operation belongs to the history; pointers to one hold until the next begins.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "tests/sim/simulate/findings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum operation_kind { OPERATION_GET, OPERATION_PUT, OPERATION_DELETE };

enum operation_outcome {
    OPERATION_UNKNOWN, /* or not answered yet */
    OPERATION_EXECUTED,
    OPERATION_NOT_EXECUTED,
};

/* No row: what a read of a missing item sees, and a delete leaves. */
enum { NO_WRITER = 0 };

struct operation {
    uint64_t id; /* from 1 on */
    uint64_t table_uid;
    uint32_t key;
    enum operation_kind kind;
    uint32_t filler_size; /* of a put's item */
    bool wants_before;
    bool is_update;       /* of a put: by an update, not a whole item */
    bool has_expectation; /* of a write: done only if the row is as that operation left it */
    uint64_t expected;    /* the id of a put, or NO_WRITER */
    uint64_t count;       /* of a put's item; 0: not known yet */
    enum operation_outcome outcome;
    bool is_answered;
    bool has_seen; /* read the row, or the image before its write */
    uint64_t seen; /* the id of the put that wrote it, or NO_WRITER */

    /* Places in the one order of all invocations and answers. */
    uint64_t invoked;
    uint64_t answered;
    uint64_t invoked_us;
};

struct history;

/* Lines about operations go to `trace` unless it is NULL. */
struct history *history_create(struct findings *findings, FILE *trace);
void history_destroy(struct history *history);
DEFINE_CLEANUP(history)

/* Takes a copy; fills in its id and place. `table_uid`, `key`, `kind` and the rest are given. */
const struct operation *history_invoke(struct history *history, const struct operation *operation);

struct history_answer {
    enum operation_outcome outcome;
    bool has_failed; /* its condition */
    bool is_found;
    struct slice item;
};

void history_answer(struct history *history, uint64_t id, const struct history_answer *answer);

/* NULL when there is no such operation. */
const struct operation *history_find(const struct history *history, uint64_t id);
size_t history_count(const struct history *history);

/* The item that a put writes; holds until the next call. */
struct slice history_item(struct history *history, const struct operation *put);

/* All operations on one row, in the order of their ids; NULL ends the walk over rows. */
struct history_row {
    uint64_t table_uid;
    uint32_t key;
    const struct operation **operations;
    size_t count;
};
const struct history_row *history_row_at(struct history *history, size_t position);
