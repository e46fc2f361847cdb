#include "tests/bench/latency.h"

#include <stddef.h>

/* Values below 64 have a bucket each; from there on every power of two has 64. */
static size_t bucket_of(uint64_t value)
{
    if (value < 1u << LATENCY_STEP_BITS)
        return value;
    unsigned shift = 63 - (unsigned)__builtin_clzll(value) - LATENCY_STEP_BITS;
    size_t bucket = ((size_t)shift << LATENCY_STEP_BITS) + (value >> shift);
    return bucket < LATENCY_BUCKET_COUNT ? bucket : LATENCY_BUCKET_COUNT - 1;
}

static uint64_t bucket_start(size_t bucket)
{
    if (bucket < 2u << LATENCY_STEP_BITS)
        return bucket;
    unsigned shift = (unsigned)(bucket >> LATENCY_STEP_BITS) - 1;
    return ((uint64_t)bucket - ((uint64_t)shift << LATENCY_STEP_BITS)) << shift;
}

void latency_add(struct latency *latency, uint64_t latency_ns)
{
    latency->counts[bucket_of(latency_ns)]++;
    latency->count++;
    if (latency_ns > latency->longest_ns)
        latency->longest_ns = latency_ns;
}

void latency_merge(struct latency *latency, const struct latency *other)
{
    for (size_t i = 0; i < LATENCY_BUCKET_COUNT; i++)
        latency->counts[i] += other->counts[i];
    latency->count += other->count;
    if (other->longest_ns > latency->longest_ns)
        latency->longest_ns = other->longest_ns;
}

double latency_percentile_us(const struct latency *latency, double fraction)
{
    if (latency->count == 0)
        return 0;
    uint64_t rank = (uint64_t)(fraction * (double)(latency->count - 1));
    size_t bucket = 0;
    for (uint64_t seen = latency->counts[0]; seen <= rank; seen += latency->counts[bucket])
        bucket++;
    return (double)bucket_start(bucket) / 1000;
}
