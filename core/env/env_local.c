#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/base/limits.h"
#include "core/env/env_frames_private.h"

#include <string.h>

struct env_local {
    struct env_uv *env;
    struct hash_map *listeners; /* address -> struct local_listener */
    struct hash_map *peers;     /* peer number -> struct local_link */
    struct list links;
    struct list frames; /* in the order in which they were sent, whatever their way */
};

struct local_listener {
    struct env_listener base;
    char *address;
};

enum local_way { TO_LISTENER, TO_LINK, LOCAL_WAYS };

struct local_link {
    struct env_link base;
    struct list by_local;
    char *address;
    struct local_listener *listener; /* NULL while nobody listens there */
    uint64_t peer;                   /* its number for that listener */
    size_t bytes_waiting[LOCAL_WAYS];
    size_t frames_waiting; /* keep a closed link's memory until they have been dropped */
    bool is_closed;
};

struct local_frame {
    struct list by_local;
    struct local_link *link;
    uint64_t peer; /* of the connection on which it was sent */
    enum local_way way;
    size_t cost; /* what it counts for against the bound */
    size_t size;
    uint8_t bytes[];
};

static struct env_local *local_of(const struct env_endpoint *endpoint)
{
    return env_uv_of(endpoint->handle.env)->local;
}

static struct slice peer_key(const uint64_t *peer)
{
    return slice_of(peer, sizeof *peer);
}

struct env_local *env_local_create(struct env_uv *env)
{
    struct env_local *local = memory_alloc_zeroed(sizeof *local);
    local->env = env;
    local->listeners = hash_map_create(0);
    local->peers = hash_map_create(0);
    list_init(&local->links);
    list_init(&local->frames);
    return local;
}

static void link_free_if_unused(struct local_link *link)
{
    if (!link->is_closed || link->frames_waiting > 0)
        return;
    memory_free(link->address);
    memory_free(link);
}

static void frame_free(struct local_frame *frame)
{
    struct local_link *link = frame->link;
    link->bytes_waiting[frame->way] -= frame->cost;
    link->frames_waiting--;
    memory_free(frame);
    link_free_if_unused(link);
}

void env_local_destroy(struct env_local *local)
{
    if (local == NULL)
        return;
    CHECK(hash_map_count(local->listeners) == 0);
    CHECK(list_is_empty(&local->links));
    LIST_FOR_EACH (link, &local->frames)
        frame_free(LIST_ELEMENT(link, struct local_frame, by_local));
    hash_map_destroy(local->listeners);
    hash_map_destroy(local->peers);
    memory_free(local);
}

/* A frame reaches only the two ends between which it was sent, and only while both are open. */
static void frame_deliver(const struct local_frame *frame)
{
    const struct local_link *link = frame->link;
    if (link->listener == NULL || link->peer != frame->peer)
        return;
    bool is_to_link = frame->way == TO_LINK;
    const struct env_endpoint *end =
        is_to_link ? &link->base.endpoint : &link->listener->base.endpoint;
    end->frame_fn(end->context, is_to_link ? 0 : frame->peer, slice_of(frame->bytes, frame->size));
}

void env_local_deliver(struct env_local *local)
{
    struct list now;
    struct list *first;
    list_init(&now);
    list_take_all(&now, &local->frames);

    for (size_t bytes = 0; bytes < ENV_BYTES_AT_ONCE && (first = list_take_first(&now)) != NULL;) {
        struct local_frame *frame = LIST_ELEMENT(first, struct local_frame, by_local);
        bytes += frame->size;
        frame_deliver(frame);
        frame_free(frame);
    }
    /* What is left keeps its place before all that was sent meanwhile. */
    list_take_all(&now, &local->frames);
    list_take_all(&local->frames, &now);
}

bool env_local_is_waiting(const struct env_local *local)
{
    return !list_is_empty(&local->frames);
}

static void link_attach(struct env_local *local, struct local_link *link,
                        struct local_listener *listener)
{
    link->listener = listener;
    link->peer = env_peer_mint(local->env);
    CHECK(hash_map_put(local->peers, peer_key(&link->peer), link) == NULL);
}

