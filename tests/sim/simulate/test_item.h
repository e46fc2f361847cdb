/*
 * Test item: an item that tells which operation wrote it, and of which every byte is determined.
 *
 *     copy   binary: the operation's id again     table  binary: the table's uid
 *     filler binary: as many bytes as it drew     row    string: the key attribute
 *     op     binary: the operation's id           count  number: 1, and updates since a put
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "tests/sim/simulate/history.h"

struct item_builder;

/* Borrows from the builder. */
struct slice test_item_build(struct item_builder *builder, const struct operation *put);

/* What stands in the item but its key and its count; and one more to count. */
void test_item_update(struct slice item, struct buffer *tree);

/* The row is as the operation left it. */
void test_item_condition(uint64_t writer, struct buffer *tree);

/* The item of a row's key. */
struct slice test_item_of_key(struct item_builder *builder, uint32_t number);

/* What the item has counted to. */
uint64_t test_item_count(struct slice item);

/* The id that the item names; STATUS_CORRUPT when it is no item, or none of these. */
MUST_USE enum status test_item_writer(struct slice item, uint64_t *out_id);

/* Appends the encoded primary key of a row. */
void test_item_key(struct buffer *key, uint32_t number);
