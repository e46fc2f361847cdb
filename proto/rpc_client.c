#include "proto/rpc_client.h"

#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/base/list.h"
#include "core/env/env.h"
#include "proto/frame_codec.h"

enum {
    HELLO_SEARCHING_US = 50000, /* between hellos until one is answered */
    HELLO_KEEPING_US = 500000,  /* between hellos of an idle client, to learn of a restart early */
    SEND_RETRY_US = 2000,
    BODY_KEPT_MAX = 4096, /* the memory that a call at rest keeps */
};

struct call {
    struct list link; /* in `waiting`, `sent`, `failed`, `free_calls` or a list being ended */
    struct rpc_client *client;
    struct env_timer deadline_timer;
    uint64_t id; /* use count << 32 | slot */
    uint64_t deadline_us;
    enum rpc_method method;
    struct buffer body;
    enum rpc_reason failure; /* why it fails, if it does before its deadline */
    bool has_left;           /* and is not answered yet */
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
    size_t waiting_bytes;
    struct list sent;
    struct list failed; /* their callbacks are due */
    struct list free_calls;
    struct env_task send_task;
    struct env_timer hello_timer;
    struct env_timer retry_timer;
    struct env_timer failed_timer;
    struct buffer frame;
    unsigned busy_count; /* functions at work on the client that make callbacks */
    bool is_destroyed;   /* by one of those callbacks: freed when they are done */
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

static void client_free(struct rpc_client *client);

static void client_enter(struct rpc_client *client)
{
    client->busy_count++;
}

static void client_leave(struct rpc_client *client)
{
    client->busy_count--;
    if (client->is_destroyed && client->busy_count == 0)
        client_free(client);
}

/* The body has left, or never will. */
static void body_release(struct call *call)
{
    call->client->waiting_bytes -= call->body.size;
    buffer_clear(&call->body);
    if (call->body.capacity > BODY_KEPT_MAX)
        buffer_deinit(&call->body);
}

static void call_end(struct call *call, const struct rpc_result *result)
{
    struct rpc_client *client = call->client;
    env_timer_stop(client->env, &call->deadline_timer);
    list_remove(&call->link);
    /* A later answer to this use of the slot is not mistaken for one to the next. */
    call->id += (uint64_t)1 << 32;
    call->has_left = false;
    body_release(call);
    list_prepend(&client->free_calls, &call->link); /* the one used last is the warmest */
    client->call_count--;
    call->fn(call->context, result);
}

/* Ends the calls of a list; those that its callbacks make are in others. */
static void calls_end(struct rpc_client *client, struct list *calls, enum rpc_outcome outcome)
{
    struct list ending;
    struct list *link;
    list_init(&ending);
    list_take_all(&ending, calls);
    while (!client->is_destroyed && (link = list_take_first(&ending)) != NULL) {
        struct call *call = LIST_ELEMENT(link, struct call, link);
        call_end(call, &(struct rpc_result){.outcome = outcome, .reason = call->failure});
    }
}

static void deadline_pass(void *context)
{
    struct call *call = context;
    struct rpc_client *client = call->client;
    client_enter(client);
    call_end(call, &(struct rpc_result){
                       .outcome = call->has_left ? RPC_UNKNOWN : RPC_NOT_EXECUTED,
                       .reason = RPC_REASON_TIME,
                   });
    client_leave(client);
}

static void hello_send(void *context)
{
    struct rpc_client *client = context;
    Graticule__Wire__Hello hello;
    frame_init_hello(&hello, client->own_name, true);
    buffer_clear(&client->frame);
    frame_begin(&client->frame, 0);
    frame_add_hello(&client->frame, &hello);
    /* Lost or not, the next one follows. */
    (void)env_link_send(client->link, buffer_slice(&client->frame));
    env_timer_start(client->env, &client->hello_timer,
                    client->session == 0 ? HELLO_SEARCHING_US : HELLO_KEEPING_US, hello_send,
                    client);
}

/* Rounded up: 0 says that no time is left. */
static uint32_t time_left_ms(const struct call *call, uint64_t now_us)
{
    if (call->deadline_us <= now_us)
        return 0;
    uint64_t left_ms = (call->deadline_us - now_us + 999) / 1000;
    return left_ms < UINT32_MAX ? (uint32_t)left_ms : UINT32_MAX;
}

/* Fills one frame from the waiting calls, which stay there; returns how many it holds. */
static size_t requests_gather(struct rpc_client *client)
{
    size_t count = 0;
    uint64_t now_us = env_boot_us(client->env);
    buffer_clear(&client->frame);
    frame_begin(&client->frame, client->session);
    LIST_FOR_EACH (link, &client->waiting) {
        const struct call *call = LIST_ELEMENT(link, struct call, link);
        if (count == RPC_FRAME_COUNT_MAX || client->frame.size >= LIMIT_FRAME_TARGET)
            break;
        frame_add_part(&client->frame, FRAME_REQUEST,
                       &(struct frame_part){
                           .id = call->id,
                           .code = call->method,
                           .detail = time_left_ms(call, now_us),
                           .body = buffer_slice(&call->body),
                       });
        count++;
    }
    return count;
}

static void retry(void *context)
{
    struct rpc_client *client = context;
    env_defer(client->env, ENV_PHASE_SEND, &client->send_task);
}

/* One frame; what does not fit waits for the next round. */
static void calls_send(void *context)
{
    struct rpc_client *client = context;
    if (client->session == 0 || list_is_empty(&client->waiting))
        return;
    size_t count = requests_gather(client);
    if (env_link_send(client->link, buffer_slice(&client->frame)) != STATUS_OK) {
        env_timer_start(client->env, &client->retry_timer, SEND_RETRY_US, retry, client);
        return;
    }
    for (; count > 0; count--) {
        struct list *link = list_take_first(&client->waiting);
        struct call *call = LIST_ELEMENT(link, struct call, link);
        call->has_left = true;
        call->failure = RPC_REASON_LOST;
        body_release(call);
        list_append(&client->sent, link);
    }
    if (!list_is_empty(&client->waiting))
        env_defer(client->env, ENV_PHASE_SEND, &client->send_task);
}

/* Whatever left under the session that is over may or may not have been done. */
static void session_change(struct rpc_client *client, uint64_t session)
{
    if (session == client->session)
        return;
    client->session = session;
    calls_end(client, &client->sent, RPC_UNKNOWN);
    if (!client->is_destroyed && !list_is_empty(&client->waiting))
        env_defer(client->env, ENV_PHASE_SEND, &client->send_task);
}

static void response_take(struct rpc_client *client, const struct frame_part *response)
{
    uint64_t slot = response->id & UINT32_MAX;
    if (slot >= client->slot_count || client->slots[slot]->id != response->id)
        return;
    /* What was never asked is not answered. */
    if (!client->slots[slot]->has_left)
        return;
    struct rpc_result result = {
        .outcome = (enum rpc_outcome)response->code,
        .reason = (enum rpc_reason)response->detail,
        .body = response->body,
    };
    if (result.outcome != RPC_EXECUTED && result.outcome != RPC_NOT_EXECUTED)
        result.outcome = RPC_UNKNOWN;
    call_end(client->slots[slot], &result);
}

static void responses_take(struct rpc_client *client, const struct frame *frame)
{
    struct frame_cursor cursor = frame_cursor(frame, FRAME_RESPONSE);
    struct frame_part response;
    while (!client->is_destroyed && frame_cursor_next(&cursor, &response))
        response_take(client, &response);
}

static void frame_take(void *context, uint64_t peer, struct slice bytes)
{
    (void)peer;
    struct rpc_client *client = context;
    struct frame frame;
    struct hello hello = {0};
    if (!frame_open(bytes, &frame) || frame.session == 0)
        return;
    if (frame.has_hello && !frame_read_hello(frame.hello, &hello))
        return;
    client_enter(client);
    if (hello.is_understood)
        session_change(client, frame.session);
    if (frame.session == client->session)
        responses_take(client, &frame);
    client_leave(client);
}

struct rpc_client *rpc_client_create(struct env *env, const char *address, const char *peer_name,
                                     const char *own_name)
{
    struct rpc_client *client = memory_alloc_zeroed(sizeof *client);
    client->env = env;
    client->own_name = memory_copy_text(own_name);
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

static void client_free(struct rpc_client *client)
{
    for (size_t i = 0; i < client->slot_count; i++) {
        buffer_deinit(&client->slots[i]->body);
        memory_free(client->slots[i]);
    }
    memory_free(client->slots);
    memory_free(client->own_name);
    buffer_deinit(&client->frame);
    memory_free(client);
}

void rpc_client_destroy(struct rpc_client *client)
{
    if (client == NULL)
        return;
    client_enter(client);
    env_link_close(client->link);
    env_task_cancel(&client->send_task);
    env_timer_stop(client->env, &client->hello_timer);
    env_timer_stop(client->env, &client->retry_timer);
    env_timer_stop(client->env, &client->failed_timer);
    for (size_t i = 0; i < client->slot_count; i++)
        env_timer_stop(client->env, &client->slots[i]->deadline_timer);
    client->is_destroyed = true;
    client_leave(client);
}

static void failed_end(void *context)
{
    struct rpc_client *client = context;
    client_enter(client);
    calls_end(client, &client->failed, RPC_NOT_EXECUTED);
    client_leave(client);
}

/* RPC_REASON_NONE when the call may be made. */
static enum rpc_reason refusal_of(const struct rpc_client *client, size_t body_size)
{
    if (client->link == NULL)
        return RPC_REASON_LOST;
    if (body_size > RPC_BODY_SIZE_MAX)
        return RPC_REASON_MALFORMED;
    if (client->call_count >= RPC_CLIENT_CALLS_MAX ||
        client->waiting_bytes + body_size > RPC_CLIENT_WAITING_BYTES_MAX)
        return RPC_REASON_BUSY;
    return RPC_REASON_NONE;
}

void rpc_client_call(struct rpc_client *client, enum rpc_method method, struct slice body,
                     uint64_t timeout_us, rpc_result_fn fn, void *context)
{
    struct call *call = call_create(client);
    call->failure = refusal_of(client, body.size);
    call->fn = fn;
    call->context = context;
    call->method = method;
    client->call_count++;
    if (call->failure != RPC_REASON_NONE) {
        list_append(&client->failed, &call->link);
        env_timer_start(client->env, &client->failed_timer, 0, failed_end, client);
        return;
    }
    call->deadline_us = env_boot_us(client->env) + timeout_us;
    buffer_append(&call->body, body);
    client->waiting_bytes += body.size;
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
