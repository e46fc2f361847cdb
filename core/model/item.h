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
 * Depth: up to LIMIT_ITEM_DEPTH lists and maps stand within each other, and the innermost may hold
 * scalars and sets. One more list or map is refused, though it be empty.
 *
 * Ownership: slices and values borrow from the item's bytes.
 * Errors:    all but item_check take bytes that have passed it, or came from a builder; others
 *            stop the process.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/model/number.h"
#include "core/model/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ITEM_VERSION = 1 };

/* Walks the attributes, in the order of their names. */
struct value_cursor item_cursor(struct slice item);

/* False when the item has no such attribute. */
bool item_find(struct slice item, struct slice name, struct value *out_value);

/* What DynamoDB counts against the limit of 409,600 bytes: names and values. */
size_t item_size(struct slice item);

/* STATUS_CORRUPT unless the bytes are exactly one item in canonical form, of an allowed depth. */
MUST_USE enum status item_check(struct slice item);

/* As item_check, for a value that stands alone: `type u8 . payload`, and nothing behind it. */
MUST_USE enum status item_check_value(struct slice bytes, struct value *out_value);

/*
 * Builder: values in any order in, canonical bytes out. The caller names each attribute or map
 * entry before its value. The first fault (duplicates, depth) is remembered and returned by
 * item_builder_finish, so that a parser need not ask after each call; what follows it is ignored.
 */
enum item_fault {
    ITEM_FAULT_NONE,
    ITEM_FAULT_DUPLICATE_NAME,    /* within the item or one map */
    ITEM_FAULT_DUPLICATE_ELEMENT, /* within one set */
    ITEM_FAULT_EMPTY_SET,
    ITEM_FAULT_DEPTH,     /* more than LIMIT_ITEM_DEPTH levels */
    ITEM_FAULT_TOO_LARGE, /* more than LIMIT_REQUEST_SIZE bytes */
};

struct item_builder;

struct item_builder *item_builder_create(void);
void item_builder_destroy(struct item_builder *builder);
DEFINE_CLEANUP(item_builder)

/* Forgets everything but its memory, of which only an unusual amount is given back. */
void item_builder_reset(struct item_builder *builder);

/* Names and strings are valid UTF-8. */
void item_builder_name(struct item_builder *builder, struct slice name);
void item_builder_string(struct item_builder *builder, struct slice text);
void item_builder_binary(struct item_builder *builder, struct slice bytes);
void item_builder_number(struct item_builder *builder, struct number number);
void item_builder_bool(struct item_builder *builder, bool is_true);
void item_builder_null(struct item_builder *builder);

/* A value taken from another item, as it is. */
void item_builder_value(struct item_builder *builder, struct value value);

/*
 * Elements of a list, or entries of a map or item, as they stand one behind the other in another
 * item and on the same level of it. Entries come behind all others by their names; what comes
 * behind them is told by `last_name`. When that is absent, nothing more may come.
 */
struct value_run {
    struct slice bytes;
    uint64_t count;
    struct slice last_name;
};

void item_builder_run(struct item_builder *builder, struct value_run run);

/* VALUE_LIST, VALUE_MAP or a set; its elements follow, and item_builder_close. */
void item_builder_open(struct item_builder *builder, enum value_type container);
void item_builder_close(struct item_builder *builder);

/* The first fault so far. Duplicates and empty sets are found when their container is closed. */
enum item_fault item_builder_fault(const struct item_builder *builder);

/* The item, once all containers are closed; it borrows from the builder until its reset. */
MUST_USE enum item_fault item_builder_finish(struct item_builder *builder, struct slice *out_item);
