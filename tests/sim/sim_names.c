#include "tests/sim/sim_names.h"

#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/base/list.h"

#include <stdlib.h>
#include <string.h>

enum change_kind { CHANGE_LINK, CHANGE_UNLINK, CHANGE_RENAME };

struct change {
    struct list link;
    enum change_kind kind;
    char *path;
    char *to;              /* of a rename */
    struct sim_node *node; /* of a link */
};

struct sim_names {
    struct hash_map *present;
    struct hash_map *durable;
    struct list changes; /* not yet made to the durable names, in order */
};

void sim_node_keep(struct sim_node *node)
{
    node->reference_count++;
}

void sim_names_path(const char *path, char out_path[SIM_PATH_SIZE])
{
    size_t size = 0;
    if (path[0] == '/')
        out_path[size++] = '/';
    while (*path != '\0') {
        size_t part = strcspn(path, "/");
        bool is_empty = part == 0 || (part == 1 && path[0] == '.');
        CHECK(size + part + 2 < SIM_PATH_SIZE);
        if (!is_empty && size > 0 && out_path[size - 1] != '/')
            out_path[size++] = '/';
        if (!is_empty)
            memcpy(out_path + size, path, part);
        size += is_empty ? 0 : part;
        path += part + (path[part] == '/');
    }
    out_path[size] = '\0';
}

/* The size of the path of the directory that holds the name; the root's is 0, or 1 for "/". */
static size_t parent_size(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return 0;
    return slash == path ? 1 : (size_t)(slash - path);
}

static bool is_inside(const char *path, const char *directory)
{
    size_t size = parent_size(path);
    return size == strlen(directory) && memcmp(path, directory, size) == 0;
}

static void map_put(struct hash_map *map, const char *path, struct sim_node *node)
{
    sim_node_keep(node);
    struct sim_node *replaced = hash_map_put(map, slice_of_text(path), node);
    if (replaced != NULL)
        sim_node_release(replaced);
}

static void map_remove(struct hash_map *map, const char *path)
{
    struct sim_node *removed = hash_map_remove(map, slice_of_text(path));
    if (removed != NULL)
        sim_node_release(removed);
}

static void map_destroy(struct hash_map *map)
{
    size_t position = 0;
    for (struct sim_node *node; (node = hash_map_next(map, &position, NULL)) != NULL;)
        sim_node_release(node);
    hash_map_destroy(map);
}

static void change_apply(const struct change *change, struct hash_map *map)
{
    switch (change->kind) {
    case CHANGE_LINK:
        map_put(map, change->path, change->node);
        break;
    case CHANGE_UNLINK:
        map_remove(map, change->path);
        break;
    case CHANGE_RENAME: {
        struct sim_node *node = hash_map_get(map, slice_of_text(change->path));
        if (node != NULL)
            map_put(map, change->to, node);
        map_remove(map, change->path);
        break;
    }
    }
}

static void change_destroy(struct change *change)
{
    list_remove(&change->link);
    if (change->node != NULL)
        sim_node_release(change->node);
    memory_free(change->path);
    memory_free(change->to);
    memory_free(change);
}

/* Makes a change now, and remembers it for the durable names. */
static void change_add(struct sim_names *names, struct change made)
{
    struct change *change = memory_copy(&made, sizeof made);
    list_append(&names->changes, &change->link);
    change_apply(change, names->present);
}

static void change_commit(struct sim_names *names, struct change *change)
{
    change_apply(change, names->durable);
    change_destroy(change);
}

struct sim_names *sim_names_create(void)
{
    struct sim_names *names = memory_alloc_zeroed(sizeof *names);
    names->present = hash_map_create(0);
    names->durable = hash_map_create(0);
    list_init(&names->changes);
    return names;
}

void sim_names_destroy(struct sim_names *names)
{
    if (names == NULL)
        return;
    LIST_FOR_EACH (link, &names->changes)
        change_destroy(LIST_ELEMENT(link, struct change, link));
    map_destroy(names->present);
    map_destroy(names->durable);
    memory_free(names);
}

struct sim_node *sim_names_get(const struct sim_names *names, const char *path)
{
    return hash_map_get(names->present, slice_of_text(path));
}

static bool map_has_directory(const struct hash_map *map, struct slice path)
{
    if (path.size == 0 || slice_is_text(path, "/"))
        return true;
    const struct sim_node *node = hash_map_get(map, path);
    return node != NULL && node->is_directory;
}

bool sim_names_has_directory(const struct sim_names *names, const char *path)
{
    return map_has_directory(names->present, slice_of_text(path));
}

