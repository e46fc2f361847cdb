#include "core/base/arena.h"
#include "core/catalog/table_change.h"
#include "node/catalog/catalog_private.h"
#include "proto/frame.h"

#include "proto/schema/catalog.pb-c.h"

/* One function per call; each answers it, or proposes a change that will. */

static void malformed(struct rpc_call *call)
{
    rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_MALFORMED, (struct slice){0});
}

static void table_put(struct catalog *catalog, const struct table *table)
{
    SCOPED(buffer) key;
    SCOPED(buffer) value;
    buffer_init(&key);
    buffer_init(&value);
    record_key_table(&key, table->name);
    table_encode(table, &value);
    catalog_change_put(catalog, buffer_slice(&key), buffer_slice(&value));
}

static void table_response_pack(enum catalog_result result, const struct table *table,
                                struct buffer *body)
{
    SCOPED(buffer) record;
    buffer_init(&record);
    if (table != NULL)
        table_encode(table, &record);
    Graticule__Wire__TableResponse response = GRATICULE__WIRE__TABLE_RESPONSE__INIT;
    response.result = result;
    response.table = frame_data(buffer_slice(&record));
    frame_pack(&response.base, body);
}

static void refuse(struct rpc_call *call, enum catalog_result result, const struct table *table)
{
    SCOPED(buffer) body;
    buffer_init(&body);
    table_response_pack(result, table, &body);
    rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, buffer_slice(&body));
}

static size_t table_count(const struct catalog_view *view)
{
    size_t count = 0;
    while (catalog_view_table_at(view, count) != NULL)
        count++;
    return count;
}

static void table_create(struct catalog *catalog, struct rpc_call *call, struct table *table)
{
    const struct settings *known = catalog_view_settings(catalog->view);
    if (known == NULL || !known->is_serving) {
        refuse(call, CATALOG_NOT_SERVING, NULL);
        return;
    }
    const struct table *existing = catalog_view_find_table(catalog->view, table->name);
    if (existing != NULL) {
        refuse(call, CATALOG_TABLE_EXISTS, existing);
        return;
    }
    if (table_count(catalog->view) >= CATALOG_TABLES_MAX) {
        refuse(call, CATALOG_TABLE_LIMIT, NULL);
        return;
    }
    struct settings settings = *known;
    table->uid = settings.next_table_uid++;
    table->status = TABLE_CREATING;
    table->created_ms = env_wall_us(catalog->options.env) / 1000;
    table->ring = 0;
    env_random(catalog->options.env, table->hash_key, HASH_KEY_SIZE);
    catalog_change_begin(catalog);
    catalog_settings_put(catalog, &settings);
    table_put(catalog, table);
    table_response_pack(CATALOG_DONE, table, &catalog->answer);
    catalog_change_propose(catalog, call);
}

static void create_table_run(struct catalog *catalog, struct rpc_call *call, struct arena *arena)
{
    ProtobufCAllocator allocator = frame_allocator(arena);
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__CreateTableRequest *request =
        graticule__wire__create_table_request__unpack(&allocator, body.size, body.bytes);
    struct table table;
    if (request == NULL || table_decode(frame_slice(request->table), &table) != STATUS_OK) {
        malformed(call);
        return;
    }
    table_create(catalog, call, &table);
}

/* A table that is there becomes another. */
static void table_propose(struct catalog *catalog, struct rpc_call *call, const struct table *table)
{
    catalog_change_begin(catalog);
    table_put(catalog, table);
    table_response_pack(CATALOG_DONE, table, &catalog->answer);
    catalog_change_propose(catalog, call);
}

static void delete_table_run(struct catalog *catalog, struct rpc_call *call, struct arena *arena)
{
    ProtobufCAllocator allocator = frame_allocator(arena);
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__DeleteTableRequest *request =
        graticule__wire__delete_table_request__unpack(&allocator, body.size, body.bytes);
    if (request == NULL) {
        malformed(call);
        return;
    }
    const struct table *known =
        catalog_view_find_table(catalog->view, slice_of_text(request->name));
    if (known == NULL || known->status != TABLE_ACTIVE) {
        refuse(call, known == NULL ? CATALOG_TABLE_NOT_FOUND : CATALOG_TABLE_BUSY, known);
        return;
    }
    if (known->is_protected) {
        refuse(call, CATALOG_TABLE_PROTECTED, known);
        return;
    }
    struct table table = *known;
    table.status = TABLE_DELETING;
    table_propose(catalog, call, &table);
}

static void table_change(struct catalog *catalog, struct rpc_call *call, struct slice name,
                         const struct table_change *change)
{
    const struct table *known = catalog_view_find_table(catalog->view, name);
    if (known == NULL || known->status != TABLE_ACTIVE) {
        refuse(call, known == NULL ? CATALOG_TABLE_NOT_FOUND : CATALOG_TABLE_BUSY, known);
        return;
    }
    struct table table = *known;
    SCOPED(buffer) room;
    buffer_init(&room);
    uint64_t now_ms = env_wall_us(catalog->options.env) / 1000;
    enum catalog_result result = table_change_apply(change, now_ms, &room, &table);
    if (result == CATALOG_DONE)
        table_propose(catalog, call, &table);
    else
        refuse(call, result, known);
}

static void change_table_run(struct catalog *catalog, struct rpc_call *call, struct arena *arena)
{
    ProtobufCAllocator allocator = frame_allocator(arena);
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__ChangeTableRequest *request =
        graticule__wire__change_table_request__unpack(&allocator, body.size, body.bytes);
    struct table_change change;
    if (request == NULL ||
        table_change_decode(frame_slice(request->change), &change) != STATUS_OK) {
        malformed(call);
        return;
    }
    table_change(catalog, call, slice_of_text(request->name), &change);
}

void catalog_operation_run(struct catalog *catalog, struct rpc_call *call)
{
    OWNED(arena) arena = arena_create();
    switch (rpc_call_method(call)) {
    case RPC_CATALOG_CREATE_TABLE:
        create_table_run(catalog, call, arena);
        return;
    case RPC_CATALOG_DELETE_TABLE:
        delete_table_run(catalog, call, arena);
        return;
    case RPC_CATALOG_CHANGE_TABLE:
        change_table_run(catalog, call, arena);
        return;
    case RPC_CATALOG_REGISTER_NODE:
        catalog_register_run(catalog, call, arena);
        return;
    case RPC_CATALOG_WATCH:
    case RPC_READ:
    case RPC_WRITE:
    case RPC_CONFIGURE_TABLE:
    case RPC_PREPARE_TABLETS:
    case RPC_NODE_STATUS:
    case RPC_READ_PAGE:
        break;
    }
    malformed(call);
}
