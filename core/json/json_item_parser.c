#include "core/json/json_item_parser.h"

#include "core/base/check.h"
#include "core/json/json_item_fault_private.h"
#include "core/json/json_item_sink_private.h"

enum frame_kind {
    FRAME_MAP,       /* an object of names and attribute values */
    FRAME_LIST,      /* the array of an "L" */
    FRAME_SET,       /* the array of an "SS", "NS" or "BS" */
    FRAME_ATTRIBUTE, /* an object that names a type */
    FRAME_IGNORED,   /* an object or array that nobody asked for */
};

/* An object or array that is open. */
struct frame {
    enum frame_kind kind;
    enum value_type type; /* of the container; in an attribute that of the next value, or 0 */
    unsigned seen_types;  /* of an attribute, a bit each */
    bool has_value;       /* of an attribute */
};

struct json_item_parser {
    struct json_item_sink sink;
    enum json_kind kind;
    bool has_begun;
    struct frame frames[JSON_DEPTH_MAX];
    size_t frame_count;
};

struct json_item_parser *json_item_parser_create(void)
{
    struct json_item_parser *parser = memory_alloc_zeroed(sizeof *parser);
    json_item_sink_init(&parser->sink);
    return parser;
}

void json_item_parser_destroy(struct json_item_parser *parser)
{
    if (parser == NULL)
        return;
    json_item_sink_deinit(&parser->sink);
    memory_free(parser);
}

void json_item_parser_start(struct json_item_parser *parser, enum json_kind kind,
                            struct json_source source, struct json_fault *fault)
{
    CHECK(kind == JSON_ITEM || kind == JSON_VALUE);
    parser->kind = kind;
    parser->has_begun = false;
    parser->frame_count = 0;
    json_item_sink_start(&parser->sink, source, fault);
    /* Builders build items: a lone value is that of an attribute without a name. */
    if (kind == JSON_VALUE)
        json_item_sink_name(&parser->sink, (struct slice){0});
}

/* The kind of value that an event is or begins. */
static enum json_kind kind_of(enum json_event event)
{
    switch (event) {
    case JSON_EVENT_NULL:
        return JSON_NULL;
    case JSON_EVENT_FALSE:
        return JSON_FALSE;
    case JSON_EVENT_TRUE:
        return JSON_TRUE;
    case JSON_EVENT_NUMBER:
        return JSON_NUMBER;
    case JSON_EVENT_STRING:
        return JSON_STRING;
    case JSON_EVENT_ARRAY_START:
        return JSON_ARRAY;
    case JSON_EVENT_OBJECT_START:
        return JSON_OBJECT;
    case JSON_EVENT_ARRAY_END:
    case JSON_EVENT_NAME:
    case JSON_EVENT_OBJECT_END:
        break;
    }
    CHECK(!"the event of a value");
    return JSON_NULL;
}

static enum status stop_for_type(struct json_item_parser *parser, enum json_event event,
                                 struct slice text, enum json_target wanted)
{
    struct json_node found = {.kind = kind_of(event), .text = text};
    struct arena *arena = parser->sink.source.arena;
    return json_item_sink_stop(&parser->sink, json_fault_mismatch(arena, &found, wanted));
}

static void push(struct json_item_parser *parser, enum frame_kind kind, enum value_type type)
{
    /* The reader bounds the depth. */
    CHECK(parser->frame_count < JSON_DEPTH_MAX);
    parser->frames[parser->frame_count++] = (struct frame){.kind = kind, .type = type};
}

static enum status open_container(struct json_item_parser *parser, enum frame_kind kind,
                                  enum value_type type)
{
    push(parser, kind, type);
    return json_item_sink_open(&parser->sink, type);
}

static enum status close_container(struct json_item_parser *parser, const struct frame *frame)
{
    parser->frame_count--;
    return json_item_sink_close(&parser->sink, frame->type);
}

/* In JSON, numbers and binaries are strings too. */
static enum status check_text(struct json_item_parser *parser, enum value_type type,
                              enum json_event event, struct slice text)
{
    if (event == JSON_EVENT_STRING)
        return STATUS_OK;
    return stop_for_type(parser, event, text,
                         type == VALUE_BINARY ? JSON_TARGET_BLOB : JSON_TARGET_STRING);
}

