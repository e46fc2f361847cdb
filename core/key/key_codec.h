/*
 * Key codec: key values as bytes that sort as the values do, and delimit themselves.
 *
 *     key value := tag u8 (the value_type) . body
 *     N         := number_key_encode's bytes
 *     S, B      := the bytes, each 00 written as 00 FF, then 00 01
 *
 * An item's primary key, as it travels and as it ends a row's key on disk, is its partition key
 * value followed by its sort key value, if the table has one.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/model/item.h"

/* Appends a string, number or binary value. */
void key_encode_value(struct buffer *buffer, struct value value);

/*
 * Takes one key value off the front of `key`. The payload of `out_value` is in the item's form (so
 * that item_builder_value takes it); it stands in `scratch`, whose former content goes, and holds
 * until that changes. STATUS_CORRUPT when it is none; `key` is then unchanged.
 */
MUST_USE enum status key_decode_value(struct slice *key, struct buffer *scratch,
                                      struct value *out_value);

/* How many bytes of `key` its first key value takes. STATUS_CORRUPT when it is none. */
MUST_USE enum status key_value_size(struct slice key, size_t *out_size);
