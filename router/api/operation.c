#include "router/api/operation.h"

#define OPERATION(name) &name##_operation,
#define OPERATION_NOT_SERVED(name)
#define STREAMS_NOT_SERVED(name)
static const struct operation *const served[] = {
#include "router/api/operations.def"
};
#undef OPERATION
#undef OPERATION_NOT_SERVED

#define OPERATION(name)
#define OPERATION_NOT_SERVED(title) {.name = SHAPE_TEXT(#title)},
static const struct operation not_served[] = {
#include "router/api/operations.def"
};
#undef OPERATION_NOT_SERVED
#undef STREAMS_NOT_SERVED

#define OPERATION_NOT_SERVED(name)
#define STREAMS_NOT_SERVED(title) {.name = SHAPE_TEXT(#title)},
static const struct operation streams_not_served[] = {
#include "router/api/operations.def"
};
#undef OPERATION
#undef OPERATION_NOT_SERVED
#undef STREAMS_NOT_SERVED

static const struct operation *find_in(const struct operation *operations, size_t count,
                                       struct slice name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is_equal(operations[i].name, name))
            return &operations[i];
    return NULL;
}

static bool take_prefix(struct slice *text, struct slice prefix)
{
    if (!slice_has_prefix(*text, prefix))
        return false;
    *text = slice_skip(*text, prefix.size);
    return true;
}

const struct operation *operation_find(struct slice target)
{
    static const struct slice dynamodb = SHAPE_TEXT("DynamoDB_20120810.");
    static const struct slice streams = SHAPE_TEXT("DynamoDBStreams_20120810.");
    if (take_prefix(&target, streams))
        return find_in(streams_not_served, SHAPE_COUNT(streams_not_served), target);
    if (!take_prefix(&target, dynamodb))
        return NULL;
    for (size_t i = 0; i < SHAPE_COUNT(served); i++)
        if (slice_is_equal(served[i]->name, target))
            return served[i];
    return find_in(not_served, SHAPE_COUNT(not_served), target);
}