bool sim_names_has_parent(const struct sim_names *names, const char *path)
{
    return map_has_directory(names->present, slice_of(path, parent_size(path)));
}

void sim_names_link(struct sim_names *names, const char *path, struct sim_node *node)
{
    sim_node_keep(node);
    change_add(names,
               (struct change){.kind = CHANGE_LINK, .path = memory_copy_text(path), .node = node});
}

void sim_names_unlink(struct sim_names *names, const char *path)
{
    change_add(names, (struct change){.kind = CHANGE_UNLINK, .path = memory_copy_text(path)});
}

void sim_names_rename(struct sim_names *names, const char *from, const char *to)
{
    if (strcmp(from, to) == 0)
        return;
    change_add(names, (struct change){.kind = CHANGE_RENAME,
                                      .path = memory_copy_text(from),
                                      .to = memory_copy_text(to)});
}

static int text_compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

void sim_names_list(const struct sim_names *names, const char *directory, env_name_fn name_fn,
                    void *context)
{
    size_t count = 0;
    char **found = memory_alloc(hash_map_count(names->present) * sizeof(char *));
    size_t position = 0;
    struct slice key;
    while (hash_map_next(names->present, &position, &key) != NULL) {
        char path[SIM_PATH_SIZE] = {0};
        memcpy(path, key.bytes, key.size);
        const char *slash = strrchr(path, '/');
        if (is_inside(path, directory))
            found[count++] = memory_copy_text(slash == NULL ? path : slash + 1);
    }
    if (count > 0)
        qsort(found, count, sizeof(char *), text_compare);
    for (size_t i = 0; i < count; i++) {
        name_fn(context, found[i]);
        memory_free(found[i]);
    }
    memory_free(found);
}

static bool change_is_inside(const struct change *change, const char *directory)
{
    return is_inside(change->path, directory) ||
           (change->to != NULL && is_inside(change->to, directory));
}

/* A rename from directory to directory joins the two: all that came before it goes with it. */
static struct change *last_joining(struct sim_names *names, const char *directory)
{
    for (struct list *link = names->changes.previous; link != &names->changes;
         link = link->previous) {
        struct change *change = LIST_ELEMENT(link, struct change, link);
        if (change->kind == CHANGE_RENAME && change_is_inside(change, directory) &&
            !(is_inside(change->path, directory) && is_inside(change->to, directory)))
            return change;
    }
    return NULL;
}

void sim_names_sync(struct sim_names *names, const char *directory)
{
    const struct change *joining = last_joining(names, directory);
    bool commits_all = joining != NULL;
    LIST_FOR_EACH (link, &names->changes) {
        struct change *change = LIST_ELEMENT(link, struct change, link);
        bool is_joining = change == joining;
        if (commits_all || change_is_inside(change, directory))
            change_commit(names, change);
        commits_all = commits_all && !is_joining;
    }
}

/* A name whose directories did not survive cannot be reached. */
static bool is_reachable(const struct hash_map *map, struct slice path)
{
    for (size_t size = path.size; size > 0; size--)
        if (path.bytes[size - 1] == '/' &&
            !map_has_directory(map, slice_of(path.bytes, size > 1 ? size - 1 : 1)))
            return false;
    return true;
}

static struct hash_map *map_copy_reachable(const struct hash_map *map)
{
    struct hash_map *copy = hash_map_create(0);
    size_t position = 0;
    struct slice key;
    for (struct sim_node *node; (node = hash_map_next(map, &position, &key)) != NULL;) {
        if (!is_reachable(map, key))
            continue;
        sim_node_keep(node);
        CHECK(hash_map_put(copy, key, node) == NULL);
    }
    return copy;
}

void sim_names_cut_power(struct sim_names *names, struct random *random)
{
    enum { MODE_ALL_OLD = 0, MODE_ALL_NEW = 1, MODE_COUNT = 3 };
    uint64_t count = 0;
    LIST_FOR_EACH (link, &names->changes)
        count++;
    uint64_t mode = random_below(random, MODE_COUNT);
    uint64_t kept = random_below(random, count + 1);
    if (mode == MODE_ALL_OLD || mode == MODE_ALL_NEW)
        kept = mode == MODE_ALL_OLD ? 0 : count;
    LIST_FOR_EACH (link, &names->changes) {
        struct change *change = LIST_ELEMENT(link, struct change, link);
        if (kept > 0)
            change_apply(change, names->durable);
        kept -= kept > 0;
        change_destroy(change);
    }
    struct hash_map *durable = map_copy_reachable(names->durable);
    map_destroy(names->present);
    map_destroy(names->durable);
    names->durable = durable;
    names->present = map_copy_reachable(durable);
}
