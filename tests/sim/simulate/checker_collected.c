#include "tests/sim/simulate/checker_collected.h"

#include "core/base/byte_order.h"
#include "node/engine/keyspace.h"
#include "tests/sim/engine_memory_disk.h"

#include <inttypes.h>

static bool is_known(const struct catalog_view *view, uint64_t uid)
{
    const struct table *table;
    for (size_t i = 0; (table = catalog_view_table_at(view, i)) != NULL; i++)
        if (table->uid == uid)
            return true;
    return false;
}

/* How many rows are left over; the uid of the last one's table. */
static size_t left_over_count(const struct engine_memory_disk *disk,
                              const struct catalog_view *view, uint64_t *out_uid)
{
    size_t count = 0;
    struct ordered_entry entry;
    uint8_t first = KEYSPACE_ROW;
    bool has_entry = ordered_map_at_least(disk->map, slice_of(&first, 1), &entry);
    for (; has_entry && entry.key.bytes[0] == KEYSPACE_ROW;
         has_entry = ordered_map_above(disk->map, entry.key, &entry)) {
        uint64_t uid = byte_order_get_u64(entry.key.bytes + 1);
        if (is_known(view, uid))
            continue;
        count++;
        *out_uid = uid;
    }
    return count;
}

bool checker_is_collected(const struct engine_memory_disk *disk, const struct catalog_view *view)
{
    uint64_t uid;
    return left_over_count(disk, view, &uid) == 0;
}

void checker_collected(const struct engine_memory_disk *disk, const struct catalog_view *view,
                       struct findings *findings)
{
    uint64_t uid = 0;
    size_t count = left_over_count(disk, view, &uid);
    if (count > 0)
        findings_add(findings, "%zu rows of the dropped table %" PRIu64 " are left for good", count,
                     uid);
}
