/*
 * Records to test with, one of each kind with no field left at its default, and what every decoder
 * of records must stand.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/catalog/fields.h"
#include "core/catalog/records.h"
#include "core/catalog/table.h"
#include "tests/unit/seed.h"

enum { FIXTURE_UNKNOWN_TAG = 9999 };

/* Decodes, and appends what came out of it as a record. */
typedef enum status (*fixture_decode_fn)(struct slice record, struct buffer *out_again);

static inline struct table fixture_table(const char *name)
{
    return (struct table){
        .uid = 77,
        .name = slice_of_text(name),
        .status = TABLE_DELETING,
        .created_ms = 1700000000123,
        .hash_key = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
        .ring = 3,
        .partition_key = {.name = slice_of_text("customer"), .type = VALUE_STRING},
        .sort_key = {.name = slice_of_text("ordered"), .type = VALUE_NUMBER},
        .has_sort_key = true,
        .is_sort_key_defined_first = true,
        .billing = TABLE_BILLING_ON_DEMAND,
        .read_units = 5,
        .write_units = 6,
        .class = TABLE_CLASS_INFREQUENT_ACCESS,
        .has_class = true,
        .units_raised_ms = 1700000000124,
        .units_lowered_ms = 1700000000125,
        .lowered_count = 2,
        .on_demand_ms = 1700000000126,
        .read_units_max = 40,
        .write_units_max = 41,
        .class_change_ms = 1700000000127,
        .is_protected = true,
        .tags = slice_of_text("\001a\001x\001b\002yz"),
        .expiry = slice_of_text("ends"),
    };
}

static inline struct node_record fixture_node(uint64_t id)
{
    return (struct node_record){
        .id = id,
        .name = slice_of_text("node-a"),
        .address = slice_of_text("10.0.0.1:7000"),
        .host = slice_of_text("host-a"),
        .zone = slice_of_text("zone-a"),
        .instance = UINT64_MAX,
    };
}

static inline struct settings fixture_settings(void)
{
    return (struct settings){
        .region = slice_of_text("eu-central-1"),
        .cluster_version = 2,
        .tablet_count = 128,
        .node_count = 3,
        .is_serving = true,
        .next_node_id = 4,
        .next_incarnation = 385,
        .next_table_uid = 9,
    };
}

/* What must hold for every prefix and for random damage: corrupt, or a record that lasts. */
static inline void fixture_check_damage(struct slice record, fixture_decode_fn decode_fn)
{
    struct random random = random_of_test();
    uint8_t *damaged = memory_copy(record.bytes, record.size);
    for (int i = 0; i < 20000; i++) {
        size_t size = random_one_in(&random, 2) ? record.size
                                                : (size_t)random_below(&random, record.size + 1);
        memcpy(damaged, record.bytes, record.size);
        for (uint64_t flips = random_below(&random, 4); flips > 0 && size > 0; flips--)
            damaged[random_below(&random, size)] = (uint8_t)random_next(&random);
        /* Of its exact size, so that a sanitizer sees reads past the end. */
        uint8_t *exact = memory_copy(damaged, size);
        SCOPED(buffer) once = {0};
        SCOPED(buffer) twice = {0};
        enum status status = decode_fn(slice_of(exact, size), &once);
        assert_true(status == STATUS_OK || status == STATUS_CORRUPT);
        if (status == STATUS_OK) {
            assert_int_equal(decode_fn(buffer_slice(&once), &twice), STATUS_OK);
            assert_true(slice_is_equal(buffer_slice(&once), buffer_slice(&twice)));
        }
        memory_free(exact);
    }
    memory_free(damaged);
}

/* A field of a later version, between and after those known, changes nothing. */
static inline void fixture_check_unknown_tags(struct slice record, fixture_decode_fn decode_fn)
{
    SCOPED(buffer) later = {0};
    SCOPED(buffer) again = {0};
    fields_begin(&later);
    fields_put_bytes(&later, FIXTURE_UNKNOWN_TAG, slice_of_text("\xff is not a number"));
    buffer_append(&later, slice_skip(record, 1));
    fields_put_bytes(&later, FIXTURE_UNKNOWN_TAG + 1, (struct slice){0});

    assert_int_equal(decode_fn(buffer_slice(&later), &again), STATUS_OK);

    assert_true(slice_is_equal(buffer_slice(&again), record));
}

/* A record of the given one and one more field, which overrides an earlier one. */
static inline enum status fixture_decode_with(struct slice record, unsigned tag, struct slice value,
                                              fixture_decode_fn decode_fn)
{
    SCOPED(buffer) changed = {0};
    SCOPED(buffer) again = {0};
    buffer_append(&changed, record);
    fields_put_bytes(&changed, tag, value);
    return decode_fn(buffer_slice(&changed), &again);
}

static inline enum status fixture_decode_with_number(struct slice record, unsigned tag,
                                                     uint64_t number, fixture_decode_fn decode_fn)
{
    SCOPED(buffer) value = {0};
    buffer_append_varint(&value, number);
    return fixture_decode_with(record, tag, buffer_slice(&value), decode_fn);
}
