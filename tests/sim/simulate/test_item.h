/*
 * Test item: an item that tells which operation wrote it, and of which every byte is determined.
 *
 *     copy   binary: the operation's id again     table  binary: the table's uid
 *     filler binary: as many bytes as it drew     row    string: the key attribute
 *     op     binary: the operation's id
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "tests/sim/simulate/history.h"

struct item_builder;

/* Borrows from the builder. */
struct slice test_item_build(struct item_builder *builder, const struct operation *put);

/* The id that the item names; STATUS_CORRUPT when it is no item, or none of these. */
MUST_USE enum status test_item_writer(struct slice item, uint64_t *out_id);

/* Appends the encoded primary key of a row. */
void test_item_key(struct buffer *key, uint32_t number);
