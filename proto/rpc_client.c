#include "proto/rpc_client.h"

#include "core/base/arena.h"
#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/base/list.h"
#include "core/env/env.h"
#include "proto/frame.h"

enum {
    HELLO_SEARCHING_US = 50000, /* between hellos until one is answered */
    HELLO_KEEPING_US = 500000,  /* between hellos of an idle client, to learn of a restart early */
    SEND_RETRY_US = 2000,
    CALLS_PER_FRAME_MAX = 4096,
};

struct call {
    struct list link; /* in `waiting`, `sent`, `failed` or `free_calls` */
    struct rpc_client *client;
    struct env_timer deadline_timer;
    uint64_t id; /* use count << 32 | slot */
    uint64_t deadline_us;
    enum rpc_method method;
    struct buffer body;
    enum rpc_reason failure;
    bool has_left;
    rpc_result_fn fn;
    void *context;
};

struct rpc_client {
    struct env *env;
    struct env_link *link;
    char *own_name;
    uint64_t session; /* 0: not connected */
    struct call **slots;
    size_t slot_count;
    size_t call_count;
    struct list waiting; /* for the next frame */
    struct list sent;
    struct list failed; /* their callbacks are due */
    struct list free_calls;
    struct env_task send_task;
    struct env_timer hello_timer;
    struct env_timer retry_timer;
    struct env_timer failed_timer;
    struct buffer frame;
    Graticule__Wire__Request *requests;
    Graticule__Wire__Request **request_pointers;
};

static struct call *call_create(struct rpc_client *client)
{
    struct list *link = list_take_first(&client->free_calls);
    if (link != NULL)
        return LIST_ELEMENT(link, struct call, link);
    struct call *call = memory_alloc_zeroed(sizeof *call);
    call->client = client;
    call->id = client->slot_count;
    list_init(&call->link);
    client->slots = memory_resize(client->slots, (client->slot_count + 1) * sizeof(struct call *));
    client->slots[client->slot_count++] = call;
    return call;
}

static void call_end(struct call *call, const struct rpc_result *result)
{
    struct rpc_client *client = call->client;
    env_timer_stop(client->env, &call->deadline_timer);
    list_remove(&call->link);
    /* A later answer to this use of the slot is not mistaken for one to the next. */
    call->id += (uint64_t)1 << 32;
    if (call->body.capacity > LIMIT_FRAME_TARGET / 16)
        buffer_deinit(&call->body);
    list_append(&client->free_calls, &call->link);
    client->call_count--;
    call->fn(call->context, result);
}

static void deadline_pass(void *context)
{
    struct call *call = context;
    call_end(call, &(struct rpc_result){
                       .outcome = call->has_left ? RPC_UNKNOWN : RPC_NOT_EXECUTED,
                       .reason = RPC_REASON_TIME,
                   });
}

static enum status frame_send(struct rpc_client *client, const Graticule__Wire__Frame *frame)
{
    buffer_clear(&client->frame);
    frame_pack(&frame->base, &client->frame);
    return env_link_send(client->link, buffer_slice(&client->frame));
}

static void hello_send(void *context)
{
    struct rpc_client *client = context;
    Graticule__Wire__Hello hello;
    frame_init_hello(&hello, client->own_name, true);
    Graticule__Wire__Frame frame = GRATICULE__WIRE__FRAME__INIT;
    frame.version = FRAME_VERSION;
    frame.hello = &hello;
    (void)frame_send(client, &frame); /* lost or not, the next one follows */
    env_timer_start(client->env, &client->hello_timer,
                    client->session == 0 ? HELLO_SEARCHING_US : HELLO_KEEPING_US, hello_send,
                    client);
}

static uint32_t time_left_ms(const struct call *call, uint64_t now_us)
{
    return call->deadline_us > now_us ? (uint32_t)((call->deadline_us - now_us) / 1000) : 0;
}

/* Fills one frame from the waiting calls, which stay there; returns how many it holds. */
static size_t requests_gather(struct rpc_client *client, Graticule__Wire__Frame *frame)
{
    size_t count = 0, bytes = 0;
    uint64_t now_us = env_boot_us(client->env);
    LIST_FOR_EACH(link, &client->waiting)
    {
        const struct call *call = LIST_ELEMENT(link, struct call, link);
        if (count == CALLS_PER_FRAME_MAX || bytes >= LIMIT_FRAME_TARGET)
            break;
        Graticule__Wire__Request *request = &client->requests[count];
        graticule__wire__request__init(request);
        request->id = call->id;
        request->method = call->method;
        request->time_left_ms = time_left_ms(call, now_us);
        request->body = frame_data(buffer_slice(&call->body));
        client->request_pointers[count++] = request;
        bytes += call->body.size;
    }
    frame->version = FRAME_VERSION;
    frame->session = client->session;
    frame->n_requests = count;
    frame->requests = client->request_pointers;
    return count;
}

static void retry(void *context)
{
    struct rpc_client *client = context;
    env_defer(client->env, ENV_PHASE_SEND, &client->send_task);
}

static void calls_send(void *context)
{
    struct rpc_client *client = context;
    while (client->session != 0 && !list_is_empty(&client->waiting)) {
        Graticule__Wire__Frame frame = GRATICULE__WIRE__FRAME__INIT;
        size_t count = requests_gather(client, &frame);
        if (frame_send(client, &frame) != STATUS_OK) {
            env_timer_start(client->env, &client->retry_timer, SEND_RETRY_US, retry, client);
            return;
        }
        for (; count > 0; count--) {
            struct list *link = list_take_first(&client->waiting);
            LIST_ELEMENT(link, struct call, link)->has_left = true;
            list_append(&client->sent, link);
        }
    }
}

