/*
 * Calls of the operations on tags, for their tests. cmocka.h and what it needs come first.
 */
#pragma once

#include "tests/support/region_assert.h"

#define TAG_ARN         "arn:aws:dynamodb:us-east-1:000000000000:table/abc"
#define TAG_RESOURCE    "\"ResourceArn\":\"" TAG_ARN "\""
#define TAG(key, value) "{\"Key\":\"" key "\",\"Value\":\"" value "\"}"

static inline const struct region_answer *tag(struct region *region, const char *tags)
{
    char body[8192];
    snprintf(body, sizeof body, "{" TAG_RESOURCE ",\"Tags\":[%s]}", tags);
    return region_call(region, "TagResource", body);
}

static inline const struct region_answer *tag_list(struct region *region)
{
    return region_call(region, "ListTagsOfResource", "{" TAG_RESOURCE "}");
}

/* Puts tags k000, k001, ... of that many, ten at a time. */
static inline void tag_many(struct region *region, int count)
{
    char tags[1024] = "";
    for (int i = 0; i < count; i++) {
        size_t size = strlen(tags);
        snprintf(tags + size, sizeof tags - size, "%s{\"Key\":\"k%03d\",\"Value\":\"v\"}",
                 size > 0 ? "," : "", i);
        if (i % 10 == 9 || i == count - 1) {
            assert_int_equal(tag(region, tags)->status_code, 200);
            tags[0] = 0;
        }
    }
}
