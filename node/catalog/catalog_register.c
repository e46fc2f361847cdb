#include "core/base/arena.h"
#include "core/base/check.h"
#include "node/catalog/catalog_private.h"
#include "proto/frame.h"

#include "proto/schema/catalog.pb-c.h"
#include "proto/schema/data.pb-c.h"

/*
 * How nodes become known. One with the name or the address of another is taken only when that one
 * does not answer: it may stand in for a lost disk, but two that are up would be taken for each
 * other.
 */

enum {
    PROBE_US = 300000,       /* a node that is up answers in milliseconds */
    PROBE_KEPT_US = 5000000, /* what was found out holds for so long */
};

/* What is known of the others that have a new node's name or address. */
struct probe {
    struct list link; /* in the catalog's `probes` */
    struct catalog *catalog;
    uint64_t instance; /* of the new one, which asks again and again */
    uint64_t node_id;  /* the one that is asked; those before it are not up */
    uint64_t asked_us;
    bool is_asking;
    bool is_up;
};

static void response_pack(uint64_t node_id, bool is_taken, struct buffer *body)
{
    Graticule__Wire__RegisterNodeResponse response = GRATICULE__WIRE__REGISTER_NODE_RESPONSE__INIT;
    response.node_id = node_id;
    response.is_taken = is_taken;
    frame_pack(&response.base, body);
}

static void register_answer(struct rpc_call *call, uint64_t node_id, bool is_taken)
{
    SCOPED(buffer) body;
    buffer_init(&body);
    response_pack(node_id, is_taken, &body);
    rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, buffer_slice(&body));
}

/* --- Is another one up? ---------------------------------------------------------------------- */

static void probe_free(struct probe *probe)
{
    list_remove(&probe->link);
    memory_free(probe);
}

static struct probe *probe_find(struct catalog *catalog, uint64_t instance)
{
    uint64_t now_us = env_boot_us(catalog->options.env);
    struct probe *found = NULL;
    LIST_FOR_EACH (link, &catalog->probes) {
        struct probe *probe = LIST_ELEMENT(link, struct probe, link);
        if (!probe->is_asking && now_us - probe->asked_us > PROBE_KEPT_US)
            probe_free(probe);
        else if (probe->instance == instance)
            found = probe;
    }
    return found;
}

/* Whether it was that very node which answered. */
static bool is_up(const struct probe *probe, const struct rpc_result *result)
{
    if (result->outcome != RPC_EXECUTED)
        return false;
    OWNED(arena) arena = arena_create();
    ProtobufCAllocator allocator = frame_allocator(arena);
    const Graticule__Wire__NodeStatus *status =
        graticule__wire__node_status__unpack(&allocator, result->body.size, result->body.bytes);
    return status != NULL && status->node_id == probe->node_id;
}

static void probe_end(void *context, const struct rpc_result *result)
{
    struct probe *probe = context;
    probe->is_asking = false;
    probe->is_up = is_up(probe, result);
}

static void probe_ask(struct catalog *catalog, struct probe *probe, const struct node_record *node)
{
    Graticule__Wire__NodeStatusRequest request = GRATICULE__WIRE__NODE_STATUS_REQUEST__INIT;
    SCOPED(buffer) body;
    buffer_init(&body);
    frame_pack(&request.base, &body);
    probe->node_id = node->id;
    probe->asked_us = env_boot_us(catalog->options.env);
    probe->is_asking = true;
    rpc_client_call(peers_client(catalog->peers, node), RPC_NODE_STATUS, buffer_slice(&body),
                    PROBE_US, probe_end, probe);
}

static struct probe *probe_create(struct catalog *catalog, uint64_t instance)
{
    struct probe *probe = memory_alloc_zeroed(sizeof *probe);
    probe->catalog = catalog;
    probe->instance = instance;
    list_init(&probe->link);
    list_append(&catalog->probes, &probe->link);
    return probe;
}

void catalog_register_end(struct catalog *catalog)
{
    while (!list_is_empty(&catalog->probes))
        probe_free(LIST_ELEMENT(catalog->probes.next, struct probe, link));
}

