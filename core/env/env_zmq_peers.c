#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/env/env_zmq_private.h"

/* libzmq's own are 5 bytes; it allows others no more than 255. */
enum { IDENTITY_SIZE_MAX = 255 };

struct peer {
    struct list by_hearing;
    uint64_t number;
    size_t identity_size;
    uint8_t identity[IDENTITY_SIZE_MAX];
};

struct frame_peers {
    struct env_uv *env;
    struct hash_map *by_identity;
    struct hash_map *by_number;
    struct list by_hearing; /* first the one that has been silent longest */
};

static struct slice number_key(const uint64_t *number)
{
    return slice_of(number, sizeof *number);
}

struct frame_peers *frame_peers_create(struct env_uv *env)
{
    struct frame_peers *peers = memory_alloc_zeroed(sizeof *peers);
    peers->env = env;
    peers->by_identity = hash_map_create(0);
    peers->by_number = hash_map_create(0);
    list_init(&peers->by_hearing);
    return peers;
}

static void peer_remove(struct frame_peers *peers, struct peer *peer)
{
    struct slice identity = slice_of(peer->identity, peer->identity_size);
    CHECK(hash_map_remove(peers->by_identity, identity) == peer);
    CHECK(hash_map_remove(peers->by_number, number_key(&peer->number)) == peer);
    list_remove(&peer->by_hearing);
    memory_free(peer);
}

static struct peer *peer_silent_longest(const struct frame_peers *peers)
{
    return LIST_ELEMENT(peers->by_hearing.next, struct peer, by_hearing);
}

void frame_peers_destroy(struct frame_peers *peers)
{
    if (peers == NULL)
        return;
    while (!list_is_empty(&peers->by_hearing))
        peer_remove(peers, peer_silent_longest(peers));
    hash_map_destroy(peers->by_identity);
    hash_map_destroy(peers->by_number);
    memory_free(peers);
}

static struct peer *peer_add(struct frame_peers *peers, struct slice identity)
{
    if (hash_map_count(peers->by_number) >= peers->env->options.peers_max)
        peer_remove(peers, peer_silent_longest(peers));

    CHECK(identity.size <= IDENTITY_SIZE_MAX);
    struct peer *peer = memory_alloc_zeroed(sizeof *peer);
    peer->number = env_peer_mint(peers->env);
    peer->identity_size = identity.size;
    memcpy(peer->identity, identity.bytes, identity.size);
    list_init(&peer->by_hearing);
    CHECK(hash_map_put(peers->by_identity, identity, peer) == NULL);
    CHECK(hash_map_put(peers->by_number, number_key(&peer->number), peer) == NULL);
    return peer;
}

uint64_t frame_peers_hear(struct frame_peers *peers, struct slice identity)
{
    struct peer *peer = hash_map_get(peers->by_identity, identity);
    if (peer == NULL)
        peer = peer_add(peers, identity);
    list_remove(&peer->by_hearing);
    list_append(&peers->by_hearing, &peer->by_hearing);
    return peer->number;
}

struct slice frame_peers_identity(const struct frame_peers *peers, uint64_t number)
{
    const struct peer *peer = hash_map_get(peers->by_number, number_key(&number));
    return peer != NULL ? slice_of(peer->identity, peer->identity_size) : slice_of(NULL, 0);
}

void frame_peers_forget(struct frame_peers *peers, uint64_t number)
{
    struct peer *peer = hash_map_get(peers->by_number, number_key(&number));
    if (peer != NULL)
        peer_remove(peers, peer);
}
