#include "tests/sim/simulate/checker_durable.h"

#include <inttypes.h>

static bool is_acknowledged_write(const struct operation *operation)
{
    return operation->kind != OPERATION_GET && operation->outcome == OPERATION_EXECUTED;
}

/* `write` may be the last one: no acknowledged write began after it had ended. */
static bool may_be_last(const struct history_row *row, const struct operation *write)
{
    if (write->outcome == OPERATION_UNKNOWN)
        return true;
    for (size_t i = 0; i < row->count; i++) {
        const struct operation *other = row->operations[i];
        if (is_acknowledged_write(other) && other->invoked > write->answered)
            return false;
    }
    return true;
}

/* The row may be missing: nothing was acknowledged, or a delete may be the last one. */
static bool may_be_missing(const struct history_row *row)
{
    bool has_write = false;
    for (size_t i = 0; i < row->count; i++) {
        const struct operation *operation = row->operations[i];
        bool is_delete =
            operation->kind == OPERATION_DELETE && operation->outcome != OPERATION_NOT_EXECUTED;
        if (is_delete && may_be_last(row, operation))
            return true;
        has_write |= is_acknowledged_write(operation);
    }
    return !has_write;
}

static const struct operation *writer_of(const struct history_row *row, uint64_t id)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->operations[i]->id == id)
            return row->operations[i];
    return NULL;
}

static void last_check(const struct history_row *row, const struct operation *get,
                       struct findings *findings)
{
    if (get->seen == NO_WRITER) {
        if (!may_be_missing(row))
            findings_add(findings, "row %" PRIu32 " of table %" PRIu64 " is missing in the end",
                         row->key, row->table_uid);
        return;
    }
    const struct operation *writer = writer_of(row, get->seen);
    if (writer != NULL && !may_be_last(row, writer))
        findings_add(findings,
                     "row %" PRIu32 " of table %" PRIu64 " has what operation %" PRIu64
                     " wrote in the end: a later write is lost",
                     row->key, row->table_uid, writer->id);
}

static void refused_check(const struct history_row *row, const struct operation *seer,
                          struct findings *findings)
{
    const struct operation *writer = seer->has_seen ? writer_of(row, seer->seen) : NULL;
    if (writer != NULL && writer->outcome == OPERATION_NOT_EXECUTED)
        findings_add(findings,
                     "operation %" PRIu64 " saw what operation %" PRIu64
                     " wrote, of which was said that it was not executed",
                     seer->id, writer->id);
}

void checker_durable(struct history *history, uint64_t first_id, struct findings *findings)
{
    const struct history_row *row;
    for (size_t i = 0; (row = history_row_at(history, i)) != NULL; i++) {
        for (size_t j = 0; j < row->count; j++) {
            const struct operation *operation = row->operations[j];
            refused_check(row, operation, findings);
            if (operation->id >= first_id && operation->has_seen)
                last_check(row, operation, findings);
        }
    }
}
