#include "router/front/api_error.h"

#include "core/base/check.h"
#include "core/json/json_item.h"
#include "core/json/json_writer.h"

#define NAMESPACE_SERVICE  "com.amazon.coral.service#"
#define NAMESPACE_VALIDATE "com.amazon.coral.validate#"
#define NAMESPACE_DYNAMODB "com.amazonaws.dynamodb.v20120810#"

struct entry {
    const char *type;
    const char *name;
    unsigned status;
    const char *member;
};

#define API_ERROR(kind, namespace, name, status, member)                                           \
    [API_ERROR_##kind] = {NAMESPACE_##namespace name, name, status, member},
static const struct entry entries[] = {
#include "router/front/api_error.def"
};
#undef API_ERROR

enum { ENTRY_COUNT = sizeof entries / sizeof entries[0] };

static const struct entry *entry_of(enum api_error_kind kind)
{
    CHECK((size_t)kind < ENTRY_COUNT);
    return &entries[kind];
}

unsigned api_error_status(enum api_error_kind kind)
{
    return entry_of(kind)->status;
}

const char *api_error_name(enum api_error_kind kind)
{
    return entry_of(kind)->name;
}

void api_error_write(const struct api_error *error, struct buffer *body)
{
    const struct entry *entry = entry_of(error->kind);
    struct json_writer writer = json_writer_of(body);
    json_writer_object_start(&writer);
    json_writer_name(&writer, slice_of_text("__type"));
    json_writer_string(&writer, slice_of_text(entry->type));
    if (error->message.bytes != NULL) {
        json_writer_name(&writer, slice_of_text(entry->member));
        json_writer_string(&writer, error->message);
    }
    if (error->item.size > 0) {
        json_writer_name(&writer, slice_of_text("Item"));
        json_item_write(json_writer_value(&writer), error->item);
    }
    json_writer_object_end(&writer);
}
