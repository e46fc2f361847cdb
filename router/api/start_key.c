#include "router/api/start_key.h"

#include "core/json/json_item.h"
#include "core/key/key_codec.h"
#include "core/key/key_hash.h"
#include "router/api/primary_key.h"
#include "router/route/range_plan.h"

#define INVALID_TEXT "The provided starting key is invalid"

void start_key_init(struct start_key *start)
{
    *start = (struct start_key){0};
    buffer_init(&start->key);
}

void start_key_deinit(struct start_key *start)
{
    buffer_deinit(&start->key);
}

static enum status refuse(struct api_call *call, bool is_query)
{
    struct slice why = call->error.message;
    if (is_query && slice_is_text(why, "The provided key element does not match the schema"))
        return api_call_refuse(call, API_ERROR_VALIDATION, INVALID_TEXT);
    return api_call_refuse_format(call, API_ERROR_VALIDATION, INVALID_TEXT ": %.*s", (int)why.size,
                                  (const char *)why.bytes);
}

enum status start_key_read(struct api_call *call, const struct table *table, struct slice item,
                           bool is_query, struct start_key *start)
{
    buffer_clear(&start->key);
    if (primary_key_encode(call, table, item, PRIMARY_KEY_ALONE, &start->key,
                           &start->partition_size) != STATUS_OK)
        return refuse(call, is_query);
    start->token =
        key_hash_token(table->hash_key, slice_of(start->key.bytes, start->partition_size));
    return STATUS_OK;
}

static struct key_attribute key_attribute_of(const struct table_attribute *attribute)
{
    return (struct key_attribute){.name = attribute->name, .type = attribute->type};
}

struct key_schema key_schema_of(const struct table *table)
{
    struct key_schema schema = {.partition = key_attribute_of(&table->partition_key),
                                .has_sort = table->has_sort_key};
    if (table->has_sort_key)
        schema.sort = key_attribute_of(&table->sort_key);
    return schema;
}

struct key_schema key_schema_keep(const struct table *table, struct arena *arena)
{
    struct key_schema schema = key_schema_of(table);
    schema.partition.name = arena_copy(arena, schema.partition.name);
    if (schema.has_sort)
        schema.sort.name = arena_copy(arena, schema.sort.name);
    return schema;
}

static enum status add_attribute(struct item_builder *builder,
                                 const struct key_attribute *attribute, struct slice *key)
{
    SCOPED(buffer) scratch;
    buffer_init(&scratch);
    struct value value;
    TRY(key_decode_value(key, &scratch, &value));
    if (value.type != attribute->type)
        return STATUS_CORRUPT;
    item_builder_name(builder, attribute->name);
    item_builder_value(builder, value);
    return STATUS_OK;
}

enum status last_key_write(struct json_writer *writer, const struct key_schema *schema,
                           struct slice key)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    if (key.size < RANGE_TOKEN_SIZE)
        return STATUS_CORRUPT;
    key = slice_skip(key, RANGE_TOKEN_SIZE);
    TRY(add_attribute(builder, &schema->partition, &key));
    if (schema->has_sort)
        TRY(add_attribute(builder, &schema->sort, &key));
    if (key.size > 0 || item_builder_finish(builder, &item) != ITEM_FAULT_NONE)
        return STATUS_CORRUPT;
    json_writer_name(writer, slice_of_text("LastEvaluatedKey"));
    json_item_write(json_writer_value(writer), item);
    return STATUS_OK;
}
