#include "core/json/json_item.h"
#include "router/api/batch.h"
#include "router/api/consumed_capacity.h"
#include "router/api/item_projection.h"
#include "router/api/legacy_shapes.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/shapes.h"

enum {
    REQUEST_ITEMS,
    RETURN_CONSUMED_CAPACITY,
};

enum { KEY_COUNT_MAX = 100, TABLE_COUNT_MAX = 100, ANSWER_BYTES_MAX = 16 << 20 };

struct batch_get {
    struct batch batch;                  /* first: it is the call's state */
    struct item_projection *projections; /* one for each part */
};

/* --- The answer ------------------------------------------------------------------------------ */

static uint64_t units_of(const struct batch_row *row)
{
    size_t size = row->result.is_found ? item_size(row->result.item) : 0;
    return consumed_capacity_of_read(size, row->part->is_consistent);
}

static void write_found(const struct batch_get *get, struct json_writer *writer)
{
    json_writer_name(writer, slice_of_text("Responses"));
    json_writer_object_start(writer);
    for (size_t i = 0; i < get->batch.part_count; i++) {
        const struct batch_part *part = &get->batch.parts[i];
        json_writer_name(writer, part->called);
        json_writer_array_start(writer);
        for (size_t j = 0; j < part->row_count; j++) {
            const struct batch_row *row = &part->rows[j];
            if (row->state == BATCH_ROW_DONE && row->result.is_found)
                item_projection_write(&get->projections[i], row->result.item,
                                      json_writer_value(writer));
        }
        json_writer_array_end(writer);
    }
    json_writer_object_end(writer);
}

static void write_keys(const struct batch_part *part, struct json_writer *writer)
{
    json_writer_name(writer, slice_of_text("Keys"));
    json_writer_array_start(writer);
    for (size_t i = 0; i < part->row_count; i++)
        if (part->rows[i].state == BATCH_ROW_LEFT)
            json_item_write(json_writer_value(writer), part->rows[i].item);
    json_writer_array_end(writer);
}

/* The text of a string, or of each string in an array or object. */
static void write_texts(const struct json_node *node, struct json_writer *writer)
{
    if (node->kind == JSON_STRING) {
        json_writer_string(writer, node->text);
        return;
    }
    bool is_object = node->kind == JSON_OBJECT;
    is_object ? json_writer_object_start(writer) : json_writer_array_start(writer);
    for (const struct json_node *child = node->first; child != NULL; child = child->next) {
        if (child->kind != JSON_STRING)
            continue;
        if (is_object)
            json_writer_name(writer, child->name);
        json_writer_string(writer, child->text);
    }
    is_object ? json_writer_object_end(writer) : json_writer_array_end(writer);
}

/* What was asked for, with the keys that are left. */
static void write_left_part(const struct batch_part *part, struct json_writer *writer)
{
    static const char *const texts[] = {"AttributesToGet", "ProjectionExpression",
                                        "ExpressionAttributeNames"};
    json_writer_object_start(writer);
    write_keys(part, writer);
    for (size_t i = 0; i < SHAPE_COUNT(texts); i++) {
        const struct json_node *node = json_node_find(part->request, texts[i]);
        if (node == NULL)
            continue;
        json_writer_name(writer, slice_of_text(texts[i]));
        write_texts(node, writer);
    }
    if (part->is_consistent) {
        json_writer_name(writer, slice_of_text("ConsistentRead"));
        json_writer_bool(writer, true);
    }
    json_writer_object_end(writer);
}

static void write_answer(struct api_call *call)
{
    const struct batch_get *get = call->state;
    struct json_writer writer = json_writer_of(&call->body);
    buffer_reserve(&call->body, get->batch.read_bytes + get->batch.read_bytes / 2);
    json_writer_object_start(&writer);
    batch_write_capacity(&get->batch, request_text(call, RETURN_CONSUMED_CAPACITY), units_of,
                         &writer);
    write_found(get, &writer);
    batch_write_left(&get->batch, "UnprocessedKeys", write_left_part, &writer);
    json_writer_object_end(&writer);
}

