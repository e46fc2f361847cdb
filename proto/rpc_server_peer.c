#include "core/base/hash_map.h"
#include "core/base/limits.h"
#include "proto/frame_codec.h"
#include "proto/rpc_server_private.h"

enum { SEND_RETRY_US = 2000 };

static struct slice peer_key(const uint64_t *number)
{
    return slice_of(number, sizeof *number);
}

struct rpc_peer *rpc_peer_of(struct rpc_server *server, uint64_t number)
{
    struct rpc_peer *peer = hash_map_get(server->peers, peer_key(&number));
    if (peer != NULL)
        return peer;
    peer = memory_alloc_zeroed(sizeof *peer);
    peer->number = number;
    list_init(&peer->link);
    list_init(&peer->answers);
    hash_map_put(server->peers, peer_key(&peer->number), peer);
    return peer;
}

static void peer_free(struct rpc_peer *peer)
{
    struct list *link;
    while ((link = list_take_first(&peer->answers)) != NULL)
        memory_free(LIST_ELEMENT(link, struct rpc_answer, link));
    memory_free(peer);
}

void rpc_peers_destroy(struct rpc_server *server)
{
    size_t position = 0;
    struct rpc_peer *peer;
    while ((peer = hash_map_next(server->peers, &position, NULL)) != NULL)
        peer_free(peer);
    hash_map_destroy(server->peers);
}

void rpc_peer_forget_if_idle(struct rpc_server *server, struct rpc_peer *peer)
{
    if (peer->call_count > 0 || !list_is_empty(&peer->link))
        return;
    hash_map_remove(server->peers, peer_key(&peer->number));
    peer_free(peer);
}

void rpc_peer_mark_dirty(struct rpc_server *server, struct rpc_peer *peer)
{
    if (list_is_empty(&peer->link))
        list_append(&server->dirty, &peer->link);
    env_defer(server->env, ENV_PHASE_SEND, &server->send_task);
}

/* Packs answers up to the frame's bound into `frame`, and moves them to `packed`. */
static void answers_gather(struct rpc_server *server, struct rpc_peer *peer, struct list *packed)
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
        const struct rpc_answer *answer = LIST_ELEMENT(link, struct rpc_answer, link);
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

static void answers_free(struct rpc_peer *peer, struct list *packed)
{
    struct list *link;
    while ((link = list_take_first(packed)) != NULL) {
        struct rpc_answer *answer = LIST_ELEMENT(link, struct rpc_answer, link);
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
static bool peer_send(struct rpc_server *server, struct rpc_peer *peer)
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

void rpc_server_send(void *context)
{
    struct rpc_server *server = context;
    struct list waiting;
    struct list *link;
    list_init(&waiting);
    server->bytes_at_once = 0;
    for (size_t bytes = 0;
         bytes < RPC_SERVER_BYTES_AT_ONCE && (link = list_take_first(&server->dirty)) != NULL;) {
        struct rpc_peer *peer = LIST_ELEMENT(link, struct rpc_peer, link);
        if (!peer_send(server, peer))
            list_append(&waiting, &peer->link);
        else if (!list_is_empty(&peer->answers))
            list_append(&server->dirty, &peer->link);
        else
            rpc_peer_forget_if_idle(server, peer);
        bytes += server->frame.size;
    }
    if (!list_is_empty(&server->dirty))
        env_defer(server->env, ENV_PHASE_SEND, &server->send_task);
    else if (!list_is_empty(&waiting))
        env_timer_start(server->env, &server->retry_timer, SEND_RETRY_US, send_again, server);
    list_take_all(&server->dirty, &waiting);
}

struct rpc_answer *rpc_peer_add_answer(struct rpc_server *server, struct rpc_peer *peer,
                                       uint64_t id, size_t size)
{
    struct rpc_answer *answer = memory_alloc(sizeof *answer + size);
    list_init(&answer->link);
    answer->id = id;
    answer->size = size;
    list_append(&peer->answers, &answer->link);
    peer->answer_bytes += size;
    server->bytes_at_once += size;
    rpc_peer_mark_dirty(server, peer);
    return answer;
}
