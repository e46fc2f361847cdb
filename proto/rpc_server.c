#include "proto/rpc_server.h"

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/base/limits.h"
#include "core/base/list.h"
#include "core/env/env.h"
#include "proto/frame.h"

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
    struct arena *send_arena;
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
    struct arena *arena = server->send_arena;
    Graticule__Wire__Frame frame = GRATICULE__WIRE__FRAME__INIT;
    Graticule__Wire__Hello hello;
    frame.version = FRAME_VERSION;
    frame.session = server->session;
    if (peer->wants_hello) {
        frame_init_hello(&hello, server->own_name, false);
        frame.hello = &hello;
    }
    size_t count_max =
        peer->answer_count < RPC_FRAME_COUNT_MAX ? peer->answer_count : RPC_FRAME_COUNT_MAX;
    frame.responses = arena_alloc(arena, count_max * sizeof(void *));
    for (size_t bytes = 0; bytes < LIMIT_FRAME_TARGET && frame.n_responses < count_max;) {
        struct list *link = list_take_first(&peer->answers);
        struct answer *answer = LIST_ELEMENT(link, struct answer, link);
        Graticule__Wire__Response *response = arena_alloc(arena, sizeof *response);
        graticule__wire__response__init(response);
        response->id = answer->id;
        response->outcome = answer->outcome;
        response->reason = answer->reason;
        response->body = frame_data(slice_of(answer->body, answer->size));
        frame.responses[frame.n_responses++] = response;
        bytes += answer->size + RPC_ENVELOPE_SIZE_MAX;
        list_append(packed, link);
    }
    buffer_clear(&server->frame);
    frame_pack(&frame.base, &server->frame);
    arena_reset(arena);
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

static void answer_add(struct rpc_server *server, struct peer *peer, uint64_t id,
                       const struct rpc_result *result)
{
    struct answer *answer = memory_alloc(sizeof *answer + result->body.size);
    list_init(&answer->link);
    answer->id = id;
    answer->outcome = result->outcome;
    answer->reason = result->reason;
    answer->size = result->body.size;
    if (answer->size > 0)
        memcpy(answer->body, result->body.bytes, answer->size);
    list_append(&peer->answers, &answer->link);
    peer->answer_count++;
    peer->answer_bytes += answer->size;
    server->bytes_at_once += answer->size;
    peer_mark_dirty(server, peer);
}

static struct rpc_call *call_create(struct rpc_server *server, struct peer *peer,
                                    const Graticule__Wire__Request *request)
{
    struct rpc_call *call = memory_alloc(sizeof *call + request->body.len);
    list_init(&call->link);
    list_init(&call->held);
    call->server = server;
    call->peer = peer;
    call->id = request->id;
    call->method = (enum rpc_method)request->method;
    call->deadline_us = env_boot_us(server->env) + (uint64_t)request->time_left_ms * 1000;
    call->size = request->body.len;
    if (call->size > 0)
        memcpy(call->body, request->body.data, call->size);
    list_append(&server->calls, &call->link);
    server->call_count++;
    server->call_bytes += call->size;
    server->bytes_at_once += call->size;
    peer->call_count++;
    return call;
}

/* RPC_REASON_NONE when the request may be handed out. */
static enum rpc_reason refusal_of(const struct rpc_server *server,
                                  const Graticule__Wire__Request *request)
{
    if (request->time_left_ms == 0)
        return RPC_REASON_TIME;
    if (server->call_count >= RPC_SERVER_CALLS_MAX ||
        server->call_bytes + request->body.len > RPC_SERVER_BYTES_MAX)
        return RPC_REASON_BUSY;
    return RPC_REASON_NONE;
}

static void request_take(struct rpc_server *server, struct peer *peer,
                         const Graticule__Wire__Request *request)
{
    enum rpc_reason refusal = refusal_of(server, request);
    if (refusal != RPC_REASON_NONE) {
        answer_add(server, peer, request->id,
                   &(struct rpc_result){.outcome = RPC_NOT_EXECUTED, .reason = refusal});
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

static void frame_take(void *context, uint64_t peer_number, struct slice bytes)
{
    struct rpc_server *server = context;
    OWNED(arena) arena = arena_create();
    const Graticule__Wire__Frame *frame = frame_unpack(bytes, arena);
    if (frame == NULL)
        return;
    struct peer *peer = peer_of(server, peer_number);
    bool is_other_session = frame->n_requests > 0 && frame->session != server->session;
    if (is_other_session || (frame->hello != NULL && frame->hello->wants_answer)) {
        peer->wants_hello = true;
        peer_mark_dirty(server, peer);
    }
    if (!is_other_session) {
        peer->call_count++; /* keeps the peer while its requests are handed out */
        for (size_t i = 0; i < frame->n_requests; i++)
            request_take(server, peer, frame->requests[i]);
        peer->call_count--;
    }
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
    server->send_arena = arena_create();
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
    arena_destroy(server->send_arena);
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

void rpc_call_answer(struct rpc_call *call, enum rpc_outcome outcome, enum rpc_reason reason,
                     struct slice body)
{
    struct rpc_server *server = call->server;
    struct rpc_result result = {.outcome = outcome, .reason = reason, .body = body};
    if (body.size > RPC_BODY_SIZE_MAX)
        result = (struct rpc_result){.outcome = RPC_UNKNOWN, .reason = RPC_REASON_MALFORMED};
    answer_add(server, call->peer, call->id, &result);
    call->peer->call_count--;
    server->call_count--;
    server->call_bytes -= call->size;
    list_remove(&call->link);
    memory_free(call);
}
