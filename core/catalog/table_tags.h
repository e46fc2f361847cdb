/*
 * Table tags: the names and values that users put on a table, as one run of bytes.
 *
 *     tags := { key sized . value sized }     keys ascending, each once, at most TABLE_TAGS_MAX
 *
 * A list of keys alone is `{ key sized }`, in any order.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_TAGS_MAX = 50 };

struct table_tag {
    struct slice key;
    struct slice value;
};

/* Well formed, in order, and not too many. The functions below take only such tags. */
bool table_tags_are_valid(struct slice tags);

/* Every key is there in full. */
bool table_tags_are_valid_keys(struct slice keys);

/* Takes the first tag off; false when there is none. */
bool table_tags_next(struct slice *tags, struct table_tag *out_tag);

size_t table_tags_count(struct slice tags);

/* Adds a tag, or gives the one of its key another value. */
void table_tags_put(struct buffer *tags, struct table_tag tag);

/* Appends `tags` and those of `more`, whose values win. */
void table_tags_merge(struct slice tags, struct slice more, struct buffer *out_tags);

/* Appends those of `tags` whose keys are not among `keys`. */
void table_tags_without(struct slice tags, struct slice keys, struct buffer *out_tags);
