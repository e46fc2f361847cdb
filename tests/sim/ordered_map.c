#include "tests/sim/ordered_map.h"

#include "core/base/random.h"

enum { HEIGHT_MAX = 16 };

struct node {
    struct slice key;
    uint8_t *value;
    size_t value_size;
    unsigned height;
    struct node *next[];
};

struct ordered_map {
    struct node *head; /* of no key, before all */
    struct random random;
    size_t count;
    size_t bytes;
};

static struct node *create_node(struct slice key, unsigned height)
{
    struct node *node = memory_alloc_zeroed(sizeof *node + height * sizeof(struct node *));
    node->key = slice_of(memory_copy(key.bytes, key.size), key.size);
    node->height = height;
    return node;
}

static void destroy_node(struct node *node)
{
    memory_free((void *)node->key.bytes);
    memory_free(node->value);
    memory_free(node);
}

struct ordered_map *ordered_map_create(void)
{
    struct ordered_map *map = memory_alloc_zeroed(sizeof *map);
    map->head = create_node((struct slice){0}, HEIGHT_MAX);
    return map;
}

void ordered_map_destroy(struct ordered_map *map)
{
    if (map == NULL)
        return;
    struct node *next;
    for (struct node *node = map->head; node != NULL; node = next) {
        next = node->next[0];
        destroy_node(node);
    }
    memory_free(map);
}

size_t ordered_map_count(const struct ordered_map *map)
{
    return map->count;
}

size_t ordered_map_bytes(const struct ordered_map *map)
{
    return map->bytes;
}

/* The last node below `key`, and those before it on each level. */
static struct node *find_below(const struct ordered_map *map, struct slice key,
                               struct node *previous[HEIGHT_MAX])
{
    struct node *node = map->head;
    for (unsigned level = HEIGHT_MAX; level-- > 0;) {
        while (node->next[level] != NULL && slice_compare(node->next[level]->key, key) < 0)
            node = node->next[level];
        previous[level] = node;
    }
    return node;
}

static unsigned draw_height(struct ordered_map *map)
{
    unsigned height = 1;
    while (height < HEIGHT_MAX && random_one_in(&map->random, 4))
        height++;
    return height;
}

static struct node *insert(struct ordered_map *map, struct slice key,
                           struct node *previous[HEIGHT_MAX])
{
    struct node *node = create_node(key, draw_height(map));
    for (unsigned level = 0; level < node->height; level++) {
        node->next[level] = previous[level]->next[level];
        previous[level]->next[level] = node;
    }
    map->count++;
    map->bytes += key.size;
    return node;
}

static bool is_at(const struct node *node, struct slice key)
{
    return node != NULL && slice_is_equal(node->key, key);
}

void ordered_map_put(struct ordered_map *map, struct slice key, struct slice value)
{
    struct node *previous[HEIGHT_MAX];
    struct node *node = find_below(map, key, previous)->next[0];
    if (!is_at(node, key))
        node = insert(map, key, previous);

    /* One byte more, so that an empty value is somewhere too. */
    uint8_t *copy = memory_alloc(value.size + 1);
    if (value.size > 0)
        memcpy(copy, value.bytes, value.size);
    map->bytes += value.size - node->value_size;
    memory_free(node->value);
    node->value = copy;
    node->value_size = value.size;
}

void ordered_map_remove(struct ordered_map *map, struct slice key)
{
    struct node *previous[HEIGHT_MAX];
    struct node *node = find_below(map, key, previous)->next[0];
    if (!is_at(node, key))
        return;
    for (unsigned level = 0; level < node->height; level++)
        previous[level]->next[level] = node->next[level];
    map->count--;
    map->bytes -= node->key.size + node->value_size;
    destroy_node(node);
}

static bool show(const struct node *node, struct ordered_entry *out_entry)
{
    if (node == NULL)
        return false;
    *out_entry =
        (struct ordered_entry){.key = node->key, .value = slice_of(node->value, node->value_size)};
    return true;
}

bool ordered_map_get(const struct ordered_map *map, struct slice key, struct slice *out_value)
{
    struct node *previous[HEIGHT_MAX];
    const struct node *node = find_below(map, key, previous)->next[0];
    if (!is_at(node, key))
        return false;
    *out_value = slice_of(node->value, node->value_size);
    return true;
}

bool ordered_map_at_least(const struct ordered_map *map, struct slice key,
                          struct ordered_entry *out_entry)
{
    struct node *previous[HEIGHT_MAX];
    return show(find_below(map, key, previous)->next[0], out_entry);
}

bool ordered_map_above(const struct ordered_map *map, struct slice key,
                       struct ordered_entry *out_entry)
{
    struct node *previous[HEIGHT_MAX];
    const struct node *node = find_below(map, key, previous)->next[0];
    return show(is_at(node, key) ? node->next[0] : node, out_entry);
}

static struct node *find_last(const struct ordered_map *map)
{
    struct node *node = map->head;
    for (unsigned level = HEIGHT_MAX; level-- > 0;) {
        while (node->next[level] != NULL)
            node = node->next[level];
    }
    return node;
}

bool ordered_map_below(const struct ordered_map *map, struct slice key,
                       struct ordered_entry *out_entry)
{
    struct node *previous[HEIGHT_MAX];
    const struct node *node = key.size == 0 ? find_last(map) : find_below(map, key, previous);
    return show(node == map->head ? NULL : node, out_entry);
}