static void link_detach(struct env_local *local, struct local_link *link)
{
    if (link->listener == NULL)
        return;
    CHECK(hash_map_remove(local->peers, peer_key(&link->peer)) == link);
    link->listener = NULL;
}

enum status env_local_listen(struct env_local *local, const char *address,
                             struct env_endpoint endpoint, struct env_listener **out_listener)
{
    if (hash_map_get(local->listeners, slice_of_text(address)) != NULL)
        return STATUS_EXISTS;

    struct local_listener *listener = memory_alloc_zeroed(sizeof *listener);
    listener->base.endpoint = endpoint;
    listener->address = memory_copy_text(address);
    CHECK(hash_map_put(local->listeners, slice_of_text(address), listener) == NULL);
    LIST_FOR_EACH (by_local, &local->links) {
        struct local_link *link = LIST_ELEMENT(by_local, struct local_link, by_local);
        if (strcmp(link->address, address) == 0)
            link_attach(local, link, listener);
    }
    *out_listener = &listener->base;
    return STATUS_OK;
}

void env_local_listener_close(struct env_listener *listener)
{
    struct env_local *local = local_of(&listener->endpoint);
    struct local_listener *closed = (struct local_listener *)listener;
    LIST_FOR_EACH (by_local, &local->links) {
        struct local_link *link = LIST_ELEMENT(by_local, struct local_link, by_local);
        if (link->listener == closed)
            link_detach(local, link);
    }
    CHECK(hash_map_remove(local->listeners, slice_of_text(closed->address)) == closed);
    memory_free(closed->address);
    memory_free(closed);
}

static enum status frame_add(struct env_local *local, struct local_link *link, enum local_way way,
                             struct slice bytes)
{
    if (bytes.size > LIMIT_FRAME_SIZE)
        return STATUS_TOO_LARGE;
    size_t cost = sizeof(struct local_frame) + bytes.size;
    if (link->bytes_waiting[way] + cost > local->env->options.local_bytes_max)
        return STATUS_BUSY;

    struct local_frame *frame = memory_alloc(cost);
    frame->link = link;
    frame->peer = link->peer;
    frame->way = way;
    frame->cost = cost;
    frame->size = bytes.size;
    if (bytes.size > 0)
        memcpy(frame->bytes, bytes.bytes, bytes.size);
    list_append(&local->frames, &frame->by_local);
    link->bytes_waiting[way] += cost;
    link->frames_waiting++;
    return STATUS_OK;
}

enum status env_local_listener_send(struct env_listener *listener, uint64_t peer,
                                    struct slice frame)
{
    struct env_local *local = local_of(&listener->endpoint);
    struct local_link *link = hash_map_get(local->peers, peer_key(&peer));
    if (link == NULL || &link->listener->base != listener)
        return STATUS_CLOSED;
    return frame_add(local, link, TO_LINK, frame);
}

enum status env_local_connect(struct env_local *local, const char *address,
                              struct env_endpoint endpoint, struct env_link **out_link)
{
    struct local_link *link = memory_alloc_zeroed(sizeof *link);
    link->base.endpoint = endpoint;
    link->address = memory_copy_text(address);
    list_append(&local->links, &link->by_local);
    struct local_listener *listener = hash_map_get(local->listeners, slice_of_text(address));
    if (listener != NULL)
        link_attach(local, link, listener);
    *out_link = &link->base;
    return STATUS_OK;
}

void env_local_link_close(struct env_link *link)
{
    struct local_link *closed = (struct local_link *)link;
    link_detach(local_of(&link->endpoint), closed);
    list_remove(&closed->by_local);
    closed->is_closed = true;
    link_free_if_unused(closed);
}

enum status env_local_link_send(struct env_link *link, struct slice frame)
{
    struct local_link *sender = (struct local_link *)link;
    /* As on a network: what nobody hears is lost. */
    if (sender->listener == NULL)
        return STATUS_OK;
    return frame_add(local_of(&link->endpoint), sender, TO_LISTENER, frame);
}
