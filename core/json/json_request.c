#include "core/json/json_request.h"

#include "core/base/check.h"
#include "core/json/json_item_parser.h"
#include "core/json/json_reader.h"

#include <string.h>

/* An object or array that is open. */
struct frame {
    struct json_node *node;
    struct json_node *last; /* member or element so far */
    uint32_t fields;        /* a bit for each whose path leads here, and further */
};

struct json_request_parser {
    struct json_reader *reader;
    struct json_item_parser *item_parser;

    struct json_source source;
    const struct json_field *fields;
    size_t field_count;
    struct json_fault fault;
    struct json_node *root;
    size_t node_count;

    struct frame frames[JSON_DEPTH_MAX];
    size_t frame_count;
    struct slice name;           /* of the member whose value comes next */
    struct json_node *item_node; /* while the item parser is at work: where the bytes go */
};

struct json_request_parser *json_request_parser_create(void)
{
    struct json_request_parser *parser = memory_alloc_zeroed(sizeof *parser);
    parser->reader = json_reader_create();
    parser->item_parser = json_item_parser_create();
    return parser;
}

void json_request_parser_destroy(struct json_request_parser *parser)
{
    if (parser == NULL)
        return;
    json_reader_destroy(parser->reader);
    json_item_parser_destroy(parser->item_parser);
    memory_free(parser);
}

static enum status stop_for_syntax(struct json_request_parser *parser)
{
    parser->fault = (struct json_fault){.kind = JSON_FAULT_SYNTAX};
    return STATUS_INVALID;
}

/* A node for the next value, linked to the object or array that it stands in. */
static enum status add_node(struct json_request_parser *parser, enum json_kind kind,
                            struct json_node **out_node)
{
    if (parser->node_count == JSON_NODE_COUNT_MAX)
        return stop_for_syntax(parser);
    parser->node_count++;
    struct json_node *node = arena_alloc(parser->source.arena, sizeof *node);
    *node = (struct json_node){.kind = kind, .name = parser->name};
    parser->name = (struct slice){0};
    *out_node = node;
    if (parser->frame_count == 0) {
        parser->root = node;
        return STATUS_OK;
    }
    struct frame *frame = &parser->frames[parser->frame_count - 1];
    if (frame->last == NULL)
        frame->node->first = node;
    else
        frame->last->next = node;
    frame->last = node;
    frame->node->count++;
    return STATUS_OK;
}

/*
 * The fields whose path leads through the next value, a bit each; and the one that ends there, or
 * NULL.
 */
static uint32_t match_fields(const struct json_request_parser *parser,
                             const struct json_field **out_end)
{
    *out_end = NULL;
    if (parser->frame_count == 0)
        return parser->field_count == 0 ? 0 : UINT32_MAX >> (32 - parser->field_count);
    size_t at = parser->frame_count - 1;
    uint32_t further = 0;
    for (uint32_t left = parser->frames[at].fields; left != 0; left &= left - 1) {
        unsigned index = (unsigned)__builtin_ctz(left);
        const struct json_field *field = &parser->fields[index];
        bool is_any = strcmp(field->path[at], "*") == 0;
        if (!is_any && !slice_is_text(parser->name, field->path[at]))
            continue;
        if (field->path[at + 1] == NULL)
            *out_end = field;
        else
            further |= 1u << index;
    }
    return further;
}

/* Hands an event to the item parser, and takes the bytes once it is done. */
static enum status feed_item(struct json_request_parser *parser, enum json_event event,
                             struct slice text)
{
    TRY(json_item_parser_event(parser->item_parser, event, text));
    /* Items and values end like the objects that they are. */
    if (event != JSON_EVENT_OBJECT_END || !json_item_parser_is_done(parser->item_parser))
        return STATUS_OK;
    TRY(json_item_parser_finish(parser->item_parser, &parser->item_node->text));
    parser->item_node = NULL;
    return STATUS_OK;
}

static enum status begin_item(struct json_request_parser *parser, const struct json_field *field,
                              enum json_event event, struct slice text)
{
    TRY(add_node(parser, field->kind, &parser->item_node));
    json_item_parser_start(parser->item_parser, field->kind, parser->source, &parser->fault);
    return feed_item(parser, event, text);
}

