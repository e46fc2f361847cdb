#include "core/catalog/table_change.h"

#include "core/base/limits.h"
#include "core/catalog/fields.h"
#include "core/catalog/table_tags.h"

/* On the wire: never renumber. */
enum {
    TAG_BILLING = 1,
    TAG_READ_UNITS = 2,
    TAG_WRITE_UNITS = 3,
    TAG_READ_UNITS_MAX = 4,
    TAG_WRITE_UNITS_MAX = 5,
    TAG_CLASS = 6,
    TAG_PROTECTION = 7,
    TAG_TAGS = 8,
    TAG_TAG_KEYS_REMOVED = 9,
    TAG_EXPIRY = 10,
    TAG_EXPIRY_ATTRIBUTE = 11,
};

#define HOUR_MS UINT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)

enum { LOWERINGS_PER_DAY = 4 }; /* and one more in each hour without one */

/* --- Codec ----------------------------------------------------------------------------------- */

static void put_bytes(struct buffer *record, unsigned tag, struct slice bytes)
{
    if (bytes.size > 0)
        fields_put_bytes(record, tag, bytes);
}

void table_change_encode(const struct table_change *change, struct buffer *record)
{
    fields_begin(record);
    fields_put_number(record, TAG_BILLING, change->billing);
    fields_put_number(record, TAG_READ_UNITS, change->read_units);
    fields_put_number(record, TAG_WRITE_UNITS, change->write_units);
    fields_put_number(record, TAG_READ_UNITS_MAX, change->read_units_max);
    fields_put_number(record, TAG_WRITE_UNITS_MAX, change->write_units_max);
    fields_put_number(record, TAG_CLASS, change->class);
    fields_put_number(record, TAG_PROTECTION, change->protection);
    put_bytes(record, TAG_TAGS, change->tags);
    put_bytes(record, TAG_TAG_KEYS_REMOVED, change->tag_keys_removed);
    fields_put_number(record, TAG_EXPIRY, change->expiry);
    put_bytes(record, TAG_EXPIRY_ATTRIBUTE, change->expiry_attribute);
}

static void field_take(struct fields_cursor *cursor, unsigned tag, struct slice value,
                       struct table_change *change)
{
    switch (tag) {
    case TAG_BILLING:
        change->billing = (enum table_billing)fields_number(cursor, value, TABLE_BILLING_ON_DEMAND);
        break;
    case TAG_READ_UNITS:
        change->read_units = fields_number(cursor, value, UINT64_MAX);
        break;
    case TAG_WRITE_UNITS:
        change->write_units = fields_number(cursor, value, UINT64_MAX);
        break;
    case TAG_READ_UNITS_MAX:
        change->read_units_max = fields_number(cursor, value, UINT64_MAX);
        break;
    case TAG_WRITE_UNITS_MAX:
        change->write_units_max = fields_number(cursor, value, UINT64_MAX);
        break;
    case TAG_CLASS:
        change->class =
            (enum table_class)fields_number(cursor, value, TABLE_CLASS_INFREQUENT_ACCESS);
        break;
    case TAG_PROTECTION:
        change->protection =
            (enum table_change_protection)fields_number(cursor, value, TABLE_CHANGE_PROTECTION_OFF);
        break;
    case TAG_TAGS:
        change->tags = value;
        break;
    case TAG_TAG_KEYS_REMOVED:
        change->tag_keys_removed = value;
        break;
    case TAG_EXPIRY:
        change->expiry =
            (enum table_change_expiry)fields_number(cursor, value, TABLE_CHANGE_EXPIRY_DISABLE);
        break;
    case TAG_EXPIRY_ATTRIBUTE:
        change->expiry_attribute = value;
        break;
    }
}

static bool is_whole(const struct table_change *change)
{
    bool has_attribute = change->expiry_attribute.size > 0 &&
                         change->expiry_attribute.size <= LIMIT_ATTRIBUTE_NAME_SIZE;
    return (change->read_units == 0) == (change->write_units == 0) &&
           table_tags_are_valid(change->tags) &&
           table_tags_are_valid_keys(change->tag_keys_removed) &&
           has_attribute == (change->expiry != TABLE_CHANGE_EXPIRY_NONE);
}

enum status table_change_decode(struct slice record, struct table_change *out_change)
{
    struct table_change change = {0};
    struct fields_cursor cursor = fields_cursor(record);
    unsigned tag;
    struct slice value;
    while (fields_next(&cursor, &tag, &value))
        field_take(&cursor, tag, value, &change);
    if (!fields_is_done(&cursor) || !is_whole(&change))
        return STATUS_CORRUPT;
    *out_change = change;
    return STATUS_OK;
}

/* --- Applying: each part works on a copy of the table ---------------------------------------- */

/* Before its units are looked at: a table on demand has none. */
static void change_billing(const struct table_change *change, uint64_t now_ms, struct table *table)
{
    if (change->billing == 0 || change->billing == table->billing)
        return;
    table->billing = change->billing;
    if (change->billing == TABLE_BILLING_ON_DEMAND) {
        table->read_units = table->write_units = 0;
        table->on_demand_ms = now_ms;
    } else {
        /* Tables made on demand were so from their beginning. */
        if (table->on_demand_ms == 0)
            table->on_demand_ms = table->created_ms;
        table->read_units_max = table->write_units_max = 0;
        table->read_units = change->read_units;
        table->write_units = change->write_units;
    }
}

