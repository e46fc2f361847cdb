#include "proto/rpc_server.h"

#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "proto/frame_codec.h"
#include "proto/rpc_server_private.h"

static struct rpc_call *call_create(struct rpc_server *server, struct rpc_peer *peer,
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

static void request_take(struct rpc_server *server, struct rpc_peer *peer,
                         const struct frame_part *request)
{
    enum rpc_reason refusal = refusal_of(server, request);
    if (refusal != RPC_REASON_NONE) {
        struct rpc_answer *answer = rpc_peer_add_answer(server, peer, request->id, 0);
        answer->outcome = RPC_NOT_EXECUTED;
        answer->reason = refusal;
        return;
    }
    bool must_wait =
        server->bytes_at_once >= RPC_SERVER_BYTES_AT_ONCE || !list_is_empty(&server->held_calls);
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
    while (server->bytes_at_once < RPC_SERVER_BYTES_AT_ONCE &&
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

static void requests_take(struct rpc_server *server, struct rpc_peer *peer,
                          const struct frame *frame)
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
    struct rpc_peer *peer = rpc_peer_of(server, peer_number);
    bool is_other_session = frame.request_count > 0 && frame.session != server->session;
    if (is_other_session || hello.wants_answer) {
        peer->wants_hello = true;
        rpc_peer_mark_dirty(server, peer);
    }
    if (!is_other_session)
        requests_take(server, peer, &frame);
    rpc_peer_forget_if_idle(server, peer);
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
    env_task_init(&server->send_task, rpc_server_send, server);
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
    rpc_peers_destroy(server);
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
static struct rpc_answer *call_answer(struct rpc_call *call, size_t size)
{
    bool fits = size <= RPC_BODY_SIZE_MAX;
    struct rpc_answer *answer =
        rpc_peer_add_answer(call->server, call->peer, call->id, fits ? size : 0);
    answer->outcome = RPC_UNKNOWN;
    answer->reason = RPC_REASON_MALFORMED;
    return fits ? answer : NULL;
}

void rpc_call_answer(struct rpc_call *call, enum rpc_outcome outcome, enum rpc_reason reason,
                     struct slice body)
{
    struct rpc_answer *answer = call_answer(call, body.size);
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
    struct rpc_answer *answer = call_answer(call, size);
    if (answer != NULL) {
        answer->outcome = RPC_EXECUTED;
        answer->reason = RPC_REASON_NONE;
        CHECK(protobuf_c_message_pack(body, answer->body) == size);
    }
    call_end(call);
}
