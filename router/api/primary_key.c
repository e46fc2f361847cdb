#include "router/api/primary_key.h"

#include "core/base/limits.h"
#include "core/key/key_codec.h"

#define INVALID_TEXT "One or more parameter values were invalid: "

/* The names of key attributes have at most 255 characters, so they need no cutting. */
#define SLICE_ARGUMENTS(slice) (int)(slice).size, (const char *)(slice).bytes

static enum status refuse_schema(struct api_call *call)
{
    return api_call_refuse(call, API_ERROR_VALIDATION,
                           "The provided key element does not match the schema");
}

static enum status find_attribute(struct api_call *call, const struct table_attribute *attribute,
                                  struct slice item, enum primary_key_source source,
                                  struct value *out_value)
{
    bool is_there = item_find(item, attribute->name, out_value);
    if (is_there && out_value->type == attribute->type)
        return STATUS_OK;
    if (source == PRIMARY_KEY_ALONE)
        return refuse_schema(call);
    if (!is_there)
        return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                      INVALID_TEXT "Missing the key %.*s in the item",
                                      SLICE_ARGUMENTS(attribute->name));
    return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                  INVALID_TEXT "Type mismatch for key %.*s expected: %s actual: %s",
                                  SLICE_ARGUMENTS(attribute->name),
                                  value_type_name(attribute->type),
                                  value_type_name(out_value->type));
}

static enum status check_size(struct api_call *call, const struct table_attribute *attribute,
                              struct value value, bool is_partition_key)
{
    if (value.type == VALUE_NUMBER)
        return STATUS_OK;
    size_t size = value_bytes(value).size;
    if (size == 0)
        return api_call_refuse_format(
            call, API_ERROR_VALIDATION,
            "One or more parameter values are not valid. The AttributeValue for a key attribute "
            "cannot contain an empty %s value. Key: %.*s",
            value.type == VALUE_STRING ? "string" : "binary", SLICE_ARGUMENTS(attribute->name));
    if (is_partition_key && size > LIMIT_PARTITION_KEY_SIZE)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               INVALID_TEXT "Size of hashkey has exceeded the maximum size limit "
                                            "of2048 bytes");
    if (!is_partition_key && size > LIMIT_SORT_KEY_SIZE)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               INVALID_TEXT "Aggregated size of all range keys has exceeded the "
                                            "size limit of 1024 bytes");
    return STATUS_OK;
}

static bool has_attribute_count(struct slice item, size_t count)
{
    struct value_cursor cursor = item_cursor(item);
    return cursor.left_count == count;
}

enum status primary_key_encode(struct api_call *call, const struct table *table, struct slice item,
                               enum primary_key_source source, struct buffer *key,
                               size_t *out_partition_size)
{
    struct value value;
    if (source == PRIMARY_KEY_ALONE && !has_attribute_count(item, table->has_sort_key ? 2 : 1))
        return refuse_schema(call);
    TRY(find_attribute(call, &table->partition_key, item, source, &value));
    TRY(check_size(call, &table->partition_key, value, true));
    size_t start = key->size;
    key_encode_value(key, value);
    *out_partition_size = key->size - start;
    if (!table->has_sort_key)
        return STATUS_OK;
    TRY(find_attribute(call, &table->sort_key, item, source, &value));
    TRY(check_size(call, &table->sort_key, value, false));
    key_encode_value(key, value);
    return STATUS_OK;
}
