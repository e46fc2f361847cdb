/*
 * Value: one attribute value, read where it stands in an item's bytes.
 *
 * Ownership: values and slices borrow from the item's bytes.
 * Errors:    none. The bytes have passed item_check, or came from an item_builder; a value that
 *            breaks the format stops the process.
 */
#pragma once

#include "core/base/byte_order.h"
#include "core/base/slice.h"
#include "core/model/number.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* On disk: never renumber. */
enum value_type {
    VALUE_STRING = 1,
    VALUE_NUMBER = 2,
    VALUE_BINARY = 3,
    VALUE_NULL = 4,
    VALUE_FALSE = 5,
    VALUE_TRUE = 6,
    VALUE_LIST = 7,
    VALUE_MAP = 8,
    VALUE_STRING_SET = 9,
    VALUE_NUMBER_SET = 10,
    VALUE_BINARY_SET = 11,
};

/* One value: its type and its payload as it stands in the item. */
struct value {
    enum value_type type;
    struct slice payload;
};

/* "S", "N", "B", "NULL", "BOOL", "L", "M", "SS", "NS" or "BS". */
const char *value_type_name(enum value_type type);

/* The type of that name, VALUE_TRUE for both of "BOOL"; 0 when it names none. */
enum value_type value_type_of_name(struct slice name);

/* VALUE_STRING, VALUE_NUMBER or VALUE_BINARY for a set, else 0. */
enum value_type value_type_element(enum value_type type);

/* The bytes of a string or binary value. */
struct slice value_bytes(struct value value);

/* The number of a number value. */
struct number value_number(struct value value);

/* What DynamoDB counts for the value against the item limit, in bytes (docs/formats/item.md). */
size_t value_size(struct value value);

/* How many lists and maps stand within each other: 0 for all other types, 1 for an empty list. */
unsigned value_depth(struct value value);

/* Walks the attributes of an item, or the elements of a list, map or set. */
struct value_cursor {
    struct byte_reader reader;
    uint64_t left_count;
    enum value_type element_type; /* of a set: VALUE_STRING, VALUE_NUMBER or VALUE_BINARY; else 0 */
    bool has_names;
};

/* Of a value that is no container: one without elements. */
struct value_cursor value_cursor(struct value value);

/* False at the end. `out_name` is empty for elements of lists and sets. */
bool value_cursor_next(struct value_cursor *cursor, struct slice *out_name,
                       struct value *out_value);

/*
 * Finds an entry by its name from here on; false when there is none. Entries have names, and stand
 * in their order: the cursor stops behind the entry, or behind the first that comes after it.
 */
bool value_cursor_find(struct value_cursor *cursor, struct slice name, struct value *out_value);
