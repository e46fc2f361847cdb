/*
 * For tests of expressions that ask nothing about work: a bound that none of them reaches.
 */
#pragma once

#include "core/expression/path_lookup.h"

static inline struct work *endless_work(void)
{
    static struct work work;
    work = (struct work){.max = UINT64_MAX};
    return &work;
}

static inline struct item_reader *endless_reader(struct slice item)
{
    static struct item_reader reader;
    reader = item_reader_of(item, endless_work());
    return &reader;
}
