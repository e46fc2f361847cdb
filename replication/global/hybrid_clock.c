#include "replication/global/hybrid_clock.h"

#include "core/base/check.h"
#include "core/env/env.h"

enum { TICK_BITS = 16 };

void hybrid_clock_init(struct hybrid_clock *clock, struct env *env, uint16_t region_id)
{
    *clock = (struct hybrid_clock){.env = env, .last = {.region_id = region_id}};
}

struct stamp hybrid_clock_next(struct hybrid_clock *clock)
{
    struct stamp next = clock->last;
    uint64_t wall = env_wall_us(clock->env) / 1000 << TICK_BITS;
    /* More than 65,536 stamps in a millisecond run into the next one, and stay in order. */
    next.time = wall > next.time ? wall : next.time + 1;
    CHECK(stamp_compare(clock->last, next) < 0);
    clock->last = next;
    return next;
}

void hybrid_clock_recall(struct hybrid_clock *clock, uint64_t time)
{
    if (time > clock->last.time)
        clock->last.time = time;
}

int stamp_compare(struct stamp left, struct stamp right)
{
    if (left.time != right.time)
        return left.time < right.time ? -1 : 1;
    return (left.region_id > right.region_id) - (left.region_id < right.region_id);
}
