/*
 * Range plan: which tablets a range of a table's rows lies in, one after the other: pure.
 *
 * Bounds are row keys without the table, { token u64 . primary key }, or a beginning of one.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/key/key_range.h"

#include <stdbool.h>
#include <stdint.h>

enum { RANGE_TOKEN_SIZE = 8, RANGE_SEGMENTS_MAX = 1000000 };

/* The tokens of one of `count` segments that cut the ring; `last` is in it. */
struct token_span {
    uint64_t first;
    uint64_t last;
};
struct token_span token_span_of_segment(uint32_t segment, uint32_t count);

static inline bool token_span_contains(struct token_span span, uint64_t token)
{
    return span.first <= token && token <= span.last;
}

/* Replaces the content of both; an empty `end` is no bound. */
void range_of_span(struct token_span span, struct buffer *first, struct buffer *end);

/* A bound: replaces its content. */
void range_bound(struct buffer *bound, uint64_t token, struct slice key);

/* The least bound above a row's key. */
void range_bound_behind(struct buffer *bound, uint64_t token, struct slice key);

/* The part of a range that lies in its first tablet; an empty `end`: up to the tablet's. */
struct range_piece {
    uint32_t tablet;
    struct key_range keys;
    bool is_last;        /* the range ends in this tablet */
    uint64_t next_token; /* else: where the next tablet begins */
};

/* The range is not empty. */
struct range_piece range_plan_first(uint32_t tablet_count, struct key_range range);
