/*
 * Table change: what is to become of an active table's settings; all of it at once, or nothing.
 *
 * The catalog's leader applies it to the table as it is then. A pure function, and a codec.
 *
 * Ownership: a change borrows the bytes it was decoded from.
 */
#pragma once

#include "core/catalog/result.h"
#include "core/catalog/table.h"

enum table_change_expiry {
    TABLE_CHANGE_EXPIRY_NONE = 0, /* stays as it is */
    TABLE_CHANGE_EXPIRY_ENABLE = 1,
    TABLE_CHANGE_EXPIRY_DISABLE = 2,
};

enum table_change_protection {
    TABLE_CHANGE_PROTECTION_NONE = 0, /* stays as it is */
    TABLE_CHANGE_PROTECTION_ON = 1,
    TABLE_CHANGE_PROTECTION_OFF = 2,
};

/* A bound of on demand throughput that is taken away. */
#define TABLE_CHANGE_NO_BOUND UINT64_MAX

/* Whatever is zero, or empty, stays as it is. */
struct table_change {
    enum table_billing billing;
    uint64_t read_units; /* both, or none */
    uint64_t write_units;
    uint64_t read_units_max; /* or TABLE_CHANGE_NO_BOUND */
    uint64_t write_units_max;
    enum table_class class;
    enum table_change_protection protection;
    struct slice tags;             /* to be put: core/catalog/table_tags.h */
    struct slice tag_keys_removed; /* a list of keys */
    enum table_change_expiry expiry;
    struct slice expiry_attribute;
};

void table_change_encode(const struct table_change *change, struct buffer *record);

/* STATUS_CORRUPT when the bytes are no change. */
MUST_USE enum status table_change_decode(struct slice record, struct table_change *out_change);

/*
 * CATALOG_DONE, and the table is as was asked; its tags then borrow `room`. Otherwise what is
 * against it, and the table is as it was.
 */
enum catalog_result table_change_apply(const struct table_change *change, uint64_t now_ms,
                                       struct buffer *room, struct table *table);

/* When units may be lowered again, of a table whose lowering was refused. */
uint64_t table_change_next_lowering_ms(const struct table *table);
