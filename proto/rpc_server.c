#include "proto/rpc_server.h"

#include "core/base/buffer.h"
#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/base/limits.h"
#include "core/base/list.h"
#include "core/env/env.h"
#include "proto/frame_codec.h"

enum {
    /* After requests and answers of so many bytes others have their turn. */
    BYTES_AT_ONCE = 1 << 20,
    SEND_RETRY_US = 2000,
};

/* One connection, as long as it has calls or answers waiting. */
struct peer {
    struct list link; /* in `dirty`, when answers wait */
    uint64_t number;
    size_t call_count;
    size_t answer_count;
    size_t answer_bytes;
    struct list answers;
    bool wants_hello;
};

struct answer {
    struct list link;
    uint64_t id;
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    size_t size;
    uint8_t body[];
};

struct rpc_call {
    struct list link; /* in `calls` */
    struct list held; /* in `held_calls`, until it is handed out */
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
    struct list held_calls;
    size_t bytes_at_once; /* of requests and answers, since they were last sent */
    struct env_task send_task;
    struct env_task resume_task;
    struct env_timer retry_timer;
    struct buffer frame;
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
    list_init(&peer->answers);
    hash_map_put(server->peers, peer_key(&peer->number), peer);
    return peer;
}

static void peer_free(struct peer *peer)
{
    struct list *link;
    while ((link = list_take_first(&peer->answers)) != NULL)
        memory_free(LIST_ELEMENT(link, struct answer, link));
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

/* Packs answers up to the frame's bound into `frame`, and moves them to `packed`. */
static void answers_gather(struct rpc_server *server, struct peer *peer, struct list *packed)
{
    struct buffer *frame = &server->frame;
    buffer_clear(frame);
    frame_begin(frame, server->session);
    if (peer->wants_hello) {
        Graticule__Wire__Hello hello;
        frame_init_hello(&hello, server->own_name, false);
        frame_add_hello(frame, &hello);
    }
    struct list *link;
    for (size_t count = 0; count < RPC_FRAME_COUNT_MAX && frame->size < LIMIT_FRAME_TARGET &&
                           (link = list_take_first(&peer->answers)) != NULL;
         count++) {
        const struct answer *answer = LIST_ELEMENT(link, struct answer, link);
        frame_add_part(frame, FRAME_RESPONSE,
                       &(struct frame_part){
                           .id = answer->id,
                           .code = answer->outcome,
                           .detail = answer->reason,
                           .body = slice_of(answer->body, answer->size),
                       });
        list_append(packed, link);
    }
}

static void answers_free(struct peer *peer, struct list *packed)
{
    struct list *link;
    while ((link = list_take_first(packed)) != NULL) {
        struct answer *answer = LIST_ELEMENT(link, struct answer, link);
        peer->answer_count--;
        peer->answer_bytes -= answer->size;
        memory_free(answer);
    }
}

static void send_again(void *context)
{
    struct rpc_server *server = context;
    env_defer(server->env, ENV_PHASE_SEND, &server->send_task);
}

/* Sends one frame to a peer; false when it has to wait. */
static bool peer_send(struct rpc_server *server, struct peer *peer)
{
    struct list packed;
    list_init(&packed);
    answers_gather(server, peer, &packed);
    enum status status =
        env_listener_send(server->listener, peer->number, buffer_slice(&server->frame));
    bool must_wait = status == STATUS_BUSY && peer->answer_bytes <= RPC_SERVER_PEER_BYTES_MAX;
    if (must_wait) {
        list_take_all(&packed, &peer->answers);
        list_take_all(&peer->answers, &packed);
        return false;
    }
    /* A peer that is gone, or far too slow to be sent to, finds out by its deadline. */
    peer->wants_hello = false;
    answers_free(peer, &packed);
    return true;
}

/* One frame to each peer in turn. */
static void answers_send(void *context)
{
    struct rpc_server *server = context;
    struct list waiting;
    struct list *link;
    list_init(&waiting);
    server->bytes_at_once = 0;
    for (size_t bytes = 0;
         bytes < BYTES_AT_ONCE && (link = list_take_first(&server->dirty)) != NULL;) {
        struct peer *peer = LIST_ELEMENT(link, struct peer, link);
        if (!peer_send(server, peer))
            list_append(&waiting, &peer->link);
        else if (!list_is_empty(&peer->answers))
            list_append(&server->dirty, &peer->link);
        else
            peer_forget_if_idle(server, peer);
        bytes += server->frame.size;
    }
    if (!list_is_empty(&server->dirty))
        env_defer(server->env, ENV_PHASE_SEND, &server->send_task);
    else if (!list_is_empty(&waiting))
        env_timer_start(server->env, &server->retry_timer, SEND_RETRY_US, send_again, server);
    list_take_all(&server->dirty, &waiting);
}

/* Room for a body of this size is left for the caller to fill. */
static struct answer *answer_add(struct rpc_server *server, struct peer *peer, uint64_t id,
                                 size_t size)
{
    struct answer *answer = memory_alloc(sizeof *answer + size);
    list_init(&answer->link);
    answer->id = id;
    answer->size = size;
    list_append(&peer->answers, &answer->link);
    peer->answer_count++;
    peer->answer_bytes += size;
    server->bytes_at_once += size;
    peer_mark_dirty(server, peer);
    return answer;
}

static struct rpc_call *call_create(struct rpc_server *server, struct peer *peer,
                                    const struct frame_part *request)
{
    struct rpc_call *call = memory_alloc(sizeof *call + request->body.size);
    list_init(&call->link);
    list_init(&call->held);
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
    server->bytes_at_once += call->size;
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
        struct answer *answer = answer_add(server, peer, request->id, 0);
        answer->outcome = RPC_NOT_EXECUTED;
        answer->reason = refusal;
        return;
    }
    bool must_wait = server->bytes_at_once >= BYTES_AT_ONCE || !list_is_empty(&server->held_calls);
    struct rpc_call *call = call_create(server, peer, request);
    if (!must_wait) {
        server->fn(server->context, call);
        return;
    }
    list_append(&server->held_calls, &call->held);
    env_defer(server->env, ENV_PHASE_SEND, &server->resume_task);
}

