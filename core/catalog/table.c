#include "core/catalog/table.h"

#include "core/base/limits.h"
#include "core/catalog/fields.h"
#include "core/catalog/table_tags.h"

#include <string.h>

/* In records: never renumber. */
enum {
    TAG_UID = 1,
    TAG_NAME = 2,
    TAG_STATUS = 3,
    TAG_CREATED_MS = 4,
    TAG_HASH_KEY = 5,
    TAG_RING = 6,
    TAG_PARTITION_KEY_NAME = 7,
    TAG_PARTITION_KEY_TYPE = 8,
    TAG_SORT_KEY_NAME = 9,
    TAG_SORT_KEY_TYPE = 10,
    TAG_BILLING = 11,
    TAG_READ_UNITS = 12,
    TAG_WRITE_UNITS = 13,
    TAG_CLASS = 14,
    TAG_SORT_KEY_DEFINED_FIRST = 15,
    TAG_UNITS_RAISED_MS = 16,
    TAG_UNITS_LOWERED_MS = 17,
    TAG_LOWERED_COUNT = 18,
    TAG_ON_DEMAND_MS = 19,
    TAG_READ_UNITS_MAX = 20,
    TAG_WRITE_UNITS_MAX = 21,
    TAG_CLASS_CHANGE_MS = 22,
    TAG_IS_PROTECTED = 23,
    TAG_TAGS = 24,
    TAG_EXPIRY = 25,
};

static void table_settings_encode(const struct table *table, struct buffer *record)
{
    fields_put_number(record, TAG_BILLING, table->billing);
    fields_put_number(record, TAG_READ_UNITS, table->read_units);
    fields_put_number(record, TAG_WRITE_UNITS, table->write_units);
    if (table->has_class)
        fields_put_number(record, TAG_CLASS, table->class);
    fields_put_number(record, TAG_UNITS_RAISED_MS, table->units_raised_ms);
    fields_put_number(record, TAG_UNITS_LOWERED_MS, table->units_lowered_ms);
    fields_put_number(record, TAG_LOWERED_COUNT, table->lowered_count);
    fields_put_number(record, TAG_ON_DEMAND_MS, table->on_demand_ms);
    fields_put_number(record, TAG_READ_UNITS_MAX, table->read_units_max);
    fields_put_number(record, TAG_WRITE_UNITS_MAX, table->write_units_max);
    fields_put_number(record, TAG_CLASS_CHANGE_MS, table->class_change_ms);
    fields_put_number(record, TAG_IS_PROTECTED, table->is_protected);
    if (table->tags.size > 0)
        fields_put_bytes(record, TAG_TAGS, table->tags);
    if (table->expiry.size > 0)
        fields_put_bytes(record, TAG_EXPIRY, table->expiry);
}

void table_encode(const struct table *table, struct buffer *record)
{
    fields_begin(record);
    fields_put_number(record, TAG_UID, table->uid);
    fields_put_bytes(record, TAG_NAME, table->name);
    fields_put_number(record, TAG_STATUS, table->status);
    fields_put_number(record, TAG_CREATED_MS, table->created_ms);
    fields_put_bytes(record, TAG_HASH_KEY, slice_of(table->hash_key, HASH_KEY_SIZE));
    fields_put_number(record, TAG_RING, table->ring);
    fields_put_bytes(record, TAG_PARTITION_KEY_NAME, table->partition_key.name);
    fields_put_number(record, TAG_PARTITION_KEY_TYPE, table->partition_key.type);
    if (table->has_sort_key) {
        fields_put_bytes(record, TAG_SORT_KEY_NAME, table->sort_key.name);
        fields_put_number(record, TAG_SORT_KEY_TYPE, table->sort_key.type);
        fields_put_number(record, TAG_SORT_KEY_DEFINED_FIRST, table->is_sort_key_defined_first);
    }
    table_settings_encode(table, record);
}

/* The numbers among the settings that may have any value. */
static void number_take(struct fields_cursor *cursor, unsigned tag, struct slice value,
                        struct table *table)
{
    uint64_t *const numbers[] = {
        [TAG_READ_UNITS] = &table->read_units,
        [TAG_WRITE_UNITS] = &table->write_units,
        [TAG_UNITS_RAISED_MS] = &table->units_raised_ms,
        [TAG_UNITS_LOWERED_MS] = &table->units_lowered_ms,
        [TAG_LOWERED_COUNT] = &table->lowered_count,
        [TAG_ON_DEMAND_MS] = &table->on_demand_ms,
        [TAG_READ_UNITS_MAX] = &table->read_units_max,
        [TAG_WRITE_UNITS_MAX] = &table->write_units_max,
        [TAG_CLASS_CHANGE_MS] = &table->class_change_ms,
    };
    if (tag < sizeof numbers / sizeof numbers[0] && numbers[tag] != NULL)
        *numbers[tag] = fields_number(cursor, value, UINT64_MAX);
}