static enum status take_text(struct json_item_parser *parser, enum value_type type,
                             enum json_event event, struct slice text)
{
    TRY(check_text(parser, type, event, text));
    return json_item_sink_text(&parser->sink, type, text);
}

static enum status take_bool(struct json_item_parser *parser, enum value_type type,
                             enum json_event event, struct slice text)
{
    if (event != JSON_EVENT_TRUE && event != JSON_EVENT_FALSE)
        return stop_for_type(parser, event, text, JSON_TARGET_BOOLEAN);
    /* {"NULL": false} is taken for {"NULL": true}, as DynamoDB does. */
    if (type == VALUE_NULL)
        json_item_sink_null(&parser->sink);
    else
        json_item_sink_bool(&parser->sink, event == JSON_EVENT_TRUE);
    return STATUS_OK;
}

static enum status take_array(struct json_item_parser *parser, enum value_type type,
                              enum json_event event, struct slice text)
{
    if (event != JSON_EVENT_ARRAY_START)
        return stop_for_type(parser, event, text, JSON_TARGET_LIST);
    return open_container(parser, type == VALUE_LIST ? FRAME_LIST : FRAME_SET, type);
}

static enum status take_map(struct json_item_parser *parser, enum json_event event,
                            struct slice text)
{
    if (event != JSON_EVENT_OBJECT_START)
        return stop_for_type(parser, event, text, JSON_TARGET_ITEM);
    return open_container(parser, FRAME_MAP, VALUE_MAP);
}

/* The value behind a type's name. */
static enum status take_typed(struct json_item_parser *parser, enum value_type type,
                              enum json_event event, struct slice text)
{
    switch (type) {
    case VALUE_STRING:
    case VALUE_NUMBER:
    case VALUE_BINARY:
        return take_text(parser, type, event, text);
    case VALUE_NULL:
    case VALUE_FALSE:
    case VALUE_TRUE:
        return take_bool(parser, type, event, text);
    case VALUE_MAP:
        return take_map(parser, event, text);
    case VALUE_LIST:
    case VALUE_STRING_SET:
    case VALUE_NUMBER_SET:
    case VALUE_BINARY_SET:
        return take_array(parser, type, event, text);
    }
    CHECK(!"a type of value");
    return STATUS_INVALID;
}

static enum status name_type(struct json_item_parser *parser, struct frame *frame,
                             struct slice name)
{
    frame->type = value_type_of_name(name);
    if (frame->type == 0)
        return STATUS_OK;
    unsigned bit = 1u << frame->type;
    if (frame->seen_types & bit)
        return json_item_sink_stop_for_syntax(&parser->sink);
    frame->seen_types |= bit;
    return STATUS_OK;
}

/* Passes over one value, or what is left of it. */
static void ignore(struct json_item_parser *parser, enum json_event event)
{
    if (event == JSON_EVENT_ARRAY_START || event == JSON_EVENT_OBJECT_START)
        push(parser, FRAME_IGNORED, (enum value_type)0);
    if (event == JSON_EVENT_ARRAY_END || event == JSON_EVENT_OBJECT_END)
        parser->frame_count--;
}

static void end_attribute(struct json_item_parser *parser, const struct frame *frame)
{
    if (!frame->has_value)
        json_item_sink_fail(&parser->sink, json_item_fault_no_type);
    parser->frame_count--;
}

static enum status in_attribute(struct json_item_parser *parser, struct frame *frame,
                                enum json_event event, struct slice text)
{
    if (event == JSON_EVENT_NAME)
        return name_type(parser, frame, text);
    if (event == JSON_EVENT_OBJECT_END) {
        end_attribute(parser, frame);
        return STATUS_OK;
    }
    if (frame->type == 0 || event == JSON_EVENT_NULL) {
        ignore(parser, event);
        return STATUS_OK;
    }
    if (frame->has_value)
        json_item_sink_fail(&parser->sink, json_item_fault_many_types);
    frame->has_value = true;
    return take_typed(parser, frame->type, event, text);
}

