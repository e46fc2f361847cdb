/*
 * Identity: who a node is, as its data directory remembers.
 *
 * The instance number is made with the directory; the node's id is minted by the catalog for it. An
 * empty disk thus is a new node: no Raft group can be voted in twice under one id.
 */
#pragma once

#include "core/base/status.h"

#include <stdint.h>

struct env;

struct identity {
    uint64_t instance;
    uint64_t node_id;      /* 0: not yet known */
    uint32_t tablet_count; /* of the ring; 0: not yet known */
};

/* Reads DIRECTORY/identity, or makes it. STATUS_CORRUPT when it cannot be read. Blocks. */
MUST_USE enum status identity_load(struct env *env, const char *directory,
                                   struct identity *out_identity);

/* Durable when it returns. Blocks. */
MUST_USE enum status identity_save(struct env *env, const char *directory,
                                   const struct identity *identity);
