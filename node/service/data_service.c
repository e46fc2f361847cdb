#include "core/base/arena.h"
#include "core/catalog/ring.h"
#include "node/node_private.h"
#include "proto/frame.h"

#include "proto/schema/data.pb-c.h"

/* Calls on rows: found their tablet here, handed to it, and its answer put on the wire. */

static void refuse(struct rpc_call *call, enum rpc_reason reason)
{
    rpc_call_answer(call, RPC_NOT_EXECUTED, reason, (struct slice){0});
}

/* The tablet of a row, if it is here and the token lies in it. */
static struct tablet *tablet_of(const struct node *node, const Graticule__Wire__RowAddress *row)
{
    struct tablet *tablet = node_tablet(node, row->tablet);
    bool is_in =
        tablet != NULL && ring_tablet_of(node->identity.tablet_count, row->token) == row->tablet;
    return is_in ? tablet : NULL;
}

static struct tablet_address address_of(const Graticule__Wire__RowAddress *row)
{
    return (struct tablet_address){
        .table_uid = row->table_uid, .token = row->token, .key = frame_slice(row->key)};
}

static void read_answer(void *context, const struct tablet_answer *answer)
{
    struct rpc_call *call = context;
    if (answer->outcome != RPC_EXECUTED) {
        rpc_call_answer(call, answer->outcome, answer->reason, (struct slice){0});
        return;
    }
    Graticule__Wire__ReadResponse response = GRATICULE__WIRE__READ_RESPONSE__INIT;
    response.is_found = answer->verdict.is_found;
    response.item = frame_data(answer->verdict.item);
    rpc_call_answer_message(call, &response.base);
}

static void read_call(struct node *node, struct rpc_call *call, ProtobufCAllocator *allocator)
{
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__ReadRequest *request =
        graticule__wire__read_request__unpack(allocator, body.size, body.bytes);
    if (request == NULL || request->row == NULL) {
        refuse(call, RPC_REASON_MALFORMED);
        return;
    }
    struct tablet *tablet = tablet_of(node, request->row);
    if (tablet == NULL) {
        refuse(call, RPC_REASON_NOT_LEADER);
        return;
    }
    struct tablet_address address = address_of(request->row);
    tablet_read(tablet, &address, read_answer, call);
}

static void write_answer(void *context, const struct tablet_answer *answer)
{
    struct rpc_call *call = context;
    if (answer->outcome != RPC_EXECUTED) {
        rpc_call_answer(call, answer->outcome, answer->reason, (struct slice){0});
        return;
    }
    Graticule__Wire__WriteResponse response = GRATICULE__WIRE__WRITE_RESPONSE__INIT;
    response.is_found = answer->verdict.is_found;
    response.item = frame_data(answer->verdict.item);
    response.result = answer->verdict.result;
    response.fault = answer->verdict.fault;
    response.size_before = (uint32_t)answer->verdict.size_before;
    response.size_after = (uint32_t)answer->verdict.size_after;
    rpc_call_answer_message(call, &response.base);
}

static void page_answer(void *context, const struct tablet_page *page)
{
    struct rpc_call *call = context;
    if (page->outcome != RPC_EXECUTED) {
        rpc_call_answer(call, page->outcome, page->reason, (struct slice){0});
        return;
    }
    Graticule__Wire__PageResponse response = GRATICULE__WIRE__PAGE_RESPONSE__INIT;
    response.evaluated_count = page->evaluated_count;
    response.evaluated_size = page->evaluated_size;
    response.matched_count = page->matched_count;
    response.items = frame_data(page->items);
    response.last_key = frame_data(page->last_key);
    response.is_end = page->is_end;
    rpc_call_answer_message(call, &response.base);
}

static void page_call(struct node *node, struct rpc_call *call, ProtobufCAllocator *allocator)
{
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__PageRequest *request =
        graticule__wire__page_request__unpack(allocator, body.size, body.bytes);
    if (request == NULL || request->count_max == 0) {
        refuse(call, RPC_REASON_MALFORMED);
        return;
    }
    struct tablet *tablet = node_tablet(node, request->tablet);
    if (tablet == NULL) {
        refuse(call, RPC_REASON_NOT_LEADER);
        return;
    }
    struct tablet_page_request asked = {
        .range = {.table_uid = request->table_uid,
                  .first = frame_slice(request->first),
                  .end = frame_slice(request->end),
                  .is_backward = request->is_backward},
        .bounds = {.count_max = request->count_max,
                   .size_max = request->size_max,
                   .is_count_only = request->is_count_only},
        .filter = frame_slice(request->filter),
        .projection = frame_slice(request->projection),
        .deadline_us = rpc_call_deadline_us(call),
    };
    tablet_read_page(tablet, &asked, page_answer, call);
}

