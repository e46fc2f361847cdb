#include "replication/log/chain.h"

#include "core/base/check.h"
#include "replication/log/segment.h"

/* Those that a crash met while they were opened: nothing but the last can have come before. */
static bool are_unopened(const struct chain_segment *segments, size_t count,
                         const struct chain_segment *last)
{
    for (size_t i = 0; i < count; i++) {
        const struct record_opening *opening = &segments[i].opening;
        uint64_t previous = last != NULL ? last->generation : 0;
        uint64_t end = last != NULL ? last->end : 0;
        if (segments[i].has_opening &&
            (opening->previous_generation != previous || opening->previous_end > end))
            return false;
    }
    return true;
}

enum status chain_find_none(const struct chain_segment *segments, size_t count)
{
    return are_unopened(segments, count, NULL) ? STATUS_OK : STATUS_CORRUPT;
}

/* The one before `at`, which its opening names; `at` itself when that has been recycled. */
static enum status find_previous(const struct chain_segment *segments, size_t at, size_t *out_at)
{
    uint64_t generation = segments[at].opening.previous_generation;
    if (generation >= segments[at].generation)
        return STATUS_CORRUPT;
    for (size_t i = at; i-- > 0;) {
        if (segments[i].generation > generation)
            continue;
        if (segments[i].generation < generation || !segments[i].has_opening ||
            segments[at].opening.previous_end <= SEGMENT_HEADER_SIZE)
            return STATUS_CORRUPT;
        *out_at = i;
        return STATUS_OK;
    }
    *out_at = at;
    return STATUS_OK;
}

enum status chain_find(struct chain_segment *segments, size_t count, size_t last)
{
    CHECK(last < count);
    if (!are_unopened(segments + last + 1, count - last - 1, &segments[last]))
        return STATUS_CORRUPT;

    segments[last].belongs = true;
    for (size_t at = last;;) {
        size_t previous;
        TRY(find_previous(segments, at, &previous));
        if (previous == at)
            return STATUS_OK;
        segments[previous].end = segments[at].opening.previous_end;
        segments[previous].belongs = true;
        at = previous;
    }
}
