#include "core/base/check.h"
#include "replication/log/log_private.h"

enum { CAPACITY_MIN = 16, CAPACITY_KEPT = 1024 };

struct log_group *log_group_create(uint32_t id, uint64_t incarnation)
{
    CHECK(incarnation > 0);
    struct log_group *group = memory_alloc_zeroed(sizeof *group);
    group->id = id;
    group->incarnation = incarnation;
    group->first_index = 1;
    return group;
}

static struct log_item *item_at(const struct log_group *group, size_t position)
{
    return &group->items[(group->item_start + position) & (group->item_capacity - 1)];
}

static void item_drop(struct log_item *item, uint64_t lsn)
{
    CHECK(item->segment->live_count > 0);
    item->segment->live_count--;
    if (item->segment->free_lsn < lsn)
        item->segment->free_lsn = lsn;
    memory_free(item->bytes);
}

static void drop_last(struct log_group *group, size_t count, uint64_t lsn)
{
    for (size_t i = 0; i < count; i++)
        item_drop(item_at(group, --group->item_count), lsn);
}

/* A burst's memory is given back once the group is empty. */
static void items_shrink(struct log_group *group)
{
    if (group->item_count > 0 || group->item_capacity <= CAPACITY_KEPT)
        return;
    memory_free(group->items);
    group->items = NULL;
    group->item_capacity = 0;
    group->item_start = 0;
}

static void drop_first(struct log_group *group, size_t count, uint64_t lsn)
{
    for (size_t i = 0; i < count; i++) {
        item_drop(item_at(group, 0), lsn);
        group->item_start = (group->item_start + 1) & (group->item_capacity - 1);
        group->item_count--;
    }
    group->first_index += count;
    items_shrink(group);
}

void log_group_destroy(struct log_group *group, uint64_t lsn)
{
    if (group == NULL)
        return;
    drop_last(group, group->item_count, lsn);
    memory_free(group->items);
    memory_free((void *)group->base.configuration.bytes);
    memory_free(group);
}

static void items_grow(struct log_group *group)
{
    size_t capacity = group->item_capacity == 0 ? CAPACITY_MIN : group->item_capacity * 2;
    struct log_item *items = memory_alloc(capacity * sizeof *items);
    for (size_t i = 0; i < group->item_count; i++)
        items[i] = *item_at(group, i);
    memory_free(group->items);
    group->items = items;
    group->item_start = 0;
    group->item_capacity = capacity;
}

struct log_item *log_group_item(const struct log_group *group, uint64_t index)
{
    if (index < group->first_index || index - group->first_index >= group->item_count)
        return NULL;
    return item_at(group, (size_t)(index - group->first_index));
}

/* While a log is replayed, the dropped entries may begin in a segment that is gone. */
static void drop_from(struct log_group *group, uint64_t index, uint64_t lsn)
{
    if (index < group->first_index) {
        drop_last(group, group->item_count, lsn);
        group->first_index = index;
    }
    drop_last(group, (size_t)(group->first_index + group->item_count - index), lsn);
}

void log_group_put(struct log_group *group, const struct log_entry *entry,
                   const struct log_place *place)
{
    CHECK(entry->index > group->base.index);
    CHECK(entry->index <= log_group_last_index(group) + 1);
    /* The bytes may be those of an entry that is dropped next. */
    uint8_t *bytes = memory_copy(entry->bytes.bytes, entry->bytes.size);
    drop_from(group, entry->index, place->lsn);
    if (group->item_count == group->item_capacity)
        items_grow(group);
    *item_at(group, group->item_count++) = (struct log_item){
        .term = entry->term,
        .segment = place->segment,
        .bytes = bytes,
        .offset = (uint32_t)place->offset,
        .size = (uint32_t)entry->bytes.size,
        .type = entry->type,
    };
    place->segment->live_count++;
}

uint64_t log_group_last_after(const struct log_group *group, const struct log_base *base)
{
    const struct log_item *item = log_group_item(group, base->index);
    uint64_t last = log_group_last_index(group);
    bool is_other_history = item != NULL && item->term != base->term;
    return base->index >= last || is_other_history ? base->index : last;
}

void log_group_set_base(struct log_group *group, const struct record_base *base, uint64_t lsn)
{
    uint64_t index = base->base.index;
    CHECK(index >= group->base.index);
    CHECK(base->last_index >= index);
    if (base->last_index == index)
        drop_last(group, group->item_count, lsn);
    if (group->item_count == 0)
        group->first_index = base->last_index + 1;
    else if (index >= group->first_index)
        drop_first(group, (size_t)(index + 1 - group->first_index), lsn);

    const struct slice configuration = base->base.configuration;
    void *copy = memory_copy(configuration.bytes, configuration.size);
    memory_free((void *)group->base.configuration.bytes);
    group->base = base->base;
    group->base.configuration = slice_of(copy, configuration.size);
}

struct record log_group_record(const struct log_group *group)
{
    return (struct record){
        .type = RECORD_GROUP,
        .group_id = group->id,
        .incarnation = group->incarnation,
        .commit_hint = group->commit_hint,
        .group = {.vote = group->vote,
                  .base = {.base = group->base, .last_index = log_group_last_index(group)}},
    };
}

uint32_t log_group_id(const struct log_group *group)
{
    return group->id;
}

uint64_t log_group_incarnation(const struct log_group *group)
{
    return group->incarnation;
}

uint64_t log_group_term(const struct log_group *group)
{
    return group->vote.term;
}

uint64_t log_group_vote(const struct log_group *group)
{
    return group->vote.vote;
}

uint64_t log_group_commit_hint(const struct log_group *group)
{
    return group->commit_hint;
}

struct log_base log_group_base(const struct log_group *group)
{
    return group->base;
}

uint64_t log_group_last_index(const struct log_group *group)
{
    return group->first_index + group->item_count - 1;
}

void log_set_commit_hint(struct log_group *group, uint64_t commit_index)
{
    group->commit_hint = commit_index;
}

bool log_group_find_term(const struct log_group *group, uint64_t index, uint64_t *out_term)
{
    const struct log_item *item = log_group_item(group, index);
    if (item == NULL && index != group->base.index)
        return false;
    *out_term = item != NULL ? item->term : group->base.term;
    return true;
}

bool log_group_find_entry(const struct log_group *group, uint64_t index,
                          struct log_entry *out_entry)
{
    const struct log_item *item = log_group_item(group, index);
    if (item == NULL || item->bytes == NULL)
        return false;
    *out_entry = (struct log_entry){
        .index = index,
        .term = item->term,
        .type = item->type,
        .bytes = slice_of(item->bytes, item->size),
    };
    return true;
}

static bool is_written(const struct log_item *item)
{
    return item->offset < item->segment->written_end;
}

/* Goes down, and stops at what an earlier call released: each entry is released once. */
void log_group_release(struct log_group *group, uint64_t index)
{
    uint64_t last = log_group_last_index(group);
    for (uint64_t at = index < last ? index : last;; at--) {
        struct log_item *item = log_group_item(group, at);
        if (item == NULL || item->bytes == NULL)
            return;
        /* What is not on its way to the disk yet can be read from memory only. */
        if (!is_written(item))
            continue;
        memory_free(item->bytes);
        item->bytes = NULL;
    }
}
