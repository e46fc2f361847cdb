#include "core/base/arena.h"
#include "node/node_private.h"
#include "proto/frame.h"

#include "proto/schema/data.pb-c.h"

/* Calls about the node itself. */

/* Answered with success once every tablet named is here and serves. */
static void prepare_call(struct node *node, struct rpc_call *call, ProtobufCAllocator *allocator)
{
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__PrepareTablets *request =
        graticule__wire__prepare_tablets__unpack(allocator, body.size, body.bytes);
    bool is_serving = request != NULL;
    for (size_t i = 0; is_serving && i < request->n_tablets; i++) {
        const struct tablet *tablet = node_tablet(node, request->tablets[i]);
        is_serving = tablet != NULL && tablet_is_serving(tablet);
    }
    if (is_serving)
        rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, (struct slice){0});
    else
        rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_NOT_LEADER, (struct slice){0});
}

static void status_call(struct node *node, struct rpc_call *call, struct arena *arena)
{
    Graticule__Wire__NodeStatus status = GRATICULE__WIRE__NODE_STATUS__INIT;
    struct engine_stats stats;
    engine_stats(node->engine, &stats);
    status.name = node->name;
    status.node_id = node->identity.node_id;
    status.disk_bytes = stats.disk_bytes;
    status.log_bytes = log_live_bytes(node->log);
    status.tablets = arena_alloc(arena, node->tablet_capacity * sizeof(void *));
    for (size_t i = 0; i < node->tablet_capacity; i++) {
        const struct tablet *tablet = node->tablets[i];
        if (tablet == NULL)
            continue;
        Graticule__Wire__TabletStatus *entry = arena_alloc(arena, sizeof *entry);
        graticule__wire__tablet_status__init(entry);
        entry->tablet = tablet_number(tablet);
        entry->is_leader = tablet_is_serving(tablet);
        entry->term = tablet_term(tablet);
        entry->applied_index = tablet_applied_index(tablet);
        status.tablets[status.n_tablets++] = entry;
    }
    SCOPED(buffer) body;
    buffer_init(&body);
    frame_pack(&status.base, &body);
    rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, buffer_slice(&body));
}

void admin_service_call(struct node *node, struct rpc_call *call)
{
    OWNED(arena) arena = arena_create();
    ProtobufCAllocator allocator = frame_allocator(arena);
    if (rpc_call_method(call) == RPC_PREPARE_TABLETS)
        prepare_call(node, call, &allocator);
    else
        status_call(node, call, arena);
}