static enum status begin_attribute(struct json_item_parser *parser, enum json_event event,
                                   struct slice text)
{
    if (event == JSON_EVENT_OBJECT_START)
        push(parser, FRAME_ATTRIBUTE, (enum value_type)0);
    else if (event == JSON_EVENT_NULL)
        json_item_sink_fail(&parser->sink, json_item_fault_no_type);
    else
        return stop_for_type(parser, event, text, JSON_TARGET_ATTRIBUTE_VALUE);
    return STATUS_OK;
}

static enum status in_map(struct json_item_parser *parser, const struct frame *frame,
                          enum json_event event, struct slice text)
{
    if (event == JSON_EVENT_NAME) {
        json_item_sink_name(&parser->sink, text);
        return STATUS_OK;
    }
    if (event != JSON_EVENT_OBJECT_END)
        return begin_attribute(parser, event, text);
    if (frame->type == VALUE_MAP)
        return close_container(parser, frame);
    parser->frame_count--; /* the item itself, which json_item_parser_finish closes */
    return STATUS_OK;
}

static enum status in_list(struct json_item_parser *parser, const struct frame *frame,
                           enum json_event event, struct slice text)
{
    if (event == JSON_EVENT_ARRAY_END)
        return close_container(parser, frame);
    return begin_attribute(parser, event, text);
}

static enum status in_set(struct json_item_parser *parser, const struct frame *frame,
                          enum json_event event, struct slice text)
{
    if (event == JSON_EVENT_ARRAY_END)
        return close_container(parser, frame);
    enum value_type type = value_type_element(frame->type);
    TRY(check_text(parser, type, event, text));
    return json_item_sink_element(&parser->sink, type, text);
}

static enum status begin(struct json_item_parser *parser, enum json_event event, struct slice text)
{
    parser->has_begun = true;
    if (parser->kind == JSON_VALUE)
        return begin_attribute(parser, event, text);
    if (event != JSON_EVENT_OBJECT_START)
        return stop_for_type(parser, event, text, JSON_TARGET_ITEM);
    push(parser, FRAME_MAP, (enum value_type)0);
    return STATUS_OK;
}

static enum status in_frame(struct json_item_parser *parser, struct frame *frame,
                            enum json_event event, struct slice text)
{
    switch (frame->kind) {
    case FRAME_MAP:
        return in_map(parser, frame, event, text);
    case FRAME_LIST:
        return in_list(parser, frame, event, text);
    case FRAME_SET:
        return in_set(parser, frame, event, text);
    case FRAME_ATTRIBUTE:
        return in_attribute(parser, frame, event, text);
    case FRAME_IGNORED:
        ignore(parser, event);
        return STATUS_OK;
    }
    CHECK(!"a kind of frame");
    return STATUS_INVALID;
}

enum status json_item_parser_event(struct json_item_parser *parser, enum json_event event,
                                   struct slice text)
{
    if (parser->frame_count == 0)
        return begin(parser, event, text);
    struct frame *frame = &parser->frames[parser->frame_count - 1];
    /* Two events of three: worth more than the switch. */
    if (frame->kind == FRAME_ATTRIBUTE)
        return in_attribute(parser, frame, event, text);
    return in_frame(parser, frame, event, text);
}

bool json_item_parser_is_done(const struct json_item_parser *parser)
{
    return parser->has_begun && parser->frame_count == 0;
}

/* Of an item that holds one value the value's type and payload. */
static struct slice only_value(struct slice item)
{
    struct value_cursor cursor = item_cursor(item);
    struct slice name;
    struct value value;
    CHECK(value_cursor_next(&cursor, &name, &value));
    return slice_of(value.payload.bytes - 1, value.payload.size + 1);
}

enum status json_item_parser_finish(struct json_item_parser *parser, struct slice *out_bytes)
{
    struct slice bytes;
    CHECK(json_item_parser_is_done(parser));
    TRY(json_item_sink_finish(&parser->sink, &bytes));
    if (bytes.size > 0 && parser->kind == JSON_VALUE)
        bytes = only_value(bytes);
    *out_bytes = arena_copy(parser->sink.source.arena, bytes);
    return STATUS_OK;
}