/* Whatever left under the session that is over may or may not have been done. */
static void session_change(struct rpc_client *client, uint64_t session)
{
    if (session == client->session)
        return;
    client->session = session;
    struct list lost;
    list_init(&lost);
    list_take_all(&lost, &client->sent);
    struct list *link;
    while ((link = list_take_first(&lost)) != NULL)
        call_end(LIST_ELEMENT(link, struct call, link),
                 &(struct rpc_result){.outcome = RPC_UNKNOWN, .reason = RPC_REASON_LOST});
    if (!list_is_empty(&client->waiting))
        env_defer(client->env, ENV_PHASE_SEND, &client->send_task);
}

static void response_take(struct rpc_client *client, const Graticule__Wire__Response *response)
{
    uint64_t slot = response->id & UINT32_MAX;
    if (slot >= client->slot_count || client->slots[slot]->id != response->id)
        return;
    struct rpc_result result = {
        .outcome = (enum rpc_outcome)response->outcome,
        .reason = (enum rpc_reason)response->reason,
        .body = frame_slice(response->body),
    };
    if (result.outcome != RPC_EXECUTED && result.outcome != RPC_NOT_EXECUTED)
        result.outcome = RPC_UNKNOWN;
    call_end(client->slots[slot], &result);
}

static void frame_take(void *context, uint64_t peer, struct slice bytes)
{
    (void)peer;
    struct rpc_client *client = context;
    /* A callback may call again, and so change the arena's user: each frame has its own. */
    OWNED(arena) arena = arena_create();
    const Graticule__Wire__Frame *frame = frame_unpack(bytes, arena);
    if (frame == NULL || frame->session == 0)
        return;
    if (frame->hello != NULL && frame_hello_is_understood(frame->hello))
        session_change(client, frame->session);
    if (frame->session != client->session)
        return;
    for (size_t i = 0; i < frame->n_responses; i++)
        response_take(client, frame->responses[i]);
}

struct rpc_client *rpc_client_create(struct env *env, const char *address, const char *peer_name,
                                     const char *own_name)
{
    struct rpc_client *client = memory_alloc_zeroed(sizeof *client);
    client->env = env;
    client->own_name = memory_copy_text(own_name);
    client->requests = memory_alloc(CALLS_PER_FRAME_MAX * sizeof *client->requests);
    client->request_pointers = memory_alloc(CALLS_PER_FRAME_MAX * sizeof(void *));
    list_init(&client->waiting);
    list_init(&client->sent);
    list_init(&client->failed);
    list_init(&client->free_calls);
    env_task_init(&client->send_task, calls_send, client);
    enum status status = env_connect(env, address, peer_name, frame_take, client, &client->link);
    /* An address or a key that cannot be used is a server that is never reached. */
    if (status == STATUS_OK)
        env_timer_start(env, &client->hello_timer, 0, hello_send, client);
    return client;
}

void rpc_client_destroy(struct rpc_client *client)
{
    if (client == NULL)
        return;
    env_link_close(client->link);
    env_task_cancel(&client->send_task);
    env_timer_stop(client->env, &client->hello_timer);
    env_timer_stop(client->env, &client->retry_timer);
    env_timer_stop(client->env, &client->failed_timer);
    for (size_t i = 0; i < client->slot_count; i++) {
        env_timer_stop(client->env, &client->slots[i]->deadline_timer);
        buffer_deinit(&client->slots[i]->body);
        memory_free(client->slots[i]);
    }
    memory_free(client->slots);
    memory_free(client->requests);
    memory_free(client->request_pointers);
    memory_free(client->own_name);
    buffer_deinit(&client->frame);
    memory_free(client);
}

static void failed_end(void *context)
{
    struct rpc_client *client = context;
    struct list *link;
    while ((link = list_take_first(&client->failed)) != NULL) {
        struct call *call = LIST_ELEMENT(link, struct call, link);
        call_end(call, &(struct rpc_result){.outcome = RPC_NOT_EXECUTED, .reason = call->failure});
    }
}

void rpc_client_call(struct rpc_client *client, enum rpc_method method, struct slice body,
                     uint64_t timeout_us, rpc_result_fn fn, void *context)
{
    bool is_refused = client->link == NULL || client->call_count >= RPC_CLIENT_CALLS_MAX;
    struct call *call = call_create(client);
    call->fn = fn;
    call->context = context;
    call->method = method;
    call->has_left = false;
    client->call_count++;
    if (is_refused) {
        call->failure = client->link == NULL ? RPC_REASON_LOST : RPC_REASON_BUSY;
        list_append(&client->failed, &call->link);
        env_timer_start(client->env, &client->failed_timer, 0, failed_end, client);
        return;
    }
    call->deadline_us = env_boot_us(client->env) + timeout_us;
    buffer_clear(&call->body);
    buffer_append(&call->body, body);
    env_timer_start(client->env, &call->deadline_timer, timeout_us, deadline_pass, call);
    list_append(&client->waiting, &call->link);
    env_defer(client->env, ENV_PHASE_SEND, &client->send_task);
}

bool rpc_client_is_connected(const struct rpc_client *client)
{
    return client->session != 0;
}

size_t rpc_client_call_count(const struct rpc_client *client)
{
    return client->call_count;
}
