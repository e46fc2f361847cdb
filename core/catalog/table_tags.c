#include "core/catalog/table_tags.h"

#include "core/base/byte_order.h"
#include "core/base/check.h"

static bool next_sized(struct slice *rest, struct slice *out_bytes)
{
    struct byte_reader reader = byte_reader_of(*rest);
    struct slice bytes = byte_reader_sized(&reader);
    if (reader.has_failed)
        return false;
    *rest = reader.rest;
    *out_bytes = bytes;
    return true;
}

bool table_tags_are_valid(struct slice tags)
{
    struct table_tag tag;
    struct slice last = {0};
    for (size_t count = 0; tags.size > 0; count++) {
        if (count == TABLE_TAGS_MAX || !next_sized(&tags, &tag.key) ||
            !next_sized(&tags, &tag.value))
            return false;
        if (tag.key.size == 0 || slice_compare(last, tag.key) >= 0)
            return false;
        last = tag.key;
    }
    return true;
}

bool table_tags_are_valid_keys(struct slice keys)
{
    struct slice key;
    while (keys.size > 0)
        if (!next_sized(&keys, &key))
            return false;
    return true;
}

bool table_tags_next(struct slice *tags, struct table_tag *out_tag)
{
    if (tags->size == 0)
        return false;
    CHECK(next_sized(tags, &out_tag->key));
    CHECK(next_sized(tags, &out_tag->value));
    return true;
}

size_t table_tags_count(struct slice tags)
{
    struct table_tag tag;
    size_t count = 0;
    while (table_tags_next(&tags, &tag))
        count++;
    return count;
}

static void append(struct buffer *tags, struct table_tag tag)
{
    buffer_append_sized(tags, tag.key);
    buffer_append_sized(tags, tag.value);
}

void table_tags_put(struct buffer *tags, struct table_tag tag)
{
    SCOPED(buffer) one;
    SCOPED(buffer) merged;
    buffer_init(&one);
    buffer_init(&merged);
    append(&one, tag);
    table_tags_merge(buffer_slice(tags), buffer_slice(&one), &merged);
    buffer_clear(tags);
    buffer_append(tags, buffer_slice(&merged));
}

void table_tags_merge(struct slice tags, struct slice more, struct buffer *out_tags)
{
    struct table_tag old, new;
    bool has_old = table_tags_next(&tags, &old);
    bool has_new = table_tags_next(&more, &new);
    while (has_old || has_new) {
        int order = !has_old ? 1 : !has_new ? -1 : slice_compare(old.key, new.key);
        append(out_tags, order < 0 ? old : new);
        if (order <= 0)
            has_old = table_tags_next(&tags, &old);
        if (order >= 0)
            has_new = table_tags_next(&more, &new);
    }
}

static bool has_key(struct slice keys, struct slice wanted)
{
    struct slice key;
    while (next_sized(&keys, &key))
        if (slice_is_equal(key, wanted))
            return true;
    return false;
}

void table_tags_without(struct slice tags, struct slice keys, struct buffer *out_tags)
{
    struct table_tag tag;
    while (table_tags_next(&tags, &tag))
        if (!has_key(keys, tag.key))
            append(out_tags, tag);
}