uint64_t table_change_next_lowering_ms(const struct table *table)
{
    return table->units_lowered_ms + HOUR_MS;
}

static enum catalog_result count_lowering(uint64_t now_ms, struct table *table)
{
    if (table->units_lowered_ms / DAY_MS != now_ms / DAY_MS)
        table->lowered_count = 0;
    if (table->lowered_count >= LOWERINGS_PER_DAY && now_ms < table_change_next_lowering_ms(table))
        return CATALOG_LOWERING_LIMIT;
    table->lowered_count++;
    table->units_lowered_ms = now_ms;
    return CATALOG_DONE;
}

static enum catalog_result change_units(const struct table_change *change, uint64_t now_ms,
                                        struct table *table)
{
    bool is_lowered =
        change->read_units < table->read_units || change->write_units < table->write_units;
    bool is_raised =
        change->read_units > table->read_units || change->write_units > table->write_units;
    enum catalog_result result = CATALOG_DONE;
    if (!is_lowered && !is_raised)
        return CATALOG_UNITS_UNCHANGED;
    if (is_lowered)
        result = count_lowering(now_ms, table);
    if (is_raised)
        table->units_raised_ms = now_ms;
    table->read_units = change->read_units;
    table->write_units = change->write_units;
    return result;
}

static void change_bound(uint64_t wanted, uint64_t *bound)
{
    if (wanted != 0)
        *bound = wanted == TABLE_CHANGE_NO_BOUND ? 0 : wanted;
}

static enum catalog_result change_throughput(const struct table_change *change, uint64_t now_ms,
                                             struct table *table)
{
    bool was_on_demand = table->billing == TABLE_BILLING_ON_DEMAND;
    change_billing(change, now_ms, table);
    bool is_on_demand = table->billing == TABLE_BILLING_ON_DEMAND;
    bool lacks_units = change->billing == TABLE_BILLING_PROVISIONED && change->read_units == 0;
    if (is_on_demand ? change->read_units != 0 : lacks_units)
        return CATALOG_UNITS_MISPLACED;
    if (!is_on_demand && (change->read_units_max != 0 || change->write_units_max != 0))
        return CATALOG_BOUNDS_MISPLACED;
    change_bound(change->read_units_max, &table->read_units_max);
    change_bound(change->write_units_max, &table->write_units_max);
    if (change->read_units == 0 || was_on_demand)
        return CATALOG_DONE;
    return change_units(change, now_ms, table);
}

static void change_class(const struct table_change *change, uint64_t now_ms, struct table *table)
{
    if (change->class == 0)
        return;
    if (change->class != table->class)
        table->class_change_ms = now_ms;
    table->class = change->class;
    table->has_class = true;
}

static enum catalog_result change_tags(const struct table_change *change, struct buffer *room,
                                       struct table *table)
{
    SCOPED(buffer) merged;
    buffer_init(&merged);
    if (change->tags.size == 0 && change->tag_keys_removed.size == 0)
        return CATALOG_DONE;
    table_tags_merge(table->tags, change->tags, &merged);
    buffer_clear(room);
    table_tags_without(buffer_slice(&merged), change->tag_keys_removed, room);
    table->tags = buffer_slice(room);
    return table_tags_count(table->tags) <= TABLE_TAGS_MAX ? CATALOG_DONE : CATALOG_TAG_LIMIT;
}

static enum catalog_result change_expiry(const struct table_change *change, struct table *table)
{
    bool is_enabled = table->expiry.size > 0;
    bool is_same = slice_is_equal(table->expiry, change->expiry_attribute);
    switch (change->expiry) {
    case TABLE_CHANGE_EXPIRY_NONE:
        break;
    case TABLE_CHANGE_EXPIRY_ENABLE:
        if (is_enabled)
            return is_same ? CATALOG_EXPIRY_UNCHANGED : CATALOG_EXPIRY_ELSEWHERE;
        table->expiry = change->expiry_attribute;
        break;
    case TABLE_CHANGE_EXPIRY_DISABLE:
        if (!is_enabled)
            return CATALOG_EXPIRY_UNCHANGED;
        if (!is_same)
            return CATALOG_EXPIRY_ELSEWHERE;
        table->expiry = (struct slice){0};
        break;
    }
    return CATALOG_DONE;
}

enum catalog_result table_change_apply(const struct table_change *change, uint64_t now_ms,
                                       struct buffer *room, struct table *table)
{
    struct table changed = *table;
    enum catalog_result result = change_throughput(change, now_ms, &changed);
    if (result == CATALOG_DONE)
        result = change_tags(change, room, &changed);
    if (result == CATALOG_DONE)
        result = change_expiry(change, &changed);
    if (result != CATALOG_DONE)
        return result;
    change_class(change, now_ms, &changed);
    if (change->protection != TABLE_CHANGE_PROTECTION_NONE)
        changed.is_protected = change->protection == TABLE_CHANGE_PROTECTION_ON;
    *table = changed;
    return CATALOG_DONE;
}
