/*
 * Item: named attribute values, as bytes in one canonical, versioned form.
 *
 * An item travels and rests as these bytes; there is no tree. Canonical: attributes and the entries
 * of maps stand in the order of their names, elements of sets in the order of their bytes, numbers
 * normalised; so equal items are equal bytes. docs/formats/item.md has the layout:
 *
 *     item   := version u8 (ITEM_VERSION) . count varint . { name sized . value }
 *     value  := type u8 . payload
 *     S, B   := sized bytes                     (sized: varint size, then the bytes)
 *     N      := number_key_encode's bytes
 *     NULL   := nothing; BOOL is two types, false and true
 *     SS, BS := size u32 . count varint . { sized bytes }
 *     NS     := size u32 . count varint . { number key }
 *     L      := size u32 . count varint . { value }
 *     M      := size u32 . count varint . { name sized . value }
 *
 * `size u32` counts the bytes that follow it in the value, so that a reader can skip.
 *
 * Ownership: slices and values borrow from the item's bytes.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/byte_order.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/model/number.h"

#include <stdbool.h>
#include <stdint.h>

enum { ITEM_VERSION = 1 };

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

/* The bytes of a string or binary value. */
struct slice value_bytes(struct value value);

/* The number of a number value. */
struct number value_number(struct value value);

/* Walks the attributes of an item, or the elements of a list, map or set. */
struct value_cursor {
    struct byte_reader reader;
    uint64_t left_count;
    enum value_type element_type; /* of a set: VALUE_STRING, VALUE_NUMBER or VALUE_BINARY; else 0 */
    bool has_names;
};

struct value_cursor item_cursor(struct slice item);
struct value_cursor value_cursor(struct value value);

/* False at the end. `out_name` is empty for elements of lists and sets. */
bool value_cursor_next(struct value_cursor *cursor, struct slice *out_name, struct value *out_value);

/* False when the item has no such attribute. */
bool item_find(struct slice item, struct slice name, struct value *out_value);

/* What DynamoDB counts against the limit of 409,600 bytes: names and values (semantics 7.1). */
size_t item_size(struct slice item);
size_t value_size(struct value value);

/* STATUS_CORRUPT unless the bytes are exactly one item in canonical form, at most 32 levels deep. */
MUST_USE enum status item_check(struct slice item);

/*
 * Builder: values in any order in, canonical bytes out. The caller names each attribute or map entry
 * before its value. Faults (duplicates, depth) are remembered and returned by item_builder_finish
 * first-come, so that a parser need not ask after each call.
 */
enum item_fault {
    ITEM_FAULT_NONE,
    ITEM_FAULT_DUPLICATE_NAME,    /* within the item or one map */
    ITEM_FAULT_DUPLICATE_ELEMENT, /* within one set */
    ITEM_FAULT_EMPTY_SET,
    ITEM_FAULT_DEPTH, /* more than LIMIT_ITEM_DEPTH levels */
    ITEM_FAULT_TOO_LARGE, /* more than LIMIT_REQUEST_SIZE bytes */
};

struct item_builder;

struct item_builder *item_builder_create(void);
void item_builder_destroy(struct item_builder *builder);
DEFINE_CLEANUP(item_builder)

/* Forgets everything but its memory. */
void item_builder_reset(struct item_builder *builder);

void item_builder_name(struct item_builder *builder, struct slice name);
void item_builder_string(struct item_builder *builder, struct slice text);
void item_builder_binary(struct item_builder *builder, struct slice bytes);
void item_builder_number(struct item_builder *builder, struct number number);
void item_builder_bool(struct item_builder *builder, bool is_true);
void item_builder_null(struct item_builder *builder);

/* A value taken from another item, as it is. */
void item_builder_value(struct item_builder *builder, struct value value);

/* VALUE_LIST, VALUE_MAP or a set; its elements follow, and item_builder_close. */
void item_builder_open(struct item_builder *builder, enum value_type container);
void item_builder_close(struct item_builder *builder);

/* The item; it borrows from the builder until its reset. */
MUST_USE enum item_fault item_builder_finish(struct item_builder *builder, struct slice *out_item);
