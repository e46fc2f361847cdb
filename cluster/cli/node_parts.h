/*
 * Node parts: a node of this process with its engine on LevelDB, as `dev` and `node` both start it.
 */
#pragma once

#include "core/base/status.h"
#include "node/node.h"

#include <stdbool.h>
#include <stddef.h>

enum { BLOCK_CACHE_BYTES_DEFAULT = 16 << 20 };

/* Of the engine; zero takes the default. */
struct node_storage {
    size_t block_cache_bytes;
    bool is_compressed;
};

/*
 * Fills in the engine, opened in `options->data_path`/engine, and creates the node. A message for
 * people goes to stderr on failure.
 */
MUST_USE enum status node_parts_create(struct node_options *options,
                                       const struct node_storage *storage, struct node **out_node);
