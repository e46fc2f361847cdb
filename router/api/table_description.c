#include "router/api/table_description.h"

#include "core/env/env.h"
#include "router/api/table_name.h"

#include <inttypes.h>
#include <sodium.h>

#define DAY_MS UINT64_C(86400000)

enum { UUID_SIZE = 16 };

static void write_name(struct json_writer *writer, const char *name)
{
    json_writer_name(writer, slice_of_text(name));
}

static void write_text(struct json_writer *writer, const char *name, struct slice text)
{
    write_name(writer, name);
    json_writer_string(writer, text);
}

static void write_integer(struct json_writer *writer, const char *name, uint64_t number)
{
    write_name(writer, name);
    json_writer_integer(writer, (int64_t)number);
}

/* Seconds since 1970, with a fraction. */
static void write_time(struct json_writer *writer, const char *name, uint64_t time_ms)
{
    write_name(writer, name);
    buffer_append_format(json_writer_value(writer), "%" PRIu64 ".%03u", time_ms / 1000,
                         (unsigned)(time_ms % 1000));
}

static void write_definition(struct json_writer *writer, const struct table_attribute *attribute)
{
    json_writer_object_start(writer);
    write_text(writer, "AttributeName", attribute->name);
    write_text(writer, "AttributeType", slice_of_text(value_type_name(attribute->type)));
    json_writer_object_end(writer);
}

/* In the order in which they were declared. */
static void write_definitions(struct json_writer *writer, const struct table *table)
{
    write_name(writer, "AttributeDefinitions");
    json_writer_array_start(writer);
    if (table->has_sort_key && table->is_sort_key_defined_first)
        write_definition(writer, &table->sort_key);
    write_definition(writer, &table->partition_key);
    if (table->has_sort_key && !table->is_sort_key_defined_first)
        write_definition(writer, &table->sort_key);
    json_writer_array_end(writer);
}

static void write_key(struct json_writer *writer, struct slice name, const char *type)
{
    json_writer_object_start(writer);
    write_text(writer, "AttributeName", name);
    write_text(writer, "KeyType", slice_of_text(type));
    json_writer_object_end(writer);
}

static void write_key_schema(struct json_writer *writer, const struct table *table)
{
    write_name(writer, "KeySchema");
    json_writer_array_start(writer);
    write_key(writer, table->partition_key.name, "HASH");
    if (table->has_sort_key)
        write_key(writer, table->sort_key.name, "RANGE");
    json_writer_array_end(writer);
}

static const char *status_name(enum table_status status)
{
    switch (status) {
    case TABLE_CREATING:
        return "CREATING";
    case TABLE_ACTIVE:
        return "ACTIVE";
    case TABLE_DELETING:
        return "DELETING";
    }
    return "UPDATING";
}

static uint64_t decreases_today(const struct backend *backend, const struct table *table)
{
    if (table->lowered_count == 0)
        return 0;
    uint64_t now_ms = env_wall_us(backend->env) / 1000;
    return table->units_lowered_ms / DAY_MS == now_ms / DAY_MS ? table->lowered_count : 0;
}

static void write_throughput(struct json_writer *writer, const struct backend *backend,
                             const struct table *table)
{
    write_name(writer, "ProvisionedThroughput");
    json_writer_object_start(writer);
    if (table->units_raised_ms != 0)
        write_time(writer, "LastIncreaseDateTime", table->units_raised_ms);
    if (table->units_lowered_ms != 0)
        write_time(writer, "LastDecreaseDateTime", table->units_lowered_ms);
    write_integer(writer, "NumberOfDecreasesToday", decreases_today(backend, table));
    write_integer(writer, "ReadCapacityUnits", table->read_units);
    write_integer(writer, "WriteCapacityUnits", table->write_units);
    json_writer_object_end(writer);
}

