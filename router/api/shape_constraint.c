#include "router/api/shape.h"

#include "core/base/buffer.h"
#include "core/base/utf8.h"

#include <ctype.h>
#include <inttypes.h>

enum {
    FAULT_COUNT_MAX = 10, /* DynamoDB tells so many */
    ECHO_SIZE_MAX = 4096, /* of one value, where DynamoDB would repeat all of it */
};

/* Where a value stands: a member, a map's value of that name, or the element of that number. */
struct place {
    const struct place *parent;
    const struct shape_member *member; /* NULL: an element or a map's value */
    struct slice name;                 /* of a map's value; without bytes: an element */
    size_t number;                     /* of an element, from 1 on */
};

struct faults {
    struct buffer text;
    size_t count;
};

/* --- What is said of a violation ------------------------------------------------------------- */

/* Java spells members with a small first letter. */
static void append_member_name(struct buffer *buffer, struct slice name)
{
    buffer_append_u8(buffer, (uint8_t)tolower(name.bytes[0]));
    buffer_append(buffer, slice_skip(name, 1));
}

/* keySchema.1.member.keyType, or expected.a.member.exists */
static void append_place(struct buffer *buffer, const struct place *place)
{
    if (place->parent != NULL) {
        append_place(buffer, place->parent);
        buffer_append_u8(buffer, '.');
    }
    if (place->member != NULL) {
        append_member_name(buffer, place->member->name);
    } else if (place->name.bytes != NULL) {
        buffer_append(buffer, utf8_prefix(place->name, ECHO_SIZE_MAX));
        buffer_append_text(buffer, ".member");
    } else {
        buffer_append_format(buffer, "%zu.member", place->number);
    }
}

static void append_value(struct buffer *buffer, const struct shape *shape,
                         const struct json_node *node);

/* KeySchemaElement(attributeName=a, keyType=HASH) */
static void append_structure(struct buffer *buffer, const struct shape *shape,
                             const struct json_node *node)
{
    const struct json_node *nodes[SHAPE_MEMBER_COUNT_MAX];
    shape_find_members(shape, node, nodes);
    buffer_append_text(buffer, shape->class_name);
    for (size_t i = 0; i < shape->member_count; i++) {
        buffer_append_text(buffer, i == 0 ? "(" : ", ");
        append_member_name(buffer, shape->members[i].name);
        buffer_append_u8(buffer, '=');
        append_value(buffer, shape->members[i].shape, nodes[i]);
    }
    buffer_append_u8(buffer, ')');
}

static void append_list(struct buffer *buffer, const struct shape *shape,
                        const struct json_node *node)
{
    size_t start = buffer->size;
    buffer_append_u8(buffer, '[');
    for (const struct json_node *child = node->first; child != NULL; child = child->next) {
        if (child != node->first)
            buffer_append_text(buffer, ", ");
        if (buffer->size - start > ECHO_SIZE_MAX)
            break;
        if (shape->element != NULL)
            append_value(buffer, shape->element, child);
    }
    buffer_append_u8(buffer, ']');
}

/* {a=[...], b=[...]} */
static void append_map(struct buffer *buffer, const struct shape *shape,
                       const struct json_node *node)
{
    size_t start = buffer->size;
    buffer_append_u8(buffer, '{');
    for (const struct json_node *child = node->first; child != NULL; child = child->next) {
        if (child != node->first)
            buffer_append_text(buffer, ", ");
        if (buffer->size - start > ECHO_SIZE_MAX)
            break;
        buffer_append(buffer, utf8_prefix(child->name, ECHO_SIZE_MAX));
        buffer_append_u8(buffer, '=');
        append_value(buffer, shape->element, child);
    }
    buffer_append_u8(buffer, '}');
}

static bool is_map(const struct shape *shape)
{
    return shape->type == JSON_TARGET_STRUCTURE && shape->element != NULL;
}

/* As Java's toString has it. */
static void append_value(struct buffer *buffer, const struct shape *shape,
                         const struct json_node *node)
{
    if (node == NULL || node->kind == JSON_NULL)
        buffer_append_text(buffer, "null");
    else if (node->kind == JSON_STRING || node->kind == JSON_NUMBER)
        buffer_append(buffer, utf8_prefix(node->text, ECHO_SIZE_MAX));
    else if (node->kind == JSON_TRUE || node->kind == JSON_FALSE)
        buffer_append_text(buffer, node->kind == JSON_TRUE ? "true" : "false");
    else if (node->kind == JSON_ARRAY)
        append_list(buffer, shape, node);
    else if (node->kind == JSON_OBJECT && shape->class_name != NULL)
        append_structure(buffer, shape, node);
    else if (node->kind == JSON_OBJECT && is_map(shape))
        append_map(buffer, shape, node);
    else
        buffer_append_text(buffer, "{}");
}