/* Hands out calls that were held back. */
static void calls_resume(void *context)
{
    struct rpc_server *server = context;
    struct list *link;
    server->bytes_at_once = 0;
    while (server->bytes_at_once < BYTES_AT_ONCE &&
           (link = list_take_first(&server->held_calls)) != NULL) {
        struct rpc_call *call = LIST_ELEMENT(link, struct rpc_call, held);
        server->bytes_at_once += call->size;
        if (call->deadline_us > env_boot_us(server->env))
            server->fn(server->context, call);
        else
            rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_TIME, (struct slice){0});
    }
    if (!list_is_empty(&server->held_calls))
        env_defer(server->env, ENV_PHASE_SEND, &server->resume_task);
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
    list_init(&server->held_calls);
    env_task_init(&server->send_task, answers_send, server);
    env_task_init(&server->resume_task, calls_resume, server);
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
    env_task_cancel(&server->resume_task);
    env_timer_stop(server->env, &server->retry_timer);
    struct list *link;
    while ((link = list_take_first(&server->calls)) != NULL)
        memory_free(LIST_ELEMENT(link, struct rpc_call, link));
    size_t position = 0;
    struct peer *peer;
    while ((peer = hash_map_next(server->peers, &position, NULL)) != NULL)
        peer_free(peer);
    hash_map_destroy(server->peers);
    buffer_deinit(&server->frame);
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

static void call_end(struct rpc_call *call)
{
    call->peer->call_count--;
    call->server->call_count--;
    call->server->call_bytes -= call->size;
    list_remove(&call->link);
    memory_free(call);
}

/* The answer to a call, whose body of this size is left to fill; NULL: it is too large. */
static struct answer *call_answer(struct rpc_call *call, size_t size)
{
    bool fits = size <= RPC_BODY_SIZE_MAX;
    struct answer *answer = answer_add(call->server, call->peer, call->id, fits ? size : 0);
    answer->outcome = RPC_UNKNOWN;
    answer->reason = RPC_REASON_MALFORMED;
    return fits ? answer : NULL;
}

void rpc_call_answer(struct rpc_call *call, enum rpc_outcome outcome, enum rpc_reason reason,
                     struct slice body)
{
    struct answer *answer = call_answer(call, body.size);
    if (answer != NULL) {
        answer->outcome = outcome;
        answer->reason = reason;
        if (body.size > 0)
            memcpy(answer->body, body.bytes, body.size);
    }
    call_end(call);
}

void rpc_call_answer_message(struct rpc_call *call, const ProtobufCMessage *body)
{
    size_t size = protobuf_c_message_get_packed_size(body);
    struct answer *answer = call_answer(call, size);
    if (answer != NULL) {
        answer->outcome = RPC_EXECUTED;
        answer->reason = RPC_REASON_NONE;
        CHECK(protobuf_c_message_pack(body, answer->body) == size);
    }
    call_end(call);
}