/* A table that is, or once was, on demand. */
static void write_billing(struct json_writer *writer, const struct table *table)
{
    bool is_on_demand = table->billing == TABLE_BILLING_ON_DEMAND;
    if (!is_on_demand && table->on_demand_ms == 0)
        return;
    write_name(writer, "BillingModeSummary");
    json_writer_object_start(writer);
    write_text(writer, "BillingMode",
               slice_of_text(is_on_demand ? "PAY_PER_REQUEST" : "PROVISIONED"));
    if (table->status != TABLE_CREATING)
        write_time(writer, "LastUpdateToPayPerRequestDateTime",
                   table->on_demand_ms != 0 ? table->on_demand_ms : table->created_ms);
    json_writer_object_end(writer);
}

static void write_bounds(struct json_writer *writer, const struct table *table)
{
    if (table->read_units_max == 0 && table->write_units_max == 0)
        return;
    write_name(writer, "OnDemandThroughput");
    json_writer_object_start(writer);
    if (table->read_units_max != 0)
        write_integer(writer, "MaxReadRequestUnits", table->read_units_max);
    if (table->write_units_max != 0)
        write_integer(writer, "MaxWriteRequestUnits", table->write_units_max);
    json_writer_object_end(writer);
}

static void write_class(struct json_writer *writer, const struct table *table)
{
    if (!table->has_class)
        return;
    bool is_standard = table->class == TABLE_CLASS_STANDARD;
    write_name(writer, "TableClassSummary");
    json_writer_object_start(writer);
    write_text(writer, "TableClass",
               slice_of_text(is_standard ? "STANDARD" : "STANDARD_INFREQUENT_ACCESS"));
    if (table->class_change_ms != 0)
        write_time(writer, "LastUpdateDateTime", table->class_change_ms);
    json_writer_object_end(writer);
}

static void write_arn(struct json_writer *writer, const struct backend *backend,
                      const struct table *table)
{
    SCOPED(buffer) arn;
    buffer_init(&arn);
    table_name_append_arn(backend, table->name, &arn);
    write_text(writer, "TableArn", buffer_slice(&arn));
}

/* A UUID of what is the table's own for ever. */
static void write_id(struct json_writer *writer, const struct backend *backend,
                     const struct table *table)
{
    SCOPED(buffer) identity;
    buffer_init(&identity);
    buffer_append_sized(&identity, backend->region);
    buffer_append_u64(&identity, table->uid);
    buffer_append(&identity, slice_of(table->hash_key, HASH_KEY_SIZE));
    uint8_t id[UUID_SIZE];
    crypto_generichash(id, sizeof id, identity.bytes, identity.size, NULL, 0);
    id[6] = (uint8_t)((id[6] & 0x0f) | 0x40);
    id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);

    write_name(writer, "TableId");
    struct buffer *value = json_writer_value(writer);
    buffer_append_u8(value, '"');
    for (size_t i = 0; i < UUID_SIZE; i++)
        buffer_append_format(value, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
                             id[i]);
    buffer_append_u8(value, '"');
}

static void write_rest(struct json_writer *writer, const struct backend *backend,
                       const struct table *table)
{
    write_text(writer, "TableName", table->name);
    write_text(writer, "TableStatus", slice_of_text(status_name(table->status)));
    write_throughput(writer, backend, table);
    write_integer(writer, "TableSizeBytes", 0);
    write_integer(writer, "ItemCount", 0);
    write_arn(writer, backend, table);
    write_id(writer, backend, table);
    write_billing(writer, table);
    write_bounds(writer, table);
    write_class(writer, table);
    write_name(writer, "DeletionProtectionEnabled");
    json_writer_bool(writer, table->is_protected);
}

void table_description_write(struct json_writer *writer, const struct backend *backend,
                             const struct table *table)
{
    json_writer_object_start(writer);
    write_definitions(writer, table);
    write_key_schema(writer, table);
    write_time(writer, "CreationDateTime", table->created_ms);
    write_rest(writer, backend, table);
    json_writer_object_end(writer);
}

void table_description_write_deleted(struct json_writer *writer, const struct backend *backend,
                                     const struct table *table)
{
    json_writer_object_start(writer);
    write_rest(writer, backend, table);
    json_writer_object_end(writer);
}
