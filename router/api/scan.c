#include "router/api/operation.h"
#include "router/api/page_operation.h"
#include "router/api/shapes.h"
#include "router/route/range_plan.h"

#include <inttypes.h>

enum { SEGMENT = PAGE_MEMBER_COUNT, TOTAL_SEGMENTS };

static enum status check_segments(struct api_call *call)
{
    bool has_segment = request_member(call, SEGMENT) != NULL;
    bool has_total = request_member(call, TOTAL_SEGMENTS) != NULL;
    if (has_segment && !has_total)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "The TotalSegments parameter is required but was not present in "
                               "the request when Segment parameter is present");
    if (has_total && !has_segment)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "The Segment parameter is required but was not present in the "
                               "request when parameter TotalSegments is present");
    int64_t segment = request_integer(call, SEGMENT, 0);
    int64_t total = request_integer(call, TOTAL_SEGMENTS, 1);
    if (segment >= total)
        return api_call_refuse_format(
            call, API_ERROR_VALIDATION,
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
            "Segment: %" PRId64 " is not less than TotalSegments: %" PRId64,
            segment, total);
    return STATUS_OK;
}

static enum status keys(struct api_call *call, const struct table *table,
                        const struct start_key *start, struct page_keys *out_keys)
{
    (void)table;
    int64_t segment = request_integer(call, SEGMENT, 0);
    int64_t total = request_integer(call, TOTAL_SEGMENTS, 1);
    struct token_span span = token_span_of_segment((uint32_t)segment, (uint32_t)total);
    range_of_span(span, &out_keys->first, &out_keys->end);
    if (start == NULL)
        return STATUS_OK;
    if (!token_span_contains(span, start->token))
        return api_call_refuse_format(
            call, API_ERROR_VALIDATION,
            "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
            "ExclusiveStartKey with correct Segment. TotalSegments: %" PRId64 " Segment: %" PRId64,
            total, segment);
    range_bound_behind(&out_keys->first, start->token, buffer_slice(&start->key));
    return STATUS_OK;
}

static enum status start(struct api_call *call)
{
    struct page_operation *operation = arena_alloc_zeroed(call->arena, sizeof *operation);
    operation->keys_fn = keys;
    TRY(check_segments(call));
    return page_operation_start(call, operation);
}

static const struct shape shape_segment = {.type = JSON_TARGET_INTEGER,
                                           .has_min = true,
                                           .has_max = true,
                                           .min = 0,
                                           .max = RANGE_SEGMENTS_MAX - 1};
static const struct shape shape_total_segments = {.type = JSON_TARGET_INTEGER,
                                                  .has_min = true,
                                                  .has_max = true,
                                                  .min = 1,
                                                  .max = RANGE_SEGMENTS_MAX};

static const struct shape_member members[] = {
    PAGE_MEMBERS,
    [PAGE_LEGACY_FILTER] = SHAPE_MEMBER("ScanFilter", shape_conditions),
    [SEGMENT] = SHAPE_MEMBER("Segment", shape_segment),
    [TOTAL_SEGMENTS] = SHAPE_MEMBER("TotalSegments", shape_total_segments),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

static const struct json_field fields[] = {PAGE_FIELDS, LEGACY_CONDITIONS_FIELD("ScanFilter")};

const struct operation scan_operation = {
    .name = SHAPE_TEXT("Scan"),
    .input = &input,
    .fields = fields,
    .field_count = SHAPE_COUNT(fields),
    .start_fn = start,
};