static enum status add_scalar(struct json_request_parser *parser, enum json_kind kind,
                              struct slice text)
{
    struct json_node *node;
    /* The body itself is an object. */
    if (parser->frame_count == 0)
        return stop_for_syntax(parser);
    TRY(add_node(parser, kind, &node));
    node->text = json_source_keep(parser->source, text);
    return STATUS_OK;
}

static enum status open_node(struct json_request_parser *parser, enum json_kind kind,
                             uint32_t fields)
{
    struct json_node *node;
    if (parser->frame_count == 0 && kind != JSON_OBJECT)
        return stop_for_syntax(parser);
    CHECK(parser->frame_count < JSON_DEPTH_MAX);
    TRY(add_node(parser, kind, &node));
    parser->frames[parser->frame_count++] = (struct frame){.node = node, .fields = fields};
    return STATUS_OK;
}

static enum status close_object(struct json_request_parser *parser)
{
    const struct frame *frame = &parser->frames[--parser->frame_count];
    if (json_node_has_duplicates(frame->node, parser->source.arena))
        return stop_for_syntax(parser);
    return STATUS_OK;
}

/* The first event of a value. */
static enum status begin_value(struct json_request_parser *parser, enum json_event event,
                               struct slice text)
{
    const struct json_field *field;
    uint32_t fields = match_fields(parser, &field);
    if (field != NULL && event != JSON_EVENT_NULL)
        return begin_item(parser, field, event, text);
    switch (event) {
    case JSON_EVENT_NULL:
        return add_scalar(parser, JSON_NULL, text);
    case JSON_EVENT_FALSE:
        return add_scalar(parser, JSON_FALSE, text);
    case JSON_EVENT_TRUE:
        return add_scalar(parser, JSON_TRUE, text);
    case JSON_EVENT_NUMBER:
        return add_scalar(parser, JSON_NUMBER, text);
    case JSON_EVENT_STRING:
        return add_scalar(parser, JSON_STRING, text);
    case JSON_EVENT_ARRAY_START:
        return open_node(parser, JSON_ARRAY, fields);
    case JSON_EVENT_OBJECT_START:
        return open_node(parser, JSON_OBJECT, fields);
    case JSON_EVENT_ARRAY_END:
    case JSON_EVENT_NAME:
    case JSON_EVENT_OBJECT_END:
        break;
    }
    CHECK(!"the first event of a value");
    return STATUS_INVALID;
}

static enum status add_event(struct json_request_parser *parser, enum json_event event,
                             struct slice text)
{
    if (event == JSON_EVENT_NAME) {
        parser->name = json_source_keep(parser->source, text);
        return STATUS_OK;
    }
    if (event == JSON_EVENT_OBJECT_END)
        return close_object(parser);
    if (event == JSON_EVENT_ARRAY_END) {
        parser->frame_count--;
        return STATUS_OK;
    }
    return begin_value(parser, event, text);
}

static enum status on_event(void *context, enum json_event event, struct slice text)
{
    struct json_request_parser *parser = context;
    if (parser->item_node != NULL)
        return feed_item(parser, event, text);
    return add_event(parser, event, text);
}

struct json_request json_request_parse(struct json_request_parser *parser, struct slice body,
                                       const struct json_field *fields, size_t field_count,
                                       struct arena *arena)
{
    CHECK(field_count <= JSON_FIELD_COUNT_MAX);
    parser->source = (struct json_source){.body = body, .arena = arena};
    parser->fields = fields;
    parser->field_count = field_count;
    parser->fault = (struct json_fault){0};
    parser->root = NULL;
    parser->node_count = 0;
    parser->frame_count = 0;
    parser->name = (struct slice){0};
    parser->item_node = NULL;

    enum status status = json_reader_read(parser->reader, body, parser, on_event);
    if (status == STATUS_OK)
        return (struct json_request){.root = parser->root, .fault = parser->fault};
    /* The reader's own refusals come without a fault, or after one of validation. */
    if (parser->fault.kind != JSON_FAULT_TYPE)
        parser->fault = (struct json_fault){.kind = JSON_FAULT_SYNTAX};
    return (struct json_request){.fault = parser->fault};
}
