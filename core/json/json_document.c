#include "core/json/json_document.h"

#include "core/base/check.h"

#include <stdlib.h>

/* Up to so many members are compared each with each; more are sorted. */
enum { PAIRWISE_COUNT_MAX = 12 };

const struct json_node *json_node_find(const struct json_node *node, const char *name)
{
    if (node->kind != JSON_OBJECT)
        return NULL;
    for (const struct json_node *member = node->first; member != NULL; member = member->next)
        if (slice_is_text(member->name, name))
            return member->kind == JSON_NULL ? NULL : member;
    return NULL;
}

struct value json_node_value(const struct json_node *node)
{
    CHECK(node->kind == JSON_VALUE);
    CHECK(node->text.size > 0);
    return (struct value){
        .type = (enum value_type)node->text.bytes[0],
        .payload = slice_skip(node->text, 1),
    };
}

static bool has_equal_pair(const struct json_node *first)
{
    for (const struct json_node *left = first; left != NULL; left = left->next)
        for (const struct json_node *right = left->next; right != NULL; right = right->next)
            if (slice_is_equal(left->name, right->name))
                return true;
    return false;
}

static int compare_names(const void *left, const void *right)
{
    return slice_compare(*(const struct slice *)left, *(const struct slice *)right);
}

bool json_node_has_duplicates(const struct json_node *node, struct arena *arena)
{
    if (node->count <= PAIRWISE_COUNT_MAX)
        return has_equal_pair(node->first);

    struct slice *names = arena_alloc(arena, node->count * sizeof *names);
    size_t count = 0;
    for (const struct json_node *member = node->first; member != NULL; member = member->next)
        names[count++] = member->name;
    qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 1; i < count; i++)
        if (slice_is_equal(names[i - 1], names[i]))
            return true;
    return false;
}

struct slice json_source_keep(struct json_source source, struct slice text)
{
    uintptr_t start = (uintptr_t)source.body.bytes;
    uintptr_t at = (uintptr_t)text.bytes;
    bool is_inside = at >= start && at - start <= source.body.size;
    return is_inside ? text : arena_copy(source.arena, text);
}