static bool is_known_kind(uint32_t kind)
{
    return kind == WRITE_PUT || kind == WRITE_DELETE || kind == WRITE_UPDATE;
}

static void take_terms(const Graticule__Wire__WriteTerms *terms, struct write_request *write)
{
    write->condition = frame_slice(terms->condition);
    write->update = frame_slice(terms->update);
    write->wants_item_on_failure = terms->wants_item_on_failure;
    write->wants_sizes = terms->wants_sizes;
}

static void write_call(struct node *node, struct rpc_call *call, ProtobufCAllocator *allocator)
{
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__WriteRequest *request =
        graticule__wire__write_request__unpack(allocator, body.size, body.bytes);
    if (request == NULL || request->row == NULL || !is_known_kind(request->kind) ||
        request->returned > WRITE_RETURNS_UPDATED_AFTER) {
        refuse(call, RPC_REASON_MALFORMED);
        return;
    }
    struct tablet *tablet = tablet_of(node, request->row);
    if (tablet == NULL) {
        refuse(call, RPC_REASON_NOT_LEADER);
        return;
    }
    struct tablet_address address = address_of(request->row);
    struct write_request write = {
        .kind = (enum write_kind)request->kind,
        .item = frame_slice(request->item),
        .returned = (enum write_returned)request->returned,
    };
    if (request->terms != NULL)
        take_terms(request->terms, &write);
    tablet_write(tablet, &address, &write, write_answer, call);
}

/* --- A table's state, for several tablets at once: answered when all have committed it ------- */

struct configure {
    struct list link; /* in the node's `configures` */
    struct rpc_call *call;
    size_t waiting_count;
    bool has_failed;
    enum rpc_reason reason;
};

static void configure_free(struct configure *configure)
{
    list_remove(&configure->link);
    memory_free(configure);
}

static void configure_end(struct configure *configure)
{
    if (--configure->waiting_count > 0)
        return;
    rpc_call_answer(configure->call, configure->has_failed ? RPC_NOT_EXECUTED : RPC_EXECUTED,
                    configure->reason, (struct slice){0});
    configure_free(configure);
}

static void configure_answer(void *context, const struct tablet_answer *answer)
{
    struct configure *configure = context;
    if (answer->outcome != RPC_EXECUTED) {
        configure->has_failed = true;
        configure->reason = answer->reason;
    }
    configure_end(configure);
}

static void configure_call(struct node *node, struct rpc_call *call, ProtobufCAllocator *allocator)
{
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__ConfigureTable *request =
        graticule__wire__configure_table__unpack(allocator, body.size, body.bytes);
    bool is_known = request != NULL &&
                    (request->state == TABLET_TABLE_OPEN || request->state == TABLET_TABLE_CLOSED);
    if (!is_known) {
        refuse(call, RPC_REASON_MALFORMED);
        return;
    }
    struct tablet_table table = {
        .uid = request->table_uid,
        .version = request->table_version,
        .state = (enum tablet_table_state)request->state,
    };
    struct configure *configure = memory_alloc_zeroed(sizeof *configure);
    configure->call = call;
    list_append(&node->configures, &configure->link);
    configure->waiting_count = 1; /* until all have been asked */
    for (size_t i = 0; i < request->n_tablets; i++) {
        struct tablet *tablet = node_tablet(node, request->tablets[i]);
        configure->waiting_count++;
        if (tablet != NULL)
            tablet_configure(tablet, &table, configure_answer, configure);
        else
            configure_answer(configure, &(struct tablet_answer){.outcome = RPC_NOT_EXECUTED,
                                                                .reason = RPC_REASON_NOT_LEADER});
    }
    configure_end(configure);
}

void data_service_call(struct node *node, struct rpc_call *call)
{
    ProtobufCAllocator allocator = frame_allocator(node->call_arena);
    enum rpc_method method = rpc_call_method(call);
    if (method == RPC_READ)
        read_call(node, call, &allocator);
    else if (method == RPC_READ_PAGE)
        page_call(node, call, &allocator);
    else if (method == RPC_WRITE)
        write_call(node, call, &allocator);
    else
        configure_call(node, call, &allocator);
    arena_reset(node->call_arena);
}

void data_service_end(struct node *node)
{
    while (!list_is_empty(&node->configures))
        configure_free(LIST_ELEMENT(node->configures.next, struct configure, link));
}
