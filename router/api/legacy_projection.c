#include "router/api/legacy_projection.h"

#include "core/base/hash_map.h"

enum { NAME_ECHO_MAX = 255 };

static enum status refuse_duplicate(struct api_call *call, struct slice name)
{
    size_t size = name.size < NAME_ECHO_MAX ? name.size : NAME_ECHO_MAX;
    return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                  "One or more parameter values were invalid: Duplicate value in "
                                  "attribute name: %.*s",
                                  (int)size, (const char *)name.bytes);
}

enum status legacy_projection_read(struct api_call *call, const struct json_node *names,
                                   struct projection *out_projection)
{
    OWNED(hash_map) seen = hash_map_create(env_random_u64(call->backend->env));
    struct path *paths = arena_alloc(call->arena, names->count * sizeof *paths);
    uint32_t count = 0;
    for (const struct json_node *node = names->first; node != NULL; node = node->next) {
        if (node->kind != JSON_STRING)
            continue;
        paths[count] = path_of_attribute(call->arena, node->text);
        if (hash_map_put(seen, node->text, &paths[count]) != NULL)
            return refuse_duplicate(call, node->text);
        count++;
    }
    *out_projection = (struct projection){.paths = paths, .count = count};
    return STATUS_OK;
}
