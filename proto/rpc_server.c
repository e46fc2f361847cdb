#include "proto/rpc_server.h"

#include "core/base/buffer.h"
#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/base/limits.h"
#include "core/base/list.h"
#include "core/env/env.h"
#include "proto/frame_codec.h"

enum { FRAME_KEPT_MAX = 64 << 10 /* the memory that a peer keeps between turns */ };

/* One connection, as long as it has calls or answers waiting. */
struct peer {
    struct list link; /* in `dirty`, when answers wait */
    uint64_t number;
    size_t call_count;
    struct buffer frame; /* the answers given in this turn; empty: none */
    size_t answer_count; /* in that frame */
    bool wants_hello;
};

struct rpc_call {
    struct list link; /* in `calls` */
    struct rpc_server *server;
    struct peer *peer;
    uint64_t id;
    uint64_t deadline_us;
    enum rpc_method method;
    size_t size;
    uint8_t body[];
};

struct rpc_server {
    struct env *env;
    struct env_listener *listener;
    char *own_name;
    uint64_t session;
    rpc_call_fn fn;
    void *context;
    struct hash_map *peers; /* by number */
    struct list dirty;      /* peers with something to send */
    struct list calls;
    size_t call_count;
    size_t call_bytes; /* of their bodies */
    struct env_task send_task;
};

static struct slice peer_key(const uint64_t *number)
{
    return slice_of(number, sizeof *number);
}

static struct peer *peer_of(struct rpc_server *server, uint64_t number)
{
    struct peer *peer = hash_map_get(server->peers, peer_key(&number));
    if (peer != NULL)
        return peer;
    peer = memory_alloc_zeroed(sizeof *peer);
    peer->number = number;
    list_init(&peer->link);
    hash_map_put(server->peers, peer_key(&peer->number), peer);
    return peer;
}

static void peer_free(struct peer *peer)
{
    buffer_deinit(&peer->frame);
    memory_free(peer);
}

static void peer_forget_if_idle(struct rpc_server *server, struct peer *peer)
{
    if (peer->call_count > 0 || !list_is_empty(&peer->link))
        return;
    hash_map_remove(server->peers, peer_key(&peer->number));
    peer_free(peer);
}

static void peer_mark_dirty(struct rpc_server *server, struct peer *peer)
{
    if (list_is_empty(&peer->link))
        list_append(&server->dirty, &peer->link);
    env_defer(server->env, ENV_PHASE_SEND, &server->send_task);
}

static void frame_flush(struct rpc_server *server, struct peer *peer)
{
    if (peer->frame.size == 0)
        return;
    /* A peer that is gone, or too slow to be sent to, finds out by its deadline. */
    (void)env_listener_send(server->listener, peer->number, buffer_slice(&peer->frame));
    buffer_clear(&peer->frame);
    if (peer->frame.capacity > FRAME_KEPT_MAX)
        buffer_deinit(&peer->frame);
    peer->answer_count = 0;
}

static void hello_add(struct rpc_server *server, struct peer *peer)
{
    Graticule__Wire__Hello hello;
    frame_init_hello(&hello, server->own_name, false);
    if (peer->frame.size == 0)
        frame_begin(&peer->frame, server->session);
    frame_add_hello(&peer->frame, &hello);
    peer->wants_hello = false;
}

static void answers_send(void *context)
{
    struct rpc_server *server = context;
    struct list *link;
    while ((link = list_take_first(&server->dirty)) != NULL) {
        struct peer *peer = LIST_ELEMENT(link, struct peer, link);
        if (peer->wants_hello)
            hello_add(server, peer);
        frame_flush(server, peer);
        peer_forget_if_idle(server, peer);
    }
}

/* What is answered, by bytes or by a message that packs into as many. */
static void answer_add(struct rpc_server *server, struct peer *peer,
                       const struct frame_part *answer, const ProtobufCMessage *message)
{
    if (peer->frame.size == 0)
        frame_begin(&peer->frame, server->session);
    if (message != NULL)
        frame_add_message(&peer->frame, FRAME_RESPONSE, answer, message);
    else
        frame_add_part(&peer->frame, FRAME_RESPONSE, answer);
    peer->answer_count++;
    peer_mark_dirty(server, peer);
    /* A frame that is full leaves at once. */
    if (peer->frame.size >= LIMIT_FRAME_TARGET || peer->answer_count == RPC_FRAME_COUNT_MAX)
        frame_flush(server, peer);
}

static struct rpc_call *call_create(struct rpc_server *server, struct peer *peer,
                                    const struct frame_part *request)
{
    struct rpc_call *call = memory_alloc(sizeof *call + request->body.size);
    list_init(&call->link);
    call->server = server;
    call->peer = peer;
    call->id = request->id;
    call->method = (enum rpc_method)request->code;
    call->deadline_us = env_boot_us(server->env) + (uint64_t)request->detail * 1000;
    call->size = request->body.size;
    if (call->size > 0)
        memcpy(call->body, request->body.bytes, call->size);
    list_append(&server->calls, &call->link);
    server->call_count++;
    server->call_bytes += call->size;
    peer->call_count++;
    return call;
}

