#include "core/expression/node_list.h"

#include <string.h>

enum { FIRST_CAPACITY = 4 };

static void grow(struct node_list *list, struct arena *arena, size_t size)
{
    uint32_t capacity = list->capacity == 0 ? FIRST_CAPACITY : 2 * list->capacity;
    void *nodes = arena_alloc(arena, capacity * size);
    if (list->count > 0)
        memcpy(nodes, list->nodes, list->count * size);
    list->nodes = nodes;
    list->capacity = capacity;
}

void node_list_add(struct node_list *list, struct arena *arena, const void *node, size_t size)
{
    if (list->count == list->capacity)
        grow(list, arena, size);
    memcpy((char *)list->nodes + list->count * size, node, size);
    list->count++;
}