/* Megabytes of JSON would hold up the loop. */
static enum status answer(struct api_call *call, struct batch *batch)
{
    if (batch->read_bytes > SIDE_WORK_BYTES_MIN) {
        api_call_answer_aside(call, write_answer);
        return STATUS_OK;
    }
    write_answer(call);
    api_call_answer(call, 200);
    return STATUS_OK;
}

/* --- The request ----------------------------------------------------------------------------- */

static size_t count_keys(const struct json_node *request)
{
    return json_node_find(request, "Keys")->count;
}

static enum status read_part(struct api_call *call, struct batch_part *part,
                             struct item_projection *projection)
{
    const struct json_node *is_consistent = json_node_find(part->request, "ConsistentRead");
    const struct json_node *key = json_node_find(part->request, "Keys")->first;
    part->is_consistent = is_consistent != NULL && is_consistent->kind == JSON_TRUE;
    for (struct batch_row *row = part->rows; key != NULL; key = key->next, row++) {
        if (key->kind != JSON_ITEM)
            return api_call_refuse(call, API_ERROR_VALIDATION,
                                   "The provided key element does not match the schema");
        row->item = key->text;
        row->source = PRIMARY_KEY_ALONE;
    }
    const struct item_projection_members members = {
        .attributes_to_get = json_node_find(part->request, "AttributesToGet"),
        .expression = json_node_find(part->request, "ProjectionExpression"),
        .names = json_node_find(part->request, "ExpressionAttributeNames"),
    };
    return item_projection_read(call, &members, projection);
}

static enum status start(struct api_call *call)
{
    struct batch_get *get = arena_alloc_zeroed(call->arena, sizeof *get);
    struct batch *batch = &get->batch;
    batch->is_read = true;
    batch->read_bytes_max = ANSWER_BYTES_MAX;
    batch->done_fn = answer;
    TRY(batch_init(call, batch, request_member(call, REQUEST_ITEMS), count_keys, KEY_COUNT_MAX));
    get->projections =
        arena_alloc_zeroed(call->arena, batch->part_count * sizeof *get->projections);
    for (size_t i = 0; i < batch->part_count; i++)
        TRY(read_part(call, &batch->parts[i], &get->projections[i]));
    return batch_start(call, batch);
}

static const struct shape shape_keys = {
    .type = JSON_TARGET_LIST,
    .has_min = true,
    .has_max = true,
    .min = 1,
    .max = KEY_COUNT_MAX,
    .element = &shape_item,
};

static const struct shape_member request_members[] = {
    SHAPE_MEMBER("Keys", shape_keys, .is_required = true),
    SHAPE_MEMBER("AttributesToGet", shape_attribute_names),
    SHAPE_MEMBER("ConsistentRead", shape_boolean),
    SHAPE_MEMBER("ProjectionExpression", shape_text),
    SHAPE_MEMBER("ExpressionAttributeNames", shape_string_map),
};

static const struct shape shape_request = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "KeysAndAttributes",
    .members = request_members,
    .member_count = SHAPE_COUNT(request_members),
};

static const struct shape shape_tables = {
    .type = JSON_TARGET_STRUCTURE,
    .has_min = true,
    .has_max = true,
    .min = 1,
    .max = TABLE_COUNT_MAX,
    .element = &shape_request,
    .key = &shape_table_name,
};

static const struct shape_member members[] = {
    [REQUEST_ITEMS] = SHAPE_MEMBER("RequestItems", shape_tables, .is_required = true),
    [RETURN_CONSUMED_CAPACITY] =
        SHAPE_MEMBER("ReturnConsumedCapacity", shape_return_consumed_capacity),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

static const struct json_field fields[] = {{JSON_ITEM, {"RequestItems", "*", "Keys", "*"}}};

const struct operation batch_get_item_operation = {
    .name = SHAPE_TEXT("BatchGetItem"),
    .input = &input,
    .fields = fields,
    .field_count = SHAPE_COUNT(fields),
    .start_fn = start,
};
