#include "core/base/utf8.h"
#include "core/json/json_writer.h"
#include "router/api/operation.h"
#include "router/front/api_call.h"

enum { CACHE_PERIOD_MINUTES = 1440 };

/* Where nobody said it, as the client called us. */
static struct slice address(const struct api_call *call)
{
    struct slice host = call->backend->endpoint;
    if (host.size > 0)
        return host;
    bool is_there = auth_request_find_header(&call->request->auth, "host", &host);
    return is_there && utf8_is_valid(host) ? host : (struct slice){0};
}

static enum status start(struct api_call *call)
{
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    json_writer_name(&writer, slice_of_text("Endpoints"));
    json_writer_array_start(&writer);
    json_writer_object_start(&writer);
    json_writer_name(&writer, slice_of_text("Address"));
    json_writer_string(&writer, address(call));
    json_writer_name(&writer, slice_of_text("CachePeriodInMinutes"));
    json_writer_integer(&writer, CACHE_PERIOD_MINUTES);
    json_writer_object_end(&writer);
    json_writer_array_end(&writer);
    json_writer_object_end(&writer);
    api_call_answer(call, 200);
    return STATUS_OK;
}

static const struct shape input = {.type = JSON_TARGET_STRUCTURE};

const struct operation describe_endpoints_operation = {
    .name = SHAPE_TEXT("DescribeEndpoints"),
    .input = &input,
    .start_fn = start,
};
