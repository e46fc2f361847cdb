/*
 * Consumed capacity: what an operation on one item of a table without indexes is charged.
 */
#pragma once

#include "core/json/json_writer.h"

#include <stddef.h>
#include <stdint.h>

enum consumed_capacity_detail {
    CONSUMED_CAPACITY_NONE,
    CONSUMED_CAPACITY_TOTAL,
    CONSUMED_CAPACITY_INDEXES, /* the table's part too */
};

/* Of ReturnConsumedCapacity; empty means NONE. */
enum consumed_capacity_detail consumed_capacity_detail_of(struct slice text);

/* In half units. A missing item has the size 0, and costs as much as the smallest. */
uint64_t consumed_capacity_of_read(size_t item_size, bool is_consistent);
uint64_t consumed_capacity_of_write(size_t old_item_size, size_t new_item_size);

/* As an object; of a batch's table, which may be one of several. */
void consumed_capacity_write_object(struct json_writer *writer,
                                    enum consumed_capacity_detail detail, struct slice table_name,
                                    uint64_t half_units);

/* The member ConsumedCapacity, unless nobody asked; the table is called what the client called it.
 */
void consumed_capacity_write(struct json_writer *writer, enum consumed_capacity_detail detail,
                             struct slice table_name, uint64_t half_units);