/* "Value 'x' at 'y' failed to satisfy constraint: "; false when enough has been said. */
static bool begin_fault(struct faults *faults, const struct shape *shape,
                        const struct json_node *node, const struct place *place)
{
    if (faults->count == FAULT_COUNT_MAX)
        return false;
    if (faults->count++ > 0)
        buffer_append_text(&faults->text, "; ");
    buffer_append_text(&faults->text, "Value ");
    if (node != NULL)
        buffer_append_u8(&faults->text, '\'');
    append_value(&faults->text, shape, node);
    buffer_append_text(&faults->text, node != NULL ? "' at '" : " at '");
    append_place(&faults->text, place);
    buffer_append_text(&faults->text, "' failed to satisfy constraint: ");
    return true;
}

/* --- What is checked ------------------------------------------------------------------------- */

static void check_pattern(struct faults *faults, const struct shape *shape,
                          const struct json_node *node, const struct place *place)
{
    if (!shape_is_in_pattern(shape->pattern, node->text) && begin_fault(faults, shape, node, place))
        buffer_append_text(&faults->text,
                           "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
}

static bool is_one_of(struct slice text, const char *const *values)
{
    for (; *values != NULL; values++)
        if (slice_is_text(text, *values))
            return true;
    return false;
}

static void check_enum(struct faults *faults, const struct shape *shape,
                       const struct json_node *node, const struct place *place)
{
    if (shape->values == NULL || is_one_of(node->text, shape->values))
        return;
    if (!begin_fault(faults, shape, node, place))
        return;
    buffer_append_text(&faults->text, "Member must satisfy enum value set: [");
    for (const char *const *value = shape->values; *value != NULL; value++) {
        buffer_append_text(&faults->text, value == shape->values ? "" : ", ");
        buffer_append_text(&faults->text, *value);
    }
    buffer_append_u8(&faults->text, ']');
}

static int64_t character_count(struct slice text)
{
    int64_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += (text.bytes[i] & 0xc0) != 0x80;
    return count;
}

static void check_bounds(struct faults *faults, const struct shape *shape,
                         const struct json_node *node, const struct place *place)
{
    if (!shape->has_min && !shape->has_max)
        return;
    bool is_number = node->kind == JSON_NUMBER;
    int64_t measure = is_number                   ? shape_integer(node)
                      : node->kind == JSON_STRING ? character_count(node->text)
                                                  : (int64_t)node->count;
    const char *what = is_number ? "value" : "length";
    if (shape->has_min && measure < shape->min && begin_fault(faults, shape, node, place))
        buffer_append_format(&faults->text, "Member must have %s greater than or equal to %" PRId64,
                             what, shape->min);
    if (shape->has_max && measure > shape->max && begin_fault(faults, shape, node, place))
        buffer_append_format(&faults->text, "Member must have %s less than or equal to %" PRId64,
                             what, shape->max);
}

/* --- Maps: bounds of their keys, and of their values' lengths, are told of the whole map -------
 */

static int64_t length_of(const struct json_node *node)
{
    return node->kind == JSON_STRING ? character_count(node->text) : (int64_t)node->count;
}

static bool is_within(const struct shape *shape, int64_t length)
{
    return (!shape->has_min || length >= shape->min) && (!shape->has_max || length <= shape->max);
}

static void append_bounds(struct buffer *buffer, const struct shape *shape)
{
    const char *separator = "";
    buffer_append_u8(buffer, '[');
    if (shape->has_max) {
        buffer_append_format(buffer, "Member must have length less than or equal to %" PRId64,
                             shape->max);
        separator = ", ";
    }
    if (shape->has_min) {
        buffer_append_format(buffer, "%sMember must have length greater than or equal to %" PRId64,
                             separator, shape->min);
        separator = ", ";
    }
    if (shape->pattern != SHAPE_PATTERN_NONE)
        buffer_append_format(
            buffer, "%sMember must satisfy regular expression pattern: [a-zA-Z0-9_.-]+", separator);
    buffer_append_u8(buffer, ']');
}

static bool is_arn(struct slice text)
{
    return slice_has_prefix(text, slice_of_text("arn:"));
}

static bool is_key(const struct shape *shape, struct slice name)
{
    return (shape->may_be_arn && is_arn(name)) ||
           (is_within(shape, character_count(name)) && shape_is_in_pattern(shape->pattern, name));
}

static void check_keys(struct faults *faults, const struct shape *shape,
                       const struct json_node *node, const struct place *place)
{
    const struct json_node *child = node->first;
    while (child != NULL && is_key(shape->key, child->name))
        child = child->next;
    if (child == NULL || !begin_fault(faults, shape, node, place))
        return;
    buffer_append_text(&faults->text, "Map keys must satisfy constraint: ");
    append_bounds(&faults->text, shape->key);
}

static void check_lengths(struct faults *faults, const struct shape *shape,
                          const struct json_node *node, const struct place *place)
{
    const struct json_node *child = node->first;
    while (child != NULL &&
           (child->kind == JSON_NULL || is_within(shape->element, length_of(child))))
        child = child->next;
    if (child == NULL || !begin_fault(faults, shape, node, place))
        return;
    buffer_append_text(&faults->text, "Map value must satisfy constraint: ");
    append_bounds(&faults->text, shape->element);
}

static void check_inside(struct faults *faults, const struct shape *shape,
                         const struct json_node *node, const struct place *place);

static void check_map(struct faults *faults, const struct shape *shape,
                      const struct json_node *node, const struct place *place)
{
    if (shape->key != NULL)
        check_keys(faults, shape, node, place);
    check_lengths(faults, shape, node, place);
    struct place child_place = {.parent = place};
    for (const struct json_node *child = node->first; child != NULL; child = child->next) {
        child_place.name = child->name;
        if (child->kind != JSON_NULL)
            check_inside(faults, shape->element, child, &child_place);
        if (faults->count == FAULT_COUNT_MAX)
            return;
    }
}

/* --- Structures and lists -------------------------------------------------------------------- */

static void check_structure(struct faults *faults, const struct shape *shape,
                            const struct json_node *const *nodes, const struct place *parent);
static void check_node(struct faults *faults, const struct shape *shape,
                       const struct json_node *node, const struct place *place)
{
    if (shape->may_be_arn && is_arn(node->text))
        return;
    if (node->kind == JSON_STRING)
        check_pattern(faults, shape, node, place);
    check_bounds(faults, shape, node, place);
    if (node->kind == JSON_STRING)
        check_enum(faults, shape, node, place);
    check_inside(faults, shape, node, place);
}

/* What a structure, map or list holds. */
static void check_inside(struct faults *faults, const struct shape *shape,
                         const struct json_node *node, const struct place *place)
{
    if (is_map(shape))
        check_map(faults, shape, node, place);
    if (shape->type == JSON_TARGET_STRUCTURE && shape->member_count > 0) {
        const struct json_node *nodes[SHAPE_MEMBER_COUNT_MAX];
        shape_find_members(shape, node, nodes);
        check_structure(faults, shape, nodes, place);
    }
    if (shape->type != JSON_TARGET_LIST || shape->element == NULL)
        return;
    struct place child_place = {.parent = place};
    for (const struct json_node *child = node->first; child != NULL; child = child->next) {
        child_place.number++;
        if (child->kind != JSON_NULL)
            check_node(faults, shape->element, child, &child_place);
        if (faults->count == FAULT_COUNT_MAX)
            return;
    }
}

static void check_structure(struct faults *faults, const struct shape *shape,
                            const struct json_node *const *nodes, const struct place *parent)
{
    for (size_t i = 0; i < shape->member_count; i++) {
        const struct shape_member *member = &shape->members[i];
        struct place place = {.parent = parent, .member = member};
        if (nodes[i] != NULL)
            check_node(faults, member->shape, nodes[i], &place);
        else if (member->is_required && begin_fault(faults, member->shape, NULL, &place))
            buffer_append_text(&faults->text, "Member must not be null");
    }
}

enum status shape_check_constraints(const struct shape *shape, const struct json_node *const *nodes,
                                    struct arena *arena, struct slice *out_message)
{
    struct faults faults = {.count = 0};
    check_structure(&faults, shape, nodes, NULL);
    if (faults.count == 0)
        return STATUS_OK;
    SCOPED(buffer) message;
    buffer_init(&message);
    buffer_append_format(&message, "%zu validation error%s detected: ", faults.count,
                         faults.count == 1 ? "" : "s");
    buffer_append(&message, buffer_slice(&faults.text));
    buffer_deinit(&faults.text);
    *out_message = arena_copy(arena, buffer_slice(&message));
    return STATUS_INVALID;
}

bool shape_is_in_pattern(enum shape_pattern pattern, struct slice text)
{
    if (pattern == SHAPE_PATTERN_NONE)
        return true;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.bytes[i];
        bool is_letter_or_digit = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                                  (byte >= '0' && byte <= '9');
        if (!is_letter_or_digit && byte != '_' && byte != '.' && byte != '-')
            return false;
    }
    return text.size > 0;
}