static void setting_take(struct fields_cursor *cursor, unsigned tag, struct slice value,
                         struct table *table)
{
    switch (tag) {
    case TAG_BILLING:
        table->billing = (enum table_billing)fields_number(cursor, value, TABLE_BILLING_ON_DEMAND);
        break;
    case TAG_CLASS:
        table->class =
            (enum table_class)fields_number(cursor, value, TABLE_CLASS_INFREQUENT_ACCESS);
        table->has_class = true;
        break;
    case TAG_IS_PROTECTED:
        table->is_protected = fields_number(cursor, value, 1) != 0;
        break;
    case TAG_TAGS:
        table->tags = value;
        break;
    case TAG_EXPIRY:
        table->expiry = value;
        break;
    default:
        number_take(cursor, tag, value, table);
    }
}

static void field_take(struct fields_cursor *cursor, unsigned tag, struct slice value,
                       struct table *table)
{
    switch (tag) {
    case TAG_UID:
        table->uid = fields_number(cursor, value, UINT64_MAX);
        break;
    case TAG_NAME:
        table->name = value;
        break;
    case TAG_STATUS:
        table->status = (enum table_status)fields_number(cursor, value, TABLE_DELETING);
        break;
    case TAG_CREATED_MS:
        table->created_ms = fields_number(cursor, value, UINT64_MAX);
        break;
    case TAG_HASH_KEY:
        if (value.size == HASH_KEY_SIZE)
            memcpy(table->hash_key, value.bytes, HASH_KEY_SIZE);
        else
            cursor->reader.has_failed = true;
        break;
    case TAG_RING:
        table->ring = (uint32_t)fields_number(cursor, value, UINT32_MAX);
        break;
    case TAG_PARTITION_KEY_NAME:
        table->partition_key.name = value;
        break;
    case TAG_PARTITION_KEY_TYPE:
        table->partition_key.type = (enum value_type)fields_number(cursor, value, VALUE_BINARY);
        break;
    case TAG_SORT_KEY_NAME:
        table->sort_key.name = value;
        table->has_sort_key = true;
        break;
    case TAG_SORT_KEY_TYPE:
        table->sort_key.type = (enum value_type)fields_number(cursor, value, VALUE_BINARY);
        break;
    case TAG_SORT_KEY_DEFINED_FIRST:
        table->is_sort_key_defined_first = fields_number(cursor, value, 1) != 0;
        break;
    default:
        setting_take(cursor, tag, value, table);
    }
}

static bool is_key(const struct table_attribute *key)
{
    bool is_key_type =
        key->type == VALUE_STRING || key->type == VALUE_NUMBER || key->type == VALUE_BINARY;
    return is_key_type && key->name.size > 0 && key->name.size <= LIMIT_ATTRIBUTE_NAME_SIZE;
}

/* Fields that speak of a sort key are there only with its name. */
static bool has_no_sort_key(const struct table *table)
{
    return !table->has_sort_key && table->sort_key.type == 0 && !table->is_sort_key_defined_first;
}

static bool is_whole(const struct table *table)
{
    return table->name.size > 0 && table->name.size <= LIMIT_TABLE_NAME_SIZE &&
           is_key(&table->partition_key) && (has_no_sort_key(table) || is_key(&table->sort_key)) &&
           table->class != 0 && table_tags_are_valid(table->tags) &&
           table->expiry.size <= LIMIT_ATTRIBUTE_NAME_SIZE;
}

enum status table_decode(struct slice record, struct table *out_table)
{
    struct table table = {.class = TABLE_CLASS_STANDARD};
    struct fields_cursor cursor = fields_cursor(record);
    unsigned tag;
    struct slice value;
    while (fields_next(&cursor, &tag, &value))
        field_take(&cursor, tag, value, &table);
    if (!fields_is_done(&cursor) || !is_whole(&table))
        return STATUS_CORRUPT;
    *out_table = table;
    return STATUS_OK;
}
