#include "router/route/row_client.h"

#include "core/base/arena.h"
#include "core/base/list.h"
#include "core/catalog/ring.h"
#include "core/key/key_hash.h"
#include "proto/frame.h"
#include "router/route/tablet_call.h"

#include "proto/schema/data.pb-c.h"

struct request {
    struct list link;
    struct row_client *client;
    struct tablet_call call;
    row_result_fn fn;
    void *context;
};

struct row_client {
    struct tablet_route route;
    uint64_t timeout_us;
    struct list requests;
    struct list free_requests;
    struct arena *arena; /* for the answer being taken; answers are not taken inside one another */
};

struct row_client *row_client_create(const struct row_client_options *options)
{
    struct row_client *client = memory_alloc_zeroed(sizeof *client);
    client->route = (struct tablet_route){
        .env = options->env,
        .watch = options->watch,
        .peers = options->peers,
    };
    client->timeout_us = options->timeout_us;
    list_init(&client->requests);
    list_init(&client->free_requests);
    client->arena = arena_create();
    return client;
}

static void requests_free(struct list *requests)
{
    struct list *link;
    while ((link = list_take_first(requests)) != NULL) {
        struct request *request = LIST_ELEMENT(link, struct request, link);
        tablet_call_deinit(&request->call);
        memory_free(request);
    }
}

void row_client_destroy(struct row_client *client)
{
    if (client == NULL)
        return;
    requests_free(&client->requests);
    requests_free(&client->free_requests);
    arena_destroy(client->arena);
    memory_free(client);
}

static void take_result(void *context, const struct rpc_result *result);

static struct request *request_create(struct row_client *client, enum rpc_method method)
{
    struct list *link = list_take_first(&client->free_requests);
    struct request *request = link != NULL ? LIST_ELEMENT(link, struct request, link)
                                           : memory_alloc_zeroed(sizeof *request);
    request->client = client;
    request->call.route = &client->route;
    request->call.method = method;
    request->call.is_write = method == RPC_WRITE;
    request->call.deadline_us = env_boot_us(client->route.env) + client->timeout_us;
    request->call.fn = take_result;
    request->call.context = request;
    buffer_clear(&request->call.body);
    list_init(&request->link);
    list_append(&client->requests, &request->link);
    return request;
}

static void request_end(struct request *request, const struct row_result *result)
{
    row_result_fn fn = request->fn;
    void *context = request->context;
    enum { BODY_KEPT_MAX = 64 << 10 };
    if (request->call.body.capacity > BODY_KEPT_MAX)
        buffer_deinit(&request->call.body);
    list_remove(&request->link);
    list_prepend(&request->client->free_requests, &request->link);
    fn(context, result);
}

static enum status read_decode(struct slice body, ProtobufCAllocator *allocator,
                               struct row_result *result)
{
    const Graticule__Wire__ReadResponse *response =
        graticule__wire__read_response__unpack(allocator, body.size, body.bytes);
    if (response == NULL)
        return STATUS_CORRUPT;
    result->is_found = response->is_found;
    result->item = frame_slice(response->item);
    return STATUS_OK;
}

static enum status write_decode(struct slice body, ProtobufCAllocator *allocator,
                                struct row_result *result)
{
    const Graticule__Wire__WriteResponse *response =
        graticule__wire__write_response__unpack(allocator, body.size, body.bytes);
    if (response == NULL)
        return STATUS_CORRUPT;
    if (response->result > WRITE_REFUSED)
        return STATUS_CORRUPT;
    result->is_found = response->is_found;
    result->item = frame_slice(response->item);
    result->result = (enum write_result)response->result;
    result->fault = response->fault;
    result->size_before = response->size_before;
    result->size_after = response->size_after;
    return STATUS_OK;
}

static void executed(struct request *request, struct slice body)
{
    struct arena *arena = request->client->arena;
    ProtobufCAllocator allocator = frame_allocator(arena);
    struct row_result result = {.outcome = RPC_EXECUTED};
    enum status status = request->call.method == RPC_READ ? read_decode(body, &allocator, &result)
                                                          : write_decode(body, &allocator, &result);
    if (status != STATUS_OK)
        result = (struct row_result){.outcome = RPC_UNKNOWN, .reason = RPC_REASON_MALFORMED};
    request_end(request, &result);
    arena_reset(arena);
}

static void take_result(void *context, const struct rpc_result *result)
{
    struct request *request = context;
    if (result->outcome == RPC_EXECUTED)
        executed(request, result->body);
    else
        request_end(request,
                    &(struct row_result){.outcome = result->outcome, .reason = result->reason});
}

/* The tablet is found once: its number does not change while a request is under way. */
static void row_address(struct request *request, const struct row_name *row,
                        Graticule__Wire__RowAddress *address)
{
    const struct catalog_view *view = catalog_watch_view(request->client->route.watch);
    const struct settings *settings = catalog_view_settings(view);
    graticule__wire__row_address__init(address);
    address->table_uid = row->table->uid;
    address->token = key_hash_token(row->table->hash_key, row->partition_key);
    address->key = frame_data(row->key);
    address->tablet = ring_tablet_of(settings->tablet_count, address->token);
    request->call.tablet = address->tablet;
}

static void request_begin(struct request *request, row_result_fn fn, void *context)
{
    request->fn = fn;
    request->context = context;
    tablet_call_start(&request->call);
}

void row_client_read(struct row_client *client, const struct row_name *row, bool is_consistent,
                     row_result_fn fn, void *context)
{
    struct request *request = request_create(client, RPC_READ);
    Graticule__Wire__RowAddress address;
    Graticule__Wire__ReadRequest read = GRATICULE__WIRE__READ_REQUEST__INIT;
    row_address(request, row, &address);
    read.row = &address;
    read.is_consistent = is_consistent;
    frame_pack(&read.base, &request->call.body);
    request_begin(request, fn, context);
}

static void terms_fill(Graticule__Wire__WriteTerms *message, const struct row_terms *terms)
{
    graticule__wire__write_terms__init(message);
    message->condition = frame_data(terms->condition);
    message->update = frame_data(terms->update);
    message->wants_item_on_failure = terms->wants_item_on_failure;
    message->wants_sizes = terms->wants_sizes;
}

void row_client_write(struct row_client *client, const struct row_name *row,
                      const struct row_write *write, row_result_fn fn, void *context)
{
    struct request *request = request_create(client, RPC_WRITE);
    Graticule__Wire__RowAddress address;
    Graticule__Wire__WriteRequest message = GRATICULE__WIRE__WRITE_REQUEST__INIT;
    row_address(request, row, &address);
    message.row = &address;
    message.kind = write->kind;
    message.item = frame_data(write->item);
    message.returned = write->returned;
    Graticule__Wire__WriteTerms terms;
    if (write->terms != NULL) {
        terms_fill(&terms, write->terms);
        message.terms = &terms;
    }
    frame_pack(&message.base, &request->call.body);
    request_begin(request, fn, context);
}
