/*
 * Table: what a table is: its keys, how it is paid for, how far its creation or deletion has come.
 *
 * Ownership: a table borrows the bytes and the arena it was decoded from.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/key/key_hash.h"
#include "core/model/item.h"

#include <stdbool.h>
#include <stdint.h>

/* In records: never renumber. */
enum table_status {
    TABLE_CREATING = 1,
    TABLE_ACTIVE = 2,
    TABLE_DELETING = 3,
};

enum table_billing {
    TABLE_BILLING_PROVISIONED = 1,
    TABLE_BILLING_ON_DEMAND = 2,
};

enum table_class {
    TABLE_CLASS_STANDARD = 1,
    TABLE_CLASS_INFREQUENT_ACCESS = 2,
};

/* A key attribute: VALUE_STRING, VALUE_NUMBER or VALUE_BINARY. */
struct table_attribute {
    struct slice name;
    enum value_type type;
};

struct table {
    uint64_t uid; /* never reused */
    struct slice name;
    enum table_status status;
    uint64_t created_ms; /* since 1970 */
    uint8_t hash_key[HASH_KEY_SIZE];
    uint32_t ring;
    struct table_attribute partition_key;
    struct table_attribute sort_key;
    bool has_sort_key;
    bool is_sort_key_defined_first; /* the order in which its attributes were declared */
    enum table_billing billing;
    uint64_t read_units;
    uint64_t write_units;
    uint64_t units_raised_ms;  /* since 1970; 0: never */
    uint64_t units_lowered_ms; /* 0: never */
    uint64_t lowered_count;    /* on the UTC day of units_lowered_ms */
    uint64_t on_demand_ms;     /* when its billing was changed to on demand; 0: never */
    uint64_t read_units_max;   /* on demand; 0: no bound */
    uint64_t write_units_max;
    enum table_class class;
    bool has_class;           /* it has been named */
    uint64_t class_change_ms; /* 0: never */
    bool is_protected;        /* against deletion */
    struct slice tags;        /* core/catalog/table_tags.h */
    struct slice expiry;      /* the attribute that tells when an item ends; empty: items do not */
};

void table_encode(const struct table *table, struct buffer *record);

/* STATUS_CORRUPT when the bytes are no table. */
MUST_USE enum status table_decode(struct slice record, struct table *out_table);
