#define _GNU_SOURCE /* qsort_r */
#include "core/model/entry_private.h"

#include <stdlib.h>

enum { INSERTION_COUNT_MAX = 12 };

static int compare_for_qsort(const void *left, const void *right, void *bytes)
{
    return entry_compare(bytes, left, right);
}

/* Most maps are small. */
static void insertion_sort(struct entry *entries, size_t count, const uint8_t *bytes)
{
    for (size_t i = 1; i < count; i++) {
        struct entry entry = entries[i];
        size_t at = i;
        for (; at > 0 && entry_compare(bytes, &entry, &entries[at - 1]) < 0; at--)
            entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}

static bool has_duplicates(const struct entry *entries, size_t count, const uint8_t *bytes)
{
    for (size_t i = 1; i < count; i++)
        if (entry_compare(bytes, &entries[i - 1], &entries[i]) == 0)
            return true;
    return false;
}

bool entries_sort(struct entry *entries, size_t count, struct buffer *bytes, struct buffer *scratch)
{
    size_t start = entries[0].start;
    for (size_t i = 0; i + 1 < count; i++)
        entries[i].size = entries[i + 1].start - entries[i].start;
    entries[count - 1].size = (uint32_t)bytes->size - entries[count - 1].start;

    if (count <= INSERTION_COUNT_MAX)
        insertion_sort(entries, count, bytes->bytes);
    else
        qsort_r(entries, count, sizeof *entries, compare_for_qsort, bytes->bytes);
    if (has_duplicates(entries, count, bytes->bytes))
        return false;

    buffer_clear(scratch);
    uint8_t *to = buffer_reserve(scratch, bytes->size - start);
    for (size_t i = 0; i < count; i++) {
        memcpy(to, bytes->bytes + entries[i].start, entries[i].size);
        to += entries[i].size;
    }
    memcpy(bytes->bytes + start, scratch->bytes, bytes->size - start);
    return true;
}
