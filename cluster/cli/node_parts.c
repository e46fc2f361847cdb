#include "cluster/cli/node_parts.h"

#include "core/env/env.h"
#include "node/engine/engine_leveldb.h"

#include <stdio.h>

enum { PATH_SIZE = 4096 };

static enum status engine_open(const struct node_options *options,
                               const struct node_storage *storage, struct engine **out_engine)
{
    char path[PATH_SIZE];
    int size = snprintf(path, sizeof path, "%s/engine", options->data_path);
    if (size < 0 || size >= PATH_SIZE)
        return STATUS_TOO_LARGE;
    TRY(env_directory_create(options->env, path));
    struct engine_leveldb_options engine_options = {
        .path = path,
        .block_cache_size =
            storage->block_cache_bytes > 0 ? storage->block_cache_bytes : BLOCK_CACHE_BYTES_DEFAULT,
        .is_compressed = storage->is_compressed,
    };
    return engine_leveldb_open(options->env, &engine_options, out_engine);
}

static const char *advice(enum status status)
{
    switch (status) {
    case STATUS_BUSY:
        return " (another process uses its data directory)";
    case STATUS_EXISTS:
        return " (its address is in use)";
    case STATUS_CORRUPT:
        return " (its data is damaged: replace the node, with an empty data directory)";
    default:
        return "";
    }
}

enum status node_parts_create(struct node_options *options, const struct node_storage *storage,
                              struct node **out_node)
{
    enum status status = env_directory_create(options->env, options->data_path);
    if (status == STATUS_OK)
        status = env_directory_lock(options->env, options->data_path);
    if (status == STATUS_OK)
        status = engine_open(options, storage, &options->engine);
    if (status == STATUS_OK)
        status = node_create(options, out_node);
    if (status != STATUS_OK)
        fprintf(stderr, "graticule: node %s (%s) cannot start: %s%s\n", options->name,
                options->data_path, status_text(status), advice(status));
    return status;
}
