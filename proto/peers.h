/*
 * Peers: one RPC client per node, made when it is first needed.
 *
 * Ownership: the clients belong to the peers. One for an address that has changed lives until its
 *            calls are answered.
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

/* The client holds until the next call of this function. */
struct rpc_client *peers_client(struct peers *peers, const struct node_record *node);
