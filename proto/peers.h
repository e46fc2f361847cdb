/*
 * Peers: one RPC client per node, made when it is first needed.
 *
 * Ownership: the clients belong to the peers, and live until a node's address changes.
 */
#pragma once

#include "core/base/memory.h"
#include "core/catalog/records.h"
#include "proto/rpc_client.h"

struct env;
struct peers;

struct peers *peers_create(struct env *env, const char *own_name);
void peers_destroy(struct peers *peers);
DEFINE_CLEANUP(peers)

/* Not from inside the callback of a call. */
struct rpc_client *peers_client(struct peers *peers, const struct node_record *node);