/* RPC_REASON_NONE when the request may be handed out. */
static enum rpc_reason refusal_of(const struct rpc_server *server, const struct frame_part *request)
{
    if (request->detail == 0)
        return RPC_REASON_TIME;
    if (server->call_count >= RPC_SERVER_CALLS_MAX ||
        server->call_bytes + request->body.size > RPC_SERVER_BYTES_MAX)
        return RPC_REASON_BUSY;
    return RPC_REASON_NONE;
}

static void request_take(struct rpc_server *server, struct peer *peer,
                         const struct frame_part *request)
{
    enum rpc_reason refusal = refusal_of(server, request);
    if (refusal != RPC_REASON_NONE) {
        const struct frame_part answer = {
            .id = request->id, .code = RPC_NOT_EXECUTED, .detail = refusal};
        answer_add(server, peer, &answer, NULL);
        return;
    }
    server->fn(server->context, call_create(server, peer, request));
}

static void requests_take(struct rpc_server *server, struct peer *peer, const struct frame *frame)
{
    struct frame_cursor cursor = frame_cursor(frame, FRAME_REQUEST);
    struct frame_part request;
    peer->call_count++; /* keeps the peer while its requests are handed out */
    while (frame_cursor_next(&cursor, &request))
        request_take(server, peer, &request);
    peer->call_count--;
}

static void frame_take(void *context, uint64_t peer_number, struct slice bytes)
{
    struct rpc_server *server = context;
    struct frame frame;
    struct hello hello = {0};
    if (!frame_open(bytes, &frame))
        return;
    if (frame.has_hello && !frame_read_hello(frame.hello, &hello))
        return;
    struct peer *peer = peer_of(server, peer_number);
    bool is_other_session = frame.request_count > 0 && frame.session != server->session;
    if (is_other_session || hello.wants_answer) {
        peer->wants_hello = true;
        peer_mark_dirty(server, peer);
    }
    if (!is_other_session)
        requests_take(server, peer, &frame);
    peer_forget_if_idle(server, peer);
}

enum status rpc_server_create(struct env *env, const char *address, const char *own_name,
                              rpc_call_fn fn, void *context, struct rpc_server **out_server)
{
    OWNED(rpc_server) server = memory_alloc_zeroed(sizeof *server);
    server->env = env;
    server->own_name = memory_copy_text(own_name);
    server->session = env_random_u64(env) | 1;
    server->fn = fn;
    server->context = context;
    server->peers = hash_map_create(env_random_u64(env));
    list_init(&server->dirty);
    list_init(&server->calls);
    env_task_init(&server->send_task, answers_send, server);
    TRY(env_listen(env, address, frame_take, server, &server->listener));
    *out_server = GIVE(server);
    return STATUS_OK;
}

void rpc_server_destroy(struct rpc_server *server)
{
    if (server == NULL)
        return;
    env_listener_close(server->listener);
    env_task_cancel(&server->send_task);
    struct list *link;
    while ((link = list_take_first(&server->calls)) != NULL)
        memory_free(LIST_ELEMENT(link, struct rpc_call, link));
    size_t position = 0;
    struct peer *peer;
    while ((peer = hash_map_next(server->peers, &position, NULL)) != NULL)
        peer_free(peer);
    hash_map_destroy(server->peers);
    memory_free(server->own_name);
    memory_free(server);
}

enum rpc_method rpc_call_method(const struct rpc_call *call)
{
    return call->method;
}

struct slice rpc_call_body(const struct rpc_call *call)
{
    return slice_of(call->body, call->size);
}

uint64_t rpc_call_deadline_us(const struct rpc_call *call)
{
    return call->deadline_us;
}

static void call_end(struct rpc_call *call, struct frame_part answer,
                     const ProtobufCMessage *message)
{
    struct rpc_server *server = call->server;
    if (answer.body.size > RPC_BODY_SIZE_MAX) {
        answer = (struct frame_part){.code = RPC_UNKNOWN, .detail = RPC_REASON_MALFORMED};
        message = NULL;
    }
    answer.id = call->id;
    answer_add(server, call->peer, &answer, message);
    call->peer->call_count--;
    server->call_count--;
    server->call_bytes -= call->size;
    list_remove(&call->link);
    memory_free(call);
}

void rpc_call_answer(struct rpc_call *call, enum rpc_outcome outcome, enum rpc_reason reason,
                     struct slice body)
{
    call_end(call, (struct frame_part){.code = outcome, .detail = reason, .body = body}, NULL);
}

void rpc_call_answer_message(struct rpc_call *call, const ProtobufCMessage *body)
{
    const struct slice size_only = {.size = protobuf_c_message_get_packed_size(body)};
    call_end(call, (struct frame_part){.code = RPC_EXECUTED, .body = size_only}, body);
}
