#include "core/base/check.h"
#include "replication/log/log_private.h"

/* One entry to be read: where its record stands, or its bytes, if they were still in memory. */
struct read_item {
    struct log_segment *segment;
    uint64_t offset;
    struct log_entry entry;
    struct buffer bytes;
};

struct log_read {
    struct list link; /* in log->reads */
    struct log *log;
    uint32_t group_id;
    uint64_t incarnation;
    struct env_work work;
    struct read_item *items;
    size_t item_count;
    enum status status;
    log_read_fn fn;
    void *context;
};

/* --- On a worker --- */

static bool is_the_one(const struct log_read *read, const struct read_item *item,
                       const struct record *record)
{
    return record->type == RECORD_ENTRY && record->group_id == read->group_id &&
           record->incarnation == read->incarnation && record->entry.index == item->entry.index &&
           record->entry.term == item->entry.term;
}

/* Checks the bytes again: they may have rotted since they were written. */
static enum status item_read(const struct log_read *read, struct read_item *item)
{
    struct record record = {.type = RECORD_ENTRY, .entry = item->entry};
    size_t wanted = record_size(&record);
    size_t size;
    uint8_t *bytes = buffer_reserve(&item->bytes, wanted);
    TRY(env_file_read(item->segment->file, item->offset, bytes, wanted, &size));
    TRY(record_decode(slice_of(bytes, size), item->segment->life, item->offset, &record));
    if (!is_the_one(read, item, &record))
        return STATUS_CORRUPT;
    item->entry = record.entry;
    return STATUS_OK;
}

static enum status items_read(struct log_read *read)
{
    for (size_t i = 0; i < read->item_count; i++)
        if (read->items[i].entry.bytes.bytes == NULL)
            TRY(item_read(read, &read->items[i]));
    return STATUS_OK;
}

static void on_work(void *context)
{
    struct log_read *read = context;
    read->status = items_read(read);
}

/* --- On the loop --- */

static void item_gather(struct read_item *item, const struct log_item *source, uint64_t index)
{
    item->segment = source->segment;
    item->segment->reader_count++;
    item->offset = source->offset;
    item->entry.index = index;
    item->entry.term = source->term;
    item->entry.type = source->type;
    item->entry.bytes.size = source->size;
    if (source->bytes == NULL)
        return;
    buffer_append(&item->bytes, slice_of(source->bytes, source->size));
    buffer_reserve(&item->bytes, 1); /* so that there are bytes, even if none count */
    item->entry.bytes = buffer_slice(&item->bytes);
}

/* At least one, if it is there. */
static void gather(struct log_read *read, const struct log_group *group, uint64_t first,
                   size_t count)
{
    uint64_t last = log_group_last_index(group);
    uint64_t present = first <= last ? last - first + 1 : 0;
    count = count < present ? count : (size_t)present;
    count = count < LOG_READ_COUNT_MAX ? count : LOG_READ_COUNT_MAX;
    read->items = memory_alloc_zeroed(count * sizeof *read->items);
    size_t bytes = 0;
    for (size_t i = 0; i < count && bytes < LOG_READ_SIZE_MAX; i++) {
        const struct log_item *source = log_group_item(group, first + i);
        if (source == NULL)
            return;
        item_gather(&read->items[i], source, first + i);
        read->item_count++;
        bytes += source->size;
    }
}

static void log_read_destroy(struct log_read *read)
{
    for (size_t i = 0; i < read->item_count; i++)
        buffer_deinit(&read->items[i].bytes);
    memory_free(read->items);
    memory_free(read);
}

static bool is_still_there(const struct log_group *group, const struct read_item *item)
{
    const struct log_item *now = log_group_item(group, item->entry.index);
    return now != NULL && now->segment == item->segment && now->offset == item->offset;
}

/* How many of those read are still in the group's log. */
static size_t count_valid(const struct log_read *read)
{
    const struct log_group *group = log_find_group(read->log, read->group_id);
    size_t count = 0;
    if (group == NULL || group->incarnation != read->incarnation)
        return 0;
    while (count < read->item_count && is_still_there(group, &read->items[count]))
        count++;
    return count;
}

static void answer(const struct log_read *read)
{
    size_t count = count_valid(read);
    enum status status = count == 0 ? STATUS_NOT_FOUND : read->status;
    struct log_entry *entries = memory_alloc(count * sizeof *entries);
    for (size_t i = 0; i < count; i++)
        entries[i] = read->items[i].entry;
    read->fn(read->context, status, entries, status == STATUS_OK ? count : 0);
    memory_free(entries);
}

static void on_done(void *context)
{
    struct log_read *read = context;
    struct log *log = read->log;
    list_remove(&read->link);
    if (log_work_end(log)) {
        for (size_t i = 0; i < read->item_count; i++)
            read->items[i].segment->reader_count--;
        log_keeper_wake(log);
        answer(read);
    }
    log_read_destroy(read);
}

void log_group_read(struct log *log, struct log_group *group, uint64_t first_index, size_t count,
                    log_read_fn fn, void *context)
{
    CHECK(count > 0);
    struct log_read *read = memory_alloc_zeroed(sizeof *read);
    read->log = log;
    read->group_id = group->id;
    read->incarnation = group->incarnation;
    read->fn = fn;
    read->context = context;
    gather(read, group, first_index, count);
    list_append(&log->reads, &read->link);
    log_work_start(log, &read->work, on_work, on_done, read);
}

void log_reads_forget(struct log *log)
{
    struct list *link;
    while ((link = list_take_first(&log->reads)) != NULL)
        log_read_destroy(LIST_ELEMENT(link, struct log_read, link));
}
