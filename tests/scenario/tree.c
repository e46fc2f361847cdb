#include "tests/scenario/tree.h"

#include "core/base/quantity.h"
#include "core/json/json_reader.h"
#include "core/json/json_writer.h"

#include <inttypes.h>

struct tree *tree_create(struct arena *arena, enum tree_kind kind)
{
    struct tree *tree = arena_alloc_zeroed(arena, sizeof *tree);
    tree->kind = kind;
    return tree;
}

struct tree *tree_of_text(struct arena *arena, enum tree_kind kind, struct slice text)
{
    struct tree *tree = tree_create(arena, kind);
    tree->text = arena_copy(arena, text);
    return tree;
}

struct tree *tree_of_count(struct arena *arena, uint64_t count)
{
    return tree_of_text(arena, TREE_NUMBER, slice_of_text(arena_format(arena, "%" PRIu64, count)));
}

struct tree *tree_share(struct arena *arena, const struct tree *tree)
{
    struct tree *shared = tree_create(arena, tree->kind);
    *shared = *tree;
    shared->name = (struct slice){0};
    shared->next = NULL;
    return shared;
}

void tree_add(struct tree *array, struct tree *element)
{
    if (array->last == NULL)
        array->first = element;
    else
        array->last->next = element;
    array->last = element;
    array->count++;
}

void tree_add_member(struct tree *object, struct slice name, struct tree *member)
{
    member->name = name;
    tree_add(object, member);
}

void tree_set(struct tree *object, const char *name, struct tree *member)
{
    struct tree *there = tree_find(object, slice_of_text(name));
    if (there == NULL) {
        tree_add_member(object, slice_of_text(name), member);
        return;
    }
    struct tree *next = there->next;
    *there = *member;
    there->name = slice_of_text(name);
    there->next = next;
}

struct tree *tree_find(const struct tree *tree, struct slice name)
{
    if (tree == NULL || tree->kind != TREE_OBJECT)
        return NULL;
    for (struct tree *member = tree->first; member != NULL; member = member->next)
        if (slice_is_equal(member->name, name))
            return member;
    return NULL;
}

static struct tree *element_at(const struct tree *array, struct slice number)
{
    uint64_t index;
    if (quantity_parse_number(number, &index) != STATUS_OK)
        return NULL;
    struct tree *element = array->first;
    while (element != NULL && index-- > 0)
        element = element->next;
    return element;
}

struct tree *tree_at(const struct tree *tree, struct slice path)
{
    struct tree *found = NULL;
    while (path.size > 0 && tree != NULL) {
        const uint8_t *dot = memchr(path.bytes, '.', path.size);
        size_t size = dot != NULL ? (size_t)(dot - path.bytes) : path.size;
        struct slice step = slice_of(path.bytes, size);
        found = tree->kind == TREE_ARRAY ? element_at(tree, step) : tree_find(tree, step);
        if (found == NULL)
            return NULL;
        tree = found;
        path = slice_skip(path, dot != NULL ? size + 1 : size);
    }
    return found;
}

uint64_t tree_count(const struct tree *tree)
{
    uint64_t count;
    bool is_count = tree != NULL && quantity_parse_number(tree->text, &count) == STATUS_OK;
    return is_count ? count : 0;
}

/* --- JSON ------------------------------------------------------------------------------------ */

enum { DEPTH_MAX = JSON_DEPTH_MAX + 1 };

struct parsing {
    struct arena *arena;
    struct tree *open[DEPTH_MAX]; /* [0] holds the document */
    size_t depth;
    struct slice name;
};

static struct tree *add(struct parsing *parsing, enum tree_kind kind, struct slice text)
{
    struct tree *tree = tree_of_text(parsing->arena, kind, text);
    tree_add_member(parsing->open[parsing->depth], parsing->name, tree);
    parsing->name = (struct slice){0};
    return tree;
}

static void open(struct parsing *parsing, enum tree_kind kind)
{
    struct tree *tree = add(parsing, kind, (struct slice){0});
    parsing->open[++parsing->depth] = tree;
}

static enum status on_event(void *context, enum json_event event, struct slice text)
{
    struct parsing *parsing = context;
    switch (event) {
    case JSON_EVENT_NULL:
        add(parsing, TREE_NULL, text);
        break;
    case JSON_EVENT_FALSE:
        add(parsing, TREE_FALSE, text);
        break;
    case JSON_EVENT_TRUE:
        add(parsing, TREE_TRUE, text);
        break;
    case JSON_EVENT_NUMBER:
        add(parsing, TREE_NUMBER, text);
        break;
    case JSON_EVENT_STRING:
        add(parsing, TREE_STRING, text);
        break;
    case JSON_EVENT_ARRAY_START:
        open(parsing, TREE_ARRAY);
        break;
    case JSON_EVENT_OBJECT_START:
        open(parsing, TREE_OBJECT);
        break;
    case JSON_EVENT_NAME:
        parsing->name = arena_copy(parsing->arena, text);
        break;
    case JSON_EVENT_ARRAY_END:
    case JSON_EVENT_OBJECT_END:
        parsing->depth--;
        break;
    }
    return STATUS_OK;
}

enum status tree_parse(struct arena *arena, struct slice json, struct tree **out)
{
    OWNED(json_reader) reader = json_reader_create();
    struct parsing parsing = {.arena = arena, .open = {tree_create(arena, TREE_ARRAY)}};
    TRY(json_reader_read(reader, json, &parsing, on_event));
    *out = parsing.open[0]->first;
    return STATUS_OK;
}

static void write_children(const struct tree *tree, struct buffer *out)
{
    for (const struct tree *child = tree->first; child != NULL; child = child->next) {
        if (child != tree->first)
            buffer_append_text(out, ",");
        if (tree->kind == TREE_OBJECT) {
            json_append_string(out, child->name);
            buffer_append_text(out, ":");
        }
        tree_write(child, out);
    }
}

void tree_write(const struct tree *tree, struct buffer *out)
{
    switch (tree->kind) {
    case TREE_NULL:
        buffer_append_text(out, "null");
        break;
    case TREE_FALSE:
        buffer_append_text(out, "false");
        break;
    case TREE_TRUE:
        buffer_append_text(out, "true");
        break;
    case TREE_NUMBER:
        buffer_append(out, tree->text);
        break;
    case TREE_STRING:
        json_append_string(out, tree->text);
        break;
    case TREE_ARRAY:
        buffer_append_text(out, "[");
        write_children(tree, out);
        buffer_append_text(out, "]");
        break;
    case TREE_OBJECT:
        buffer_append_text(out, "{");
        write_children(tree, out);
        buffer_append_text(out, "}");
        break;
    case TREE_ANY:
        buffer_append_text(out, "any");
        break;
    case TREE_ABSENT:
        buffer_append_text(out, "absent");
        break;
    }
}
