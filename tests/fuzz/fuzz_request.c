/*
 * Requests to operations out of arbitrary bytes: what is refused is refused in well-formed words,
 * and what is taken means a table, a key or trees that survive their own encoding.
 *
 * Input: a byte that chooses the operation, then the body.
 */
#include "core/base/check.h"
#include "core/base/utf8.h"
#include "core/expression/tree_codec.h"
#include "core/json/json_reader.h"
#include "core/key/key_codec.h"
#include "router/api/create_table.h"
#include "router/api/item_projection.h"
#include "router/api/item_write.h"
#include "router/api/operation.h"
#include "router/api/primary_key.h"
#include "router/api/request.h"
#include "router/api/table_description.h"
#include "router/api/write_terms.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct backend backend = {
    .region = SHAPE_TEXT("us-east-1"),
    .account_id = SHAPE_TEXT("000000000000"),
};

static const struct operation *const operations[] = {
    &create_table_operation, &update_table_operation,   &list_tables_operation,
    &delete_table_operation, &tag_resource_operation,   &update_time_to_live_operation,
    &put_item_operation,     &get_item_operation,       &update_item_operation,
    &delete_item_operation,  &batch_get_item_operation, &batch_write_item_operation,
    &query_operation,        &scan_operation,
};

static enum status ignore(void *context, enum json_event event, struct slice text)
{
    (void)context;
    (void)event;
    (void)text;
    return STATUS_OK;
}

static void check_json(struct slice text)
{
    OWNED(json_reader) reader = json_reader_create();
    CHECK(json_reader_read(reader, text, NULL, ignore) == STATUS_OK);
}

static void check_refusal(const struct api_call *call)
{
    SCOPED(buffer) body;
    buffer_init(&body);
    CHECK(utf8_is_valid(call->error.message));
    api_error_write(&call->error, &body);
    check_json(buffer_slice(&body));
}

static void check_table(const struct table *table)
{
    SCOPED(buffer) record;
    SCOPED(buffer) description;
    buffer_init(&record);
    buffer_init(&description);
    struct table decoded;
    table_encode(table, &record);
    CHECK(table_decode(buffer_slice(&record), &decoded) == STATUS_OK);
    CHECK(slice_is_equal(decoded.name, table->name));
    CHECK(decoded.has_sort_key == table->has_sort_key);
    struct json_writer writer = json_writer_of(&description);
    table_description_write(&writer, &backend, &decoded);
    check_json(buffer_slice(&description));
}

/* The key of an item whose table has a string and a number. */
static enum status check_key(struct api_call *call, struct slice item,
                             enum primary_key_source source)
{
    static const struct table table = {
        .partition_key = {.name = SHAPE_TEXT("pk"), .type = VALUE_STRING},
        .sort_key = {.name = SHAPE_TEXT("sk"), .type = VALUE_NUMBER},
        .has_sort_key = true,
    };
    SCOPED(buffer) key;
    buffer_init(&key);
    size_t partition_size;
    size_t value_size;
    CHECK(item_check(item) == STATUS_OK);
    TRY(primary_key_encode(call, &table, item, source, &key, &partition_size));
    CHECK(key_value_size(buffer_slice(&key), &value_size) == STATUS_OK);
    CHECK(value_size == partition_size);
    struct slice rest = slice_skip(buffer_slice(&key), partition_size);
    CHECK(key_value_size(rest, &value_size) == STATUS_OK);
    CHECK(value_size == rest.size);
    return STATUS_OK;
}

/* Trees that the router sends must be ones that a node takes. */
static enum status check_terms(struct api_call *call, bool is_update)
{
    const struct write_term_members members = {
        .is_update = is_update,
        .expected = request_member(call, ITEM_WRITE_EXPECTED),
        .conditional_operator = request_member(call, ITEM_WRITE_CONDITIONAL_OPERATOR),
        .condition_expression = request_member(call, ITEM_WRITE_CONDITION_EXPRESSION),
        .attribute_updates = is_update ? request_member(call, ITEM_WRITE_ATTRIBUTE_UPDATES) : NULL,
        .update_expression = is_update ? request_member(call, ITEM_WRITE_UPDATE_EXPRESSION) : NULL,
        .names = request_member(call, ITEM_WRITE_EXPRESSION_ATTRIBUTE_NAMES),
        .values = request_member(call, ITEM_WRITE_EXPRESSION_ATTRIBUTE_VALUES),
    };
    struct row_terms terms = {0};
    struct update update;
    struct condition condition;
    TRY(write_terms_read(call, &members, &terms, &update));
    if (terms.condition.size > 0)
        CHECK(tree_decode_condition(terms.condition, call->arena, &condition) == STATUS_OK);
    if (terms.update.size > 0)
        CHECK(tree_decode_update(terms.update, call->arena, &update) == STATUS_OK);
    return STATUS_OK;
}

/* GetItem's members, in the order of its shape. */
static enum status check_projection(struct api_call *call)
{
    enum { ATTRIBUTES_TO_GET = 2, PROJECTION_EXPRESSION = 5, EXPRESSION_ATTRIBUTE_NAMES = 6 };
    const struct item_projection_members members = {
        .attributes_to_get = request_member(call, ATTRIBUTES_TO_GET),
        .expression = request_member(call, PROJECTION_EXPRESSION),
        .names = request_member(call, EXPRESSION_ATTRIBUTE_NAMES),
    };
    struct item_projection projection;
    SCOPED(buffer) json = {0};
    TRY(item_projection_read(call, &members, &projection));
    item_projection_write(&projection, request_item(call, 1), &json);
    check_json(buffer_slice(&json));
    return STATUS_OK;
}

static enum status take(struct api_call *call, const struct json_request *parsed)
{
    TRY(request_check(call, parsed));
    if (call->operation == &put_item_operation || call->operation == &delete_item_operation)
        TRY(check_terms(call, false));
    if (call->operation == &update_item_operation)
        TRY(check_terms(call, true));
    if (call->operation == &get_item_operation)
        TRY(check_projection(call));
    if (call->operation == &put_item_operation)
        return check_key(call, request_item(call, 1), PRIMARY_KEY_IN_ITEM);
    if (call->operation == &get_item_operation || call->operation == &delete_item_operation ||
        call->operation == &update_item_operation)
        return check_key(call, request_item(call, 1), PRIMARY_KEY_ALONE);
    if (call->operation != &create_table_operation)
        return STATUS_OK;
    struct table table;
    TRY(create_table_read(call, &table));
    check_table(&table);
    return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    OWNED(arena) arena = arena_create();
    OWNED(json_request_parser) parser = json_request_parser_create();
    struct api_call *call = arena_alloc_zeroed(arena, sizeof *call);
    call->backend = &backend;
    call->arena = arena;
    call->operation = operations[bytes[0] % (sizeof operations / sizeof operations[0])];
    struct json_request parsed =
        json_request_parse(parser, slice_of(bytes + 1, size - 1), call->operation->fields,
                           call->operation->field_count, arena);
    if (take(call, &parsed) != STATUS_OK)
        check_refusal(call);
    return 0;
}
