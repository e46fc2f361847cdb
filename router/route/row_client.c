#include "router/route/row_client.h"

#include "core/base/arena.h"
#include "core/base/list.h"
#include "core/catalog/ring.h"
#include "core/env/env.h"
#include "core/key/key_hash.h"
#include "proto/frame.h"

#include "proto/schema/data.pb-c.h"

enum { RETRY_MIN_US = 2000, RETRY_MAX_US = 100000 };

struct request {
    struct list link;
    struct row_client *client;
    enum rpc_method method;
    struct buffer body;
    uint32_t tablet;
    uint64_t deadline_us;
    uint64_t retry_us;
    struct env_timer retry_timer;
    row_result_fn fn;
    void *context;
};

struct row_client {
    struct row_client_options options;
    struct list requests;
    struct list free_requests;
    struct arena *arena; /* for the answer being taken; answers are not taken inside one another */
};

struct row_client *row_client_create(const struct row_client_options *options)
{
    struct row_client *client = memory_alloc_zeroed(sizeof *client);
    client->options = *options;
    list_init(&client->requests);
    list_init(&client->free_requests);
    client->arena = arena_create();
    return client;
}

static void requests_free(struct row_client *client, struct list *requests)
{
    struct list *link;
    while ((link = list_take_first(requests)) != NULL) {
        struct request *request = LIST_ELEMENT(link, struct request, link);
        env_timer_stop(client->options.env, &request->retry_timer);
        buffer_deinit(&request->body);
        memory_free(request);
    }
}

void row_client_destroy(struct row_client *client)
{
    if (client == NULL)
        return;
    requests_free(client, &client->requests);
    requests_free(client, &client->free_requests);
    arena_destroy(client->arena);
    memory_free(client);
}

static struct request *request_create(struct row_client *client, enum rpc_method method)
{
    struct list *link = list_take_first(&client->free_requests);
    struct request *request = link != NULL ? LIST_ELEMENT(link, struct request, link)
                                           : memory_alloc_zeroed(sizeof *request);
    request->client = client;
    request->method = method;
    request->deadline_us = env_boot_us(client->options.env) + client->options.timeout_us;
    request->retry_us = RETRY_MIN_US;
    buffer_clear(&request->body);
    list_init(&request->link);
    list_append(&client->requests, &request->link);
    return request;
}

static void request_end(struct request *request, const struct row_result *result)
{
    row_result_fn fn = request->fn;
    void *context = request->context;
    enum { BODY_KEPT_MAX = 64 << 10 };
    if (request->body.capacity > BODY_KEPT_MAX)
        buffer_deinit(&request->body);
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
    enum status status = request->method == RPC_READ ? read_decode(body, &allocator, &result)
                                                     : write_decode(body, &allocator, &result);
    if (status != STATUS_OK)
        result = (struct row_result){.outcome = RPC_UNKNOWN, .reason = RPC_REASON_MALFORMED};
    request_end(request, &result);
    arena_reset(arena);
}

static void request_send(void *context);

static bool may_repeat(const struct request *request, const struct rpc_result *result)
{
    if (result->reason == RPC_REASON_NO_TABLE || result->reason == RPC_REASON_MALFORMED)
        return false;
    if (result->outcome != RPC_NOT_EXECUTED && request->method != RPC_READ)
        return false;
    return env_boot_us(request->client->options.env) + request->retry_us < request->deadline_us;
}

static void request_retry(struct request *request)
{
    env_timer_start(request->client->options.env, &request->retry_timer, request->retry_us,
                    request_send, request);
    if (request->retry_us < RETRY_MAX_US)
        request->retry_us *= 2;
}

static void request_answer(void *context, const struct rpc_result *result)
{
    struct request *request = context;
    if (result->outcome == RPC_EXECUTED)
        executed(request, result->body);
    else if (may_repeat(request, result))
        request_retry(request);
    else
        request_end(request,
                    &(struct row_result){.outcome = result->outcome, .reason = result->reason});
}

static struct rpc_client *leader_of(const struct row_client *client, uint32_t tablet)
{
    const struct catalog_view *view = catalog_watch_view(client->options.watch);
    const struct tablet_record *record = catalog_view_find_tablet(view, tablet);
    if (record == NULL || record->replica_count == 0)
        return NULL;
    const struct node_record *node = catalog_view_find_node(view, record->replicas[0].node_id);
    return node == NULL ? NULL : peers_client(client->options.peers, node);
}

static void request_send_to(struct request *request, struct rpc_client *leader)
{
    uint64_t now_us = env_boot_us(request->client->options.env);
    uint64_t left_us = request->deadline_us > now_us ? request->deadline_us - now_us : 0;
    rpc_client_call(leader, request->method, buffer_slice(&request->body), left_us, request_answer,
                    request);
}

static void request_send(void *context)
{
    struct request *request = context;
    struct rpc_client *leader = leader_of(request->client, request->tablet);
    if (leader != NULL)
        request_send_to(request, leader);
    else
        request_answer(request, &(struct rpc_result){.outcome = RPC_NOT_EXECUTED,
                                                     .reason = RPC_REASON_NOT_LEADER});
}

/* The tablet is found once: its number does not change while a request is under way. */
static void row_address(struct request *request, const struct row_name *row,
                        Graticule__Wire__RowAddress *address)
{
    const struct catalog_view *view = catalog_watch_view(request->client->options.watch);
    const struct settings *settings = catalog_view_settings(view);
    graticule__wire__row_address__init(address);
    address->table_uid = row->table->uid;
    address->token = key_hash_token(row->table->hash_key, row->partition_key);
    address->key = frame_data(row->key);
    address->tablet = ring_tablet_of(settings->tablet_count, address->token);
    request->tablet = address->tablet;
}

/* The first attempt is made from a call of the user's, who is not called back inside it. */
static void request_begin(struct request *request, row_result_fn fn, void *context)
{
    request->fn = fn;
    request->context = context;
    struct rpc_client *leader = leader_of(request->client, request->tablet);
    if (leader != NULL)
        request_send_to(request, leader);
    else
        request_retry(request);
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
    frame_pack(&read.base, &request->body);
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
    frame_pack(&message.base, &request->body);
    request_begin(request, fn, context);
}
