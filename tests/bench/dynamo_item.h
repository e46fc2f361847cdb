/*
 * Items of a load: an item's content follows from its number alone, so that whoever reads it can
 * tell whether it is right.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ITEM_SIZE_MIN = 100,
    ITEM_SIZE_MAX = 400 << 10,
    ITEM_SIZE_CLASSES_MAX = 4,
    ITEM_PARTITION_COUNT = 100,   /* items that have the same id, in a table with a sort key */
    ITEM_REVISION_COUNT = 900000, /* so many items can be told apart by their revisions */
};

/* How large items are, as DynamoDB counts: names and values. */
struct item_sizes {
    struct item_size_class {
        uint32_t smallest;
        uint32_t largest;
        uint32_t weight; /* this many of every weight_sum items */
    } classes[ITEM_SIZE_CLASSES_MAX];
    size_t class_count;
    uint32_t weight_sum;
};

/* Reads "SMALLEST[-LARGEST][:WEIGHT],...", such as 350:9,8192-65536:1. STATUS_INVALID if not so. */
MUST_USE enum status item_sizes_parse(const char *text, struct item_sizes *out_sizes);

uint32_t item_size_of(const struct item_sizes *sizes, uint64_t number);

struct item_form {
    struct item_sizes sizes;
    bool is_sorted; /* "place", a number, is the sort key */
};

/* {"S":"..."}, what the item's "id" is, the partition key. */
void item_append_id(const struct item_form *form, uint64_t number, struct buffer *out);
/* {"id":{"S":"..."}}, the table's key, and "place" if that is the sort key. */
void item_append_key(const struct item_form *form, uint64_t number, struct buffer *out);
/* {"N":"..."}, what the item's "revision" is. */
void item_append_revision(uint64_t number, struct buffer *out);
void item_append(const struct item_form *form, uint64_t number, struct buffer *out);

/* Whether the answer to a GetItem shows this item; `thorough` looks at every value. */
bool item_is_answer(const struct item_form *form, uint64_t number, struct slice answer,
                    bool thorough);

/* Leaves what comes behind the item, if the answer has it with all its values. */
bool item_take(const struct item_form *form, uint64_t number, struct slice *answer);

/* The number of the first item that is shown, by its revision; false when there is none. */
bool item_first_number(struct slice answer, uint64_t *out_number);
