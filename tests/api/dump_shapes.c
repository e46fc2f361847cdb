/*
 * Prints what this program takes of the API, as JSON: the shape of each served operation's request,
 * and the names of those known and not served. For compare_shapes.py and coverage.py.
 */
#include "core/json/json_writer.h"
#include "router/api/operation.h"

#include <stdio.h>

static const char *type_name(enum json_target type)
{
    switch (type) {
    case JSON_TARGET_STRING:
        return "string";
    case JSON_TARGET_BOOLEAN:
        return "boolean";
    case JSON_TARGET_INTEGER:
        return "integer";
    case JSON_TARGET_LONG:
        return "long";
    case JSON_TARGET_BLOB:
        return "blob";
    case JSON_TARGET_LIST:
        return "list";
    case JSON_TARGET_STRING_MAP:
        return "string map";
    case JSON_TARGET_ITEM:
        return "item";
    case JSON_TARGET_ATTRIBUTE_VALUE:
        return "attribute value";
    case JSON_TARGET_STRUCTURE:
        return "structure";
    }
    return "unknown";
}

static void write_text(struct json_writer *writer, const char *name, const char *text)
{
    json_writer_name(writer, slice_of_text(name));
    json_writer_string(writer, slice_of_text(text));
}

static void write_bool(struct json_writer *writer, const char *name, bool value)
{
    json_writer_name(writer, slice_of_text(name));
    json_writer_bool(writer, value);
}

static void write_bound(struct json_writer *writer, const char *name, bool has, int64_t bound)
{
    if (!has)
        return;
    json_writer_name(writer, slice_of_text(name));
    json_writer_integer(writer, bound);
}

static void write_values(struct json_writer *writer, const char *const *values)
{
    if (values == NULL)
        return;
    json_writer_name(writer, slice_of_text("enum"));
    json_writer_array_start(writer);
    for (; *values != NULL; values++)
        json_writer_string(writer, slice_of_text(*values));
    json_writer_array_end(writer);
}

/* Goes as deep as shapes do. */
static void write_shape(struct json_writer *writer, const struct shape *shape);

static void write_members(struct json_writer *writer, const struct shape *shape)
{
    json_writer_name(writer, slice_of_text("members"));
    json_writer_array_start(writer);
    for (size_t i = 0; i < shape->member_count; i++) {
        const struct shape_member *member = &shape->members[i];
        json_writer_object_start(writer);
        json_writer_name(writer, slice_of_text("name"));
        json_writer_string(writer, member->name);
        write_bool(writer, "required", member->is_required);
        write_bool(writer, "served", member->support == SHAPE_SERVED);
        json_writer_name(writer, slice_of_text("shape"));
        write_shape(writer, member->shape);
        json_writer_object_end(writer);
    }
    json_writer_array_end(writer);
}

static void write_shape(struct json_writer *writer, const struct shape *shape)
{
    json_writer_object_start(writer);
    bool is_map = shape->type == JSON_TARGET_STRUCTURE && shape->element != NULL;
    write_text(writer, "type", is_map ? "map" : type_name(shape->type));
    write_bound(writer, "min", shape->has_min, shape->min);
    write_bound(writer, "max", shape->has_max, shape->max);
    if (shape->pattern == SHAPE_PATTERN_NAME)
        write_text(writer, "pattern", "[a-zA-Z0-9_.-]+");
    write_values(writer, shape->values);
    if (shape->type == JSON_TARGET_STRUCTURE && shape->element == NULL)
        write_members(writer, shape);
    if (shape->key != NULL) {
        json_writer_name(writer, slice_of_text("key"));
        write_shape(writer, shape->key);
    }
    if (shape->element != NULL) {
        json_writer_name(writer, slice_of_text("element"));
        write_shape(writer, shape->element);
    }
    json_writer_object_end(writer);
}

#define OPERATION(name) &name##_operation,
#define OPERATION_NOT_SERVED(name)
#define STREAMS_NOT_SERVED(name)
static const struct operation *const served[] = {
#include "router/api/operations.def"
};
#undef OPERATION
#undef OPERATION_NOT_SERVED
#undef STREAMS_NOT_SERVED

#define OPERATION(name)
#define OPERATION_NOT_SERVED(title) #title,
#define STREAMS_NOT_SERVED(title)
static const char *const not_served[] = {
#include "router/api/operations.def"
};
#undef OPERATION_NOT_SERVED
#undef STREAMS_NOT_SERVED

#define OPERATION_NOT_SERVED(title)
#define STREAMS_NOT_SERVED(title) #title,
static const char *const streams_not_served[] = {
#include "router/api/operations.def"
};
#undef OPERATION
#undef OPERATION_NOT_SERVED
#undef STREAMS_NOT_SERVED

static void write_served(struct json_writer *writer)
{
    json_writer_name(writer, slice_of_text("served"));
    json_writer_object_start(writer);
    for (size_t i = 0; i < SHAPE_COUNT(served); i++) {
        json_writer_name(writer, served[i]->name);
        write_shape(writer, served[i]->input);
    }
    json_writer_object_end(writer);
}

static void write_names(struct json_writer *writer, const char *name, const char *const *names,
                        size_t count)
{
    json_writer_name(writer, slice_of_text(name));
    json_writer_array_start(writer);
    for (size_t i = 0; i < count; i++)
        json_writer_string(writer, slice_of_text(names[i]));
    json_writer_array_end(writer);
}

int main(void)
{
    SCOPED(buffer) text;
    buffer_init(&text);
    struct json_writer writer = json_writer_of(&text);
    json_writer_object_start(&writer);
    write_served(&writer);
    write_names(&writer, "not_served", not_served, SHAPE_COUNT(not_served));
    write_names(&writer, "streams_not_served", streams_not_served, SHAPE_COUNT(streams_not_served));
    json_writer_object_end(&writer);
    buffer_append_u8(&text, '\n');
    return fwrite(text.bytes, text.size, 1, stdout) == 1 ? 0 : 1;
}
