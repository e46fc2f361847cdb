#include "tests/sim/simulate/history.h"

#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/model/item.h"
#include "tests/sim/simulate/test_item.h"

#include <inttypes.h>

struct history {
    struct findings *findings;
    FILE *trace;
    struct item_builder *builder;
    struct operation *operations;
    size_t count;
    size_t capacity;
    uint64_t place;

    /* Made when first asked for. */
    struct history_row *rows;
    const struct operation **row_operations;
    size_t row_count;
};

struct history *history_create(struct findings *findings, FILE *trace)
{
    struct history *history = memory_alloc_zeroed(sizeof *history);
    history->findings = findings;
    history->trace = trace;
    history->builder = item_builder_create();
    return history;
}

static void rows_forget(struct history *history)
{
    memory_free(history->rows);
    memory_free(history->row_operations);
    history->rows = NULL;
    history->row_operations = NULL;
    history->row_count = 0;
}

void history_destroy(struct history *history)
{
    if (history == NULL)
        return;
    rows_forget(history);
    item_builder_destroy(history->builder);
    memory_free(history->operations);
    memory_free(history);
}

static const char *kind_text(enum operation_kind kind)
{
    switch (kind) {
    case OPERATION_GET:
        return "get";
    case OPERATION_PUT:
        return "put";
    case OPERATION_DELETE:
        return "delete";
    }
    return "";
}

static const char *outcome_text(enum operation_outcome outcome)
{
    switch (outcome) {
    case OPERATION_UNKNOWN:
        return "unknown";
    case OPERATION_EXECUTED:
        return "executed";
    case OPERATION_NOT_EXECUTED:
        return "not executed";
    }
    return "";
}

const struct operation *history_invoke(struct history *history, const struct operation *operation)
{
    if (history->count == history->capacity) {
        history->capacity = history->capacity * 2 + 256;
        history->operations =
            memory_resize(history->operations, history->capacity * sizeof *history->operations);
    }
    rows_forget(history);
    struct operation *added = &history->operations[history->count++];
    *added = *operation;
    added->id = history->count;
    added->count = added->kind == OPERATION_PUT && !added->is_update ? 1 : 0;
    added->invoked = ++history->place;
    if (history->trace != NULL)
        fprintf(history->trace, "%12" PRIu64 " op %" PRIu64 " %s row %u of table %" PRIu64 "\n",
                added->invoked_us, added->id, kind_text(added->kind), added->key, added->table_uid);
    return added;
}

const struct operation *history_find(const struct history *history, uint64_t id)
{
    return id > 0 && id <= history->count ? &history->operations[id - 1] : NULL;
}

size_t history_count(const struct history *history)
{
    return history->count;
}

struct slice history_item(struct history *history, const struct operation *put)
{
    CHECK(put->kind == OPERATION_PUT);
    return test_item_build(history->builder, put);
}

/* What an update has counted to is known once its item, or the one before it, has been seen. */
static void count_note(struct history *history, uint64_t id, uint64_t count)
{
    struct operation *operation = &history->operations[id - 1];
    if (operation->count == 0)
        operation->count = count;
    if (operation->count != count)
        findings_add(history->findings,
                     "operation %" PRIu64 " counted to %" PRIu64 ", and also to %" PRIu64, id,
                     operation->count, count);
}

/* What an update counts to that finds what the writer left; 0: that is not known. */
static uint64_t count_on(const struct history *history, uint64_t writer)
{
    uint64_t count = writer == NO_WRITER ? 0 : history_find(history, writer)->count;
    return writer == NO_WRITER || count > 0 ? count + 1 : 0;
}

/* Every byte seen must be as the operation that it names wrote it. */
static bool item_is_sound(struct history *history, const struct operation *seer, struct slice item,
                          uint64_t *out_writer)
{
    if (test_item_writer(item, out_writer) != STATUS_OK) {
        findings_add(history->findings, "operation %" PRIu64 " saw an item that nobody wrote",
                     seer->id);
        return false;
    }
    const struct operation *writer = history_find(history, *out_writer);
    bool is_of_row = writer != NULL && writer->kind == OPERATION_PUT &&
                     writer->table_uid == seer->table_uid && writer->key == seer->key;
    if (!is_of_row) {
        findings_add(history->findings,
                     "operation %" PRIu64 " saw what operation %" PRIu64 " wrote elsewhere",
                     seer->id, *out_writer);
        return false;
    }
    count_note(history, *out_writer, test_item_count(item));
    if (slice_is_equal(item, history_item(history, writer)))
        return true;
    findings_add(history->findings,
                 "operation %" PRIu64 " saw a part of what operation %" PRIu64 " wrote", seer->id,
                 *out_writer);
    return false;
}

