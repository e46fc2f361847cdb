#include "core/json/json_base64.h"
#include "core/json/json_item_fault_private.h"
#include "core/json/json_item_sink_private.h"

/* Of each buffer, from one item to the next. */
enum { KEPT_SIZE_MAX = 1 << 20 };

void json_item_sink_init(struct json_item_sink *sink)
{
    *sink = (struct json_item_sink){.builder = item_builder_create()};
}

void json_item_sink_deinit(struct json_item_sink *sink)
{
    item_builder_destroy(sink->builder);
    buffer_deinit(&sink->decoded);
    buffer_deinit(&sink->set_texts);
}

static void shrink(struct buffer *buffer)
{
    if (buffer->capacity > KEPT_SIZE_MAX)
        buffer_deinit(buffer);
}

void json_item_sink_start(struct json_item_sink *sink, struct json_source source,
                          struct json_fault *fault)
{
    sink->source = source;
    sink->fault = fault;
    shrink(&sink->decoded);
    shrink(&sink->set_texts);
    item_builder_reset(sink->builder);
}

enum status json_item_sink_stop(struct json_item_sink *sink, struct json_fault fault)
{
    *sink->fault = fault;
    return STATUS_INVALID;
}

enum status json_item_sink_stop_for_syntax(struct json_item_sink *sink)
{
    return json_item_sink_stop(sink, (struct json_fault){.kind = JSON_FAULT_SYNTAX});
}

/* After a fault the builder would be told half of the truth. */
static bool is_building(const struct json_item_sink *sink)
{
    return sink->fault->kind == JSON_FAULT_NONE;
}

void json_item_sink_fail(struct json_item_sink *sink, struct json_fault (*make)(struct arena *))
{
    if (is_building(sink))
        *sink->fault = make(sink->source.arena);
}

void json_item_sink_name(struct json_item_sink *sink, struct slice name)
{
    if (is_building(sink))
        item_builder_name(sink->builder, name);
}

static void build_number(struct json_item_sink *sink, struct slice text)
{
    struct number number;
    enum number_fault fault = number_parse(text, &number);
    if (fault == NUMBER_FAULT_NONE)
        item_builder_number(sink->builder, number);
    else
        *sink->fault = json_item_fault_number(sink->source.arena, fault, text);
}

static enum status build_binary(struct json_item_sink *sink, struct slice text)
{
    buffer_clear(&sink->decoded);
    if (json_base64_decode(text, &sink->decoded) != STATUS_OK)
        return json_item_sink_stop(sink, json_item_fault_base64(sink->source.arena, text));
    if (is_building(sink))
        item_builder_binary(sink->builder, buffer_slice(&sink->decoded));
    return STATUS_OK;
}

enum status json_item_sink_text(struct json_item_sink *sink, enum value_type type,
                                struct slice text)
{
    /* What is no base64 is a type fault, and those are looked for to the end. */
    if (type == VALUE_BINARY)
        return build_binary(sink, text);
    if (!is_building(sink))
        return STATUS_OK;
    if (type == VALUE_NUMBER)
        build_number(sink, text);
    else
        item_builder_string(sink->builder, text);
    return STATUS_OK;
}

enum status json_item_sink_element(struct json_item_sink *sink, enum value_type type,
                                   struct slice text)
{
    if (is_building(sink)) {
        struct slice kept = json_source_keep(sink->source, text);
        buffer_append(&sink->set_texts, slice_of(&kept, sizeof kept));
    }
    return json_item_sink_text(sink, type, text);
}

void json_item_sink_bool(struct json_item_sink *sink, bool is_true)
{
    if (is_building(sink))
        item_builder_bool(sink->builder, is_true);
}

void json_item_sink_null(struct json_item_sink *sink)
{
    if (is_building(sink))
        item_builder_null(sink->builder);
}

static struct json_fault duplicates(const struct json_item_sink *sink, enum value_type set)
{
    const void *elements = sink->set_texts.bytes;
    size_t count = sink->set_texts.size / sizeof(struct slice);
    return json_item_fault_duplicates(sink->source.arena, set, elements, count);
}

/* Turns the builder's fault, if there is one, into one of JSON. */
static enum status judge_builder(struct json_item_sink *sink, enum value_type container)
{
    struct arena *arena = sink->source.arena;
    switch (item_builder_fault(sink->builder)) {
    case ITEM_FAULT_NONE:
        break;
    case ITEM_FAULT_DUPLICATE_NAME:
    case ITEM_FAULT_TOO_LARGE:
        return json_item_sink_stop_for_syntax(sink);
    case ITEM_FAULT_DUPLICATE_ELEMENT:
        *sink->fault = duplicates(sink, container);
        break;
    case ITEM_FAULT_EMPTY_SET:
        *sink->fault = json_item_fault_empty_set(arena, container);
        break;
    case ITEM_FAULT_DEPTH:
        *sink->fault = json_item_fault_depth(arena);
        break;
    }
    return STATUS_OK;
}

enum status json_item_sink_open(struct json_item_sink *sink, enum value_type container)
{
    if (!is_building(sink))
        return STATUS_OK;
    buffer_clear(&sink->set_texts);
    item_builder_open(sink->builder, container);
    return judge_builder(sink, container);
}

enum status json_item_sink_close(struct json_item_sink *sink, enum value_type container)
{
    if (!is_building(sink))
        return STATUS_OK;
    item_builder_close(sink->builder);
    return judge_builder(sink, container);
}

enum status json_item_sink_finish(struct json_item_sink *sink, struct slice *out_item)
{
    struct slice item = {0};
    if (is_building(sink) && item_builder_finish(sink->builder, &item) != ITEM_FAULT_NONE)
        return json_item_sink_stop_for_syntax(sink);
    *out_item = item;
    return STATUS_OK;
}
