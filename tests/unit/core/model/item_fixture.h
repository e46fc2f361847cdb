/*
 * For tests of items: short words for building them.
 */
#pragma once

#include "core/model/item.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static inline struct number number_of(const char *text)
{
    struct number number;
    assert_int_equal(number_parse(slice_of_text(text), &number), NUMBER_FAULT_NONE);
    return number;
}

static inline void put_string(struct item_builder *builder, const char *name, const char *text)
{
    item_builder_name(builder, slice_of_text(name));
    item_builder_string(builder, slice_of_text(text));
}

static inline void put_number(struct item_builder *builder, const char *name, const char *text)
{
    item_builder_name(builder, slice_of_text(name));
    item_builder_number(builder, number_of(text));
}

static inline void open_named(struct item_builder *builder, const char *name, enum value_type type)
{
    item_builder_name(builder, slice_of_text(name));
    item_builder_open(builder, type);
}

/* `count` lists within each other, the outermost named "deep". */
static inline void open_lists(struct item_builder *builder, unsigned count)
{
    item_builder_name(builder, slice_of_text("deep"));
    for (unsigned i = 0; i < count; i++)
        item_builder_open(builder, VALUE_LIST);
}

static inline void close_containers(struct item_builder *builder, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        item_builder_close(builder);
}

/* The finished item, which has passed item_check. */
static inline struct slice finished(struct item_builder *builder)
{
    struct slice item;
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_NONE);
    assert_int_equal(item_check(item), STATUS_OK);
    return item;
}

static inline struct value found(struct slice item, const char *name)
{
    struct value value;
    assert_true(item_find(item, slice_of_text(name), &value));
    return value;
}

#define ASSERT_BYTES(actual, ...)                                                                  \
    do {                                                                                           \
        struct slice actual_ = (actual);                                                           \
        const uint8_t expected_[] = {__VA_ARGS__};                                                 \
        assert_int_equal(actual_.size, sizeof expected_);                                          \
        assert_memory_equal(actual_.bytes, expected_, sizeof expected_);                           \
    } while (0)