/* What the row was, as the answer tells it. */
static void seen_take(struct history *history, struct operation *operation,
                      const struct history_answer *answer)
{
    operation->seen = NO_WRITER;
    operation->has_seen =
        !answer->is_found || item_is_sound(history, operation, answer->item, &operation->seen);
}

static void expectation_check(struct history *history, struct operation *operation,
                              const struct history_answer *answer)
{
    bool was_met = operation->seen == operation->expected;
    if (operation->has_seen && was_met == answer->has_failed)
        findings_add(history->findings,
                     "operation %" PRIu64 " %s, which expected operation %" PRIu64
                     " and saw operation %" PRIu64,
                     operation->id, answer->has_failed ? "was refused" : "was done",
                     operation->expected, operation->seen);
    if (answer->has_failed) {
        operation->kind = OPERATION_GET;
        operation->has_expectation = false;
    } else {
        operation->has_seen = true;
        operation->seen = operation->expected;
    }
}

static void executed_take(struct history *history, struct operation *operation,
                          const struct history_answer *answer)
{
    bool looks = operation->kind == OPERATION_GET || operation->wants_before || answer->has_failed;
    if (looks)
        seen_take(history, operation, answer);
    if (operation->has_expectation)
        expectation_check(history, operation, answer);
    bool counts = operation->kind == OPERATION_PUT && operation->is_update && operation->has_seen;
    uint64_t count = counts ? count_on(history, operation->seen) : 0;
    if (count > 0)
        count_note(history, operation->id, count);
}

void history_answer(struct history *history, uint64_t id, const struct history_answer *answer)
{
    CHECK(id > 0 && id <= history->count);
    struct operation *operation = &history->operations[id - 1];
    if (operation->is_answered)
        findings_add(history->findings, "operation %" PRIu64 " was answered twice", id);
    operation->is_answered = true;
    operation->answered = ++history->place;
    operation->outcome = answer->outcome;
    if (answer->outcome == OPERATION_EXECUTED)
        executed_take(history, operation, answer);
    if (history->trace != NULL)
        fprintf(history->trace, "             op %" PRIu64 " %s, saw %" PRId64 "\n", id,
                outcome_text(answer->outcome),
                operation->has_seen ? (int64_t)operation->seen : (int64_t)-1);
}

/* --- By row ---------------------------------------------------------------------------------- */

static struct slice row_key(const struct operation *operation, uint64_t key[2])
{
    key[0] = operation->table_uid;
    key[1] = operation->key;
    return slice_of(key, 2 * sizeof key[0]);
}

static void rows_make(struct history *history)
{
    OWNED(hash_map) by_row = hash_map_create(0);
    size_t count = history->count;
    history->rows = memory_alloc_zeroed((count + 1) * sizeof *history->rows);
    history->row_operations = memory_alloc((count + 1) * sizeof *history->row_operations);
    uint64_t key[2];
    for (size_t i = 0; i < count; i++) {
        const struct operation *operation = &history->operations[i];
        struct history_row *row = hash_map_get(by_row, row_key(operation, key));
        if (row == NULL) {
            row = &history->rows[history->row_count++];
            row->table_uid = operation->table_uid;
            row->key = operation->key;
            hash_map_put(by_row, row_key(operation, key), row);
        }
        row->count++;
    }
    size_t start = 0;
    for (size_t i = 0; i < history->row_count; i++) {
        history->rows[i].operations = history->row_operations + start;
        start += history->rows[i].count;
        history->rows[i].count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct history_row *row = hash_map_get(by_row, row_key(&history->operations[i], key));
        row->operations[row->count++] = &history->operations[i];
    }
}

const struct history_row *history_row_at(struct history *history, size_t position)
{
    if (history->rows == NULL)
        rows_make(history);
    return position < history->row_count ? &history->rows[position] : NULL;
}
