/*
 * Histories of one row, written down operation by operation.
 */
#pragma once

#include "core/base/check.h"
#include "tests/sim/simulate/history.h"

enum { TABLE_UID = 7 };

struct story {
    struct findings findings;
    struct history *history;
};

static inline void story_init(struct story *story)
{
    *story = (struct story){0};
    story->history = history_create(&story->findings, NULL);
}

static inline void story_deinit(struct story *story)
{
    history_destroy(story->history);
    findings_deinit(&story->findings);
}

static inline uint64_t begin(struct story *story, enum operation_kind kind, bool wants_before)
{
    struct operation operation = {
        .table_uid = TABLE_UID,
        .kind = kind,
        .wants_before = wants_before,
        .filler_size = 20,
    };
    return history_invoke(story->history, &operation)->id;
}

static inline uint64_t begin_put(struct story *story)
{
    return begin(story, OPERATION_PUT, false);
}

static inline uint64_t begin_delete(struct story *story)
{
    return begin(story, OPERATION_DELETE, false);
}

static inline uint64_t begin_get(struct story *story)
{
    return begin(story, OPERATION_GET, false);
}

static inline void end_as(struct story *story, uint64_t id, enum operation_outcome outcome)
{
    history_answer(story->history, id, &(struct history_answer){.outcome = outcome});
}

static inline void end_executed(struct story *story, uint64_t id)
{
    end_as(story, id, OPERATION_EXECUTED);
}

/* It was executed, and saw what `writer` wrote; NO_WRITER: no row. */
static inline void end_seeing(struct story *story, uint64_t id, uint64_t writer)
{
    SCOPED(buffer) item;
    buffer_init(&item);
    if (writer != NO_WRITER)
        buffer_append(&item, history_item(story->history, history_find(story->history, writer)));
    history_answer(story->history, id,
                   &(struct history_answer){
                       .outcome = OPERATION_EXECUTED,
                       .is_found = writer != NO_WRITER,
                       .item = buffer_slice(&item),
                   });
}

/* A put that is done only if the row is as `expected` left it. */
static inline uint64_t begin_put_expecting(struct story *story, uint64_t expected, bool is_update)
{
    struct operation operation = {
        .table_uid = TABLE_UID,
        .kind = OPERATION_PUT,
        .is_update = is_update,
        .has_expectation = true,
        .expected = expected,
        .filler_size = 20,
    };
    return history_invoke(story->history, &operation)->id;
}

/* Its condition failed, as the row was as `writer` left it. */
static inline void end_failed(struct story *story, uint64_t id, uint64_t writer)
{
    SCOPED(buffer) item;
    buffer_init(&item);
    if (writer != NO_WRITER)
        buffer_append(&item, history_item(story->history, history_find(story->history, writer)));
    history_answer(story->history, id,
                   &(struct history_answer){
                       .outcome = OPERATION_EXECUTED,
                       .has_failed = true,
                       .is_found = writer != NO_WRITER,
                       .item = buffer_slice(&item),
                   });
}

/* Whole operations, one after the other. */
static inline uint64_t put(struct story *story)
{
    uint64_t id = begin_put(story);
    end_executed(story, id);
    return id;
}

static inline uint64_t delete_row(struct story *story)
{
    uint64_t id = begin_delete(story);
    end_executed(story, id);
    return id;
}

static inline uint64_t get_seeing(struct story *story, uint64_t writer)
{
    uint64_t id = begin_get(story);
    end_seeing(story, id, writer);
    return id;
}
