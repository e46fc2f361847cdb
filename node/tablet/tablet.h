/*
 * Tablet: one token range, as a replicated state machine.
 *
 * Its leader evaluates a request against applied state and the overlay of its own proposals, and
 * proposes effects; an answer is given once the entry is committed, not once it is applied. An
 * answer that rests on an overlay value waits for that entry's commit; one that proposes nothing
 * needs the lease too. When leadership is lost the overlay is thrown away, and what is pending is
 * unknown.
 *
 * Ownership: a tablet borrows what is in its options.
 * Threads:   the loop thread.
 * Order:     an answer may be given from inside the call that asks for it.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "node/tablet/evaluate.h"
#include "node/tablet/page.h"
#include "node/tablet/table_config.h"
#include "proto/rpc.h"
#include "replication/log/log.h"

#include <stdbool.h>
#include <stdint.h>

struct applier;
struct engine;
struct env;
struct page_slots;
struct row_cache;
struct tablet;

/* What may wait for one tablet: reaching it is RPC_REASON_BUSY. */
enum { TABLET_REQUESTS_MAX = 8192, TABLET_BACKLOG_BYTES_MAX = 128 << 20 };

/* Switched on by tests only, to show that they would notice. */
struct tablet_faults {
    bool answers_before_predecessor; /* a read of a row that is proposed and not yet committed */
    bool pages_miss_overlay;         /* rows that the engine got while it read the page */
};

struct tablet_options {
    struct env *env;
    struct log *log;
    struct engine *engine;
    struct applier *applier;
    struct row_cache *row_cache;
    struct page_slots *page_slots;
    uint32_t tablet;       /* its number; its Raft group is that and 1, as group 0 is the catalog */
    uint32_t tablet_count; /* of the ring */
    uint16_t region_id;
    bool is_log_relaxed;                /* after a power cut the engine may be ahead of the log */
    const struct tablet_faults *faults; /* NULL: none */
};

/* What was read, or came of a write. The item holds during the call. */
struct tablet_answer {
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    struct verdict verdict;
};

typedef void (*tablet_answer_fn)(void *context, const struct tablet_answer *answer);
typedef void (*tablet_opened_fn)(void *context, enum status status);

static inline uint32_t tablet_group_id(uint32_t tablet)
{
    return tablet + 1;
}

/* The replica's log group must be there; its state is read from the engine, then `fn` is called. */
struct tablet *tablet_create(const struct tablet_options *options, tablet_opened_fn fn,
                             void *context);

/* Requests not answered yet are forgotten. */
void tablet_destroy(struct tablet *tablet);
DEFINE_CLEANUP(tablet)

/* A row of an item, with the table's config and the tablet's range already known to the caller. */
struct tablet_address {
    uint64_t table_uid;
    uint64_t token;
    struct slice key;
};

void tablet_read(struct tablet *tablet, const struct tablet_address *address, tablet_answer_fn fn,
                 void *context);

/*
 * Rows of a table in the order of tokens and keys, all in this tablet. Bounds are row keys without
 * the table: { token u64 . primary key }, or a beginning of one. `end` is without; empty: up to the
 * tablet's end.
 */
struct tablet_range {
    uint64_t table_uid;
    struct slice first;
    struct slice end;
    bool is_backward;
};

struct tablet_page_request {
    struct tablet_range range;
    struct page_bounds bounds;
    struct slice filter; /* as page_filter_create takes them */
    struct slice projection;
    uint64_t deadline_us; /* on the boot clock: the page is refused after it */
};

/* `items` ({ item sized }) and `last_key` (as the range's bounds) hold during the call. */
struct tablet_page {
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    uint64_t evaluated_count;
    uint64_t evaluated_size;
    uint64_t matched_count;
    struct slice items;
    struct slice last_key; /* of the last item evaluated; empty: there was none */
    bool is_end;           /* of the range; else the page is full */
};

typedef void (*tablet_page_fn)(void *context, const struct tablet_page *page);

/*
 * Each item is as it was at some moment between the call and its answer, at which all writes
 * acknowledged before the call were in it; and what has not been committed is never in an answer.
 * Refused as malformed: a range that does not lie in the tablet, and what is no filter.
 */
void tablet_read_page(struct tablet *tablet, const struct tablet_page_request *request,
                      tablet_page_fn fn, void *context);

/* `request->row_key` is filled in by the tablet. */
void tablet_write(struct tablet *tablet, const struct tablet_address *address,
                  const struct write_request *request, tablet_answer_fn fn, void *context);

/*
 * Puts a table's state into the tablet's log, unless a later version is there. RPC_REASON_NO_TABLE
 * when it may be that of a table dropped since: then it has to be asked for anew.
 */
void tablet_configure(struct tablet *tablet, const struct tablet_table *table, tablet_answer_fn fn,
                      void *context);

/* The log is durable up to `lsn`. */
void tablet_synced(struct tablet *tablet, uint64_t lsn);

/* The engine's durable checkpoint holds the tablet up to `index`. */
void tablet_checkpointed(struct tablet *tablet, uint64_t index);

bool tablet_is_serving(const struct tablet *tablet);
uint32_t tablet_number(const struct tablet *tablet);
uint64_t tablet_term(const struct tablet *tablet);
uint64_t tablet_applied_index(const struct tablet *tablet);

/* What the engine holds of it, durable or not. */
uint64_t tablet_written_index(const struct tablet *tablet);
