#include "proto/peers.h"

#include "core/base/hash_map.h"

#include <string.h>

struct peer {
    char *address;
    struct rpc_client *client;
    struct peer *next_left;
};

struct peers {
    struct env *env;
    char *own_name;
    struct hash_map *by_id;
    struct peer *left; /* for an address of old; until their calls are answered */
};

struct peers *peers_create(struct env *env, const char *own_name)
{
    struct peers *peers = memory_alloc_zeroed(sizeof *peers);
    peers->env = env;
    peers->own_name = memory_copy_text(own_name);
    peers->by_id = hash_map_create(0);
    return peers;
}

static void peer_free(struct peer *peer)
{
    rpc_client_destroy(peer->client);
    memory_free(peer->address);
    memory_free(peer);
}

/* Frees those that were left: all, or only those without calls. */
static void peers_sweep(struct peers *peers, bool spares_calls)
{
    struct peer **place = &peers->left;
    while (*place != NULL) {
        struct peer *peer = *place;
        if (spares_calls && rpc_client_call_count(peer->client) > 0) {
            place = &peer->next_left;
            continue;
        }
        *place = peer->next_left;
        peer_free(peer);
    }
}

void peers_destroy(struct peers *peers)
{
    if (peers == NULL)
        return;
    size_t position = 0;
    struct peer *peer;
    while ((peer = hash_map_next(peers->by_id, &position, NULL)) != NULL)
        peer_free(peer);
    peers_sweep(peers, false);
    hash_map_destroy(peers->by_id);
    memory_free(peers->own_name);
    memory_free(peers);
}

static char *text_of(struct slice slice)
{
    char *text = memory_alloc(slice.size + 1);
    if (slice.size > 0)
        memcpy(text, slice.bytes, slice.size);
    text[slice.size] = '\0';
    return text;
}

struct rpc_client *peers_client(struct peers *peers, const struct node_record *node)
{
    struct slice key = slice_of(&node->id, sizeof node->id);
    struct peer *peer = hash_map_get(peers->by_id, key);
    if (peer != NULL && slice_is_text(node->address, peer->address))
        return peer->client;
    if (peer != NULL) {
        hash_map_remove(peers->by_id, key);
        peer->next_left = peers->left;
        peers->left = peer;
    }
    peers_sweep(peers, true);
    peer = memory_alloc_zeroed(sizeof *peer);
    peer->address = text_of(node->address);
    char *name = text_of(node->name);
    peer->client = rpc_client_create(peers->env, peer->address, name, peers->own_name);
    memory_free(name);
    hash_map_put(peers->by_id, key, peer);
    return peer->client;
}