/* The next other node, by id, of the same name or address. */
static const struct node_record *node_in_conflict(const struct catalog_view *view,
                                                  const struct node_record *node, uint64_t after_id)
{
    const struct node_record *other;
    for (size_t i = 0; (other = catalog_view_node_at(view, i)) != NULL; i++)
        if (other->id > after_id && other->instance != node->instance &&
            (slice_is_equal(other->name, node->name) ||
             slice_is_equal(other->address, node->address)))
            return other;
    return NULL;
}

enum conflict {
    CONFLICT_NONE,
    CONFLICT_UNKNOWN, /* somebody is being asked */
    CONFLICT_UP,
};

static enum conflict conflict_of(struct catalog *catalog, const struct node_record *node)
{
    struct probe *probe = probe_find(catalog, node->instance);
    if (probe != NULL && probe->is_asking)
        return CONFLICT_UNKNOWN;
    if (probe != NULL && probe->is_up) {
        probe_free(probe);
        return CONFLICT_UP;
    }
    const struct node_record *other =
        node_in_conflict(catalog->view, node, probe != NULL ? probe->node_id : 0);
    if (other == NULL)
        return CONFLICT_NONE;
    probe_ask(catalog, probe != NULL ? probe : probe_create(catalog, node->instance), other);
    return CONFLICT_UNKNOWN;
}

/* --- Registering ----------------------------------------------------------------------------- */

static bool node_is_same(const struct node_record *left, const struct node_record *right)
{
    return left->instance == right->instance && slice_is_equal(left->name, right->name) &&
           slice_is_equal(left->address, right->address) &&
           slice_is_equal(left->host, right->host) && slice_is_equal(left->zone, right->zone);
}

static const struct node_record *node_find(const struct catalog_view *view, uint64_t instance)
{
    const struct node_record *node;
    for (size_t i = 0; (node = catalog_view_node_at(view, i)) != NULL; i++)
        if (node->instance == instance)
            return node;
    return NULL;
}

static void node_register(struct catalog *catalog, struct rpc_call *call, struct node_record *node)
{
    const struct settings *known = catalog_view_settings(catalog->view);
    if (known == NULL) {
        rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_NOT_LEADER, (struct slice){0});
        return;
    }
    const struct node_record *existing = node_find(catalog->view, node->instance);
    struct settings settings = *known;
    node->id = existing != NULL ? existing->id : settings.next_node_id++;
    if (existing != NULL && node_is_same(existing, node)) {
        register_answer(call, node->id, false);
        return;
    }
    switch (conflict_of(catalog, node)) {
    case CONFLICT_UNKNOWN:
        rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_BUSY, (struct slice){0});
        return;
    case CONFLICT_UP:
        register_answer(call, 0, true);
        return;
    case CONFLICT_NONE:
        break;
    }
    SCOPED(buffer) key;
    SCOPED(buffer) value;
    buffer_init(&key);
    buffer_init(&value);
    record_key_node(&key, node->id);
    node_record_encode(node, &value);
    catalog_change_begin(catalog);
    catalog_settings_put(catalog, &settings);
    catalog_change_put(catalog, buffer_slice(&key), buffer_slice(&value));
    response_pack(node->id, false, &catalog->answer);
    catalog_change_propose(catalog, call);
}

void catalog_register_run(struct catalog *catalog, struct rpc_call *call, struct arena *arena)
{
    ProtobufCAllocator allocator = frame_allocator(arena);
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__RegisterNode *request =
        graticule__wire__register_node__unpack(&allocator, body.size, body.bytes);
    if (request == NULL || request->instance == 0) {
        rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_MALFORMED, (struct slice){0});
        return;
    }
    struct node_record node = {
        .name = slice_of_text(request->name),
        .address = slice_of_text(request->address),
        .host = slice_of_text(request->host),
        .zone = slice_of_text(request->zone),
        .instance = request->instance,
    };
    node_register(catalog, call, &node);
}
