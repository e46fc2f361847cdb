#include "router/api/legacy_projection.h"

#include "core/base/utf8.h"

#include <stdlib.h>

enum { NAME_ECHO_MAX = 255 };

static int by_name(const void *left, const void *right)
{
    return slice_compare(*(const struct slice *)left, *(const struct slice *)right);
}

/* A name that stands twice; NULL: there is none. */
static const struct slice *find_duplicate(struct arena *arena, const struct path *paths,
                                          uint32_t count)
{
    struct slice *names = arena_alloc(arena, count * sizeof *names);
    for (uint32_t i = 0; i < count; i++)
        names[i] = path_attribute(paths[i]);
    qsort(names, count, sizeof *names, by_name);
    for (uint32_t i = 1; i < count; i++)
        if (slice_is_equal(names[i - 1], names[i]))
            return &names[i];
    return NULL;
}

static enum status refuse_duplicate(struct api_call *call, struct slice name)
{
    struct slice echo = utf8_prefix(name, NAME_ECHO_MAX);
    return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                  "One or more parameter values were invalid: Duplicate value in "
                                  "attribute name: %.*s",
                                  (int)echo.size, (const char *)echo.bytes);
}

enum status legacy_projection_read(struct api_call *call, const struct json_node *names,
                                   struct projection *out_projection)
{
    struct path *paths = arena_alloc(call->arena, names->count * sizeof *paths);
    uint32_t count = 0;
    for (const struct json_node *node = names->first; node != NULL; node = node->next)
        if (node->kind == JSON_STRING)
            paths[count++] = path_of_attribute(call->arena, node->text);
    const struct slice *duplicate = find_duplicate(call->arena, paths, count);
    if (duplicate != NULL)
        return refuse_duplicate(call, *duplicate);
    *out_projection = (struct projection){.paths = paths, .count = count};
    return STATUS_OK;
}
