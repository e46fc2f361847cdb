#include "router/front/pipeline.h"

#include "core/auth/signing_keys.h"
#include "core/base/limits.h"
#include "core/json/json_request.h"
#include "router/api/get_caller_identity.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/front/cross_origin.h"
#include "router/front/large_body.h"
#include "router/front/pipeline_steps.h"

enum { SIGNING_KEY_COUNT_MAX = 256 };

void pipeline_init(struct pipeline *pipeline, const struct backend *backend,
                   const struct credentials *credentials, size_t call_count_max)
{
    *pipeline = (struct pipeline){
        .backend = backend,
        .credentials = credentials,
        .call_count_max = call_count_max,
        .parser = json_request_parser_create(),
        .signing_keys = signing_keys_create(SIGNING_KEY_COUNT_MAX),
    };
    api_calls_init(&pipeline->calls, backend);
}

void pipeline_deinit(struct pipeline *pipeline)
{
    api_calls_deinit(&pipeline->calls);
    signing_keys_destroy(pipeline->signing_keys);
    json_request_parser_destroy(pipeline->parser);
}

/* --- What kind of request is it? ------------------------------------------------------------- */

enum content {
    CONTENT_OTHER,
    CONTENT_JSON_1_0,
    CONTENT_JSON_1_1,
    CONTENT_JSON,
    CONTENT_FORM,
};

static const char *const content_types[] = {
    [CONTENT_JSON_1_0] = "application/x-amz-json-1.0",
    [CONTENT_JSON_1_1] = "application/x-amz-json-1.1",
    [CONTENT_JSON] = "application/json",
    [CONTENT_FORM] = "application/x-www-form-urlencoded",
};

/* Without its parameters. */
static struct slice media_type(struct slice content_type)
{
    size_t size = 0;
    while (size < content_type.size && content_type.bytes[size] != ';')
        size++;
    while (size > 0 && content_type.bytes[size - 1] == ' ')
        size--;
    return slice_of(content_type.bytes, size);
}

static enum content content_of(const struct auth_request *request)
{
    struct slice content_type;
    if (!auth_request_find_header(request, "content-type", &content_type))
        return CONTENT_OTHER;
    content_type = media_type(content_type);
    for (enum content content = CONTENT_JSON_1_0; content <= CONTENT_FORM; content++)
        if (auth_name_is_equal(content_type, slice_of_text(content_types[content])))
            return content;
    return CONTENT_OTHER;
}

static void answer_health(struct api_call *call)
{
    buffer_append_text(&call->body, "healthy: dynamodb.");
    buffer_append(&call->body, call->backend->region);
    buffer_append_text(&call->body, ".amazonaws.com ");
    api_call_answer(call, 200);
}

static void answer_not_found(struct api_call *call)
{
    buffer_append_text(&call->body, "<UnknownOperationException/>\n");
    api_call_answer(call, 404);
}

/* --- The way through ------------------------------------------------------------------------- */

static enum status check_size(struct api_call *call)
{
    if (call->request->auth.body.size > LIMIT_REQUEST_SIZE)
        return api_call_refuse(call, API_ERROR_TOO_LARGE, NULL);
    return STATUS_OK;
}

static enum status check_admission(struct pipeline *pipeline, struct api_call *call)
{
    if (pipeline->calls.count <= pipeline->call_count_max)
        return STATUS_OK;
    return api_call_refuse(call, API_ERROR_THROTTLING,
                           "Too many requests are under way in this router; try again shortly.");
}

static enum status run(struct pipeline *pipeline, struct api_call *call)
{
    struct slice target = {0};
    struct json_request parsed;
    size_t body_size = call->request->auth.body.size;
    auth_request_find_header(&call->request->auth, "x-amz-target", &target);
    call->operation = operation_find(target);

    TRY(check_admission(pipeline, call));
    enum content_encoding encoding = content_encoding_of(&call->request->auth);
    bool is_packed = encoding != CONTENT_ENCODING_NONE && body_size > 0;
    if (is_packed || body_size > SIDE_WORK_BYTES_MIN) {
        large_body_start(pipeline, call, encoding);
        return STATUS_OK;
    }
    TRY(pipeline_parse(pipeline->parser, call, &parsed));
    TRY(pipeline_check_operation(call));
    TRY(pipeline_authenticate(pipeline, call, false));
    TRY(request_check(call, &parsed));
    return call->operation->start_fn(call);
}

/* What STS serves here takes some dozen bytes. */
static enum status check_sts_size(struct api_call *call)
{
    if (call->request->auth.body.size > SIDE_WORK_BYTES_MIN)
        return api_call_refuse(call, API_ERROR_TOO_LARGE, NULL);
    return STATUS_OK;
}

static void run_sts(struct pipeline *pipeline, struct api_call *call)
{
    enum status status = check_sts_size(call);
    if (status == STATUS_OK)
        status = check_admission(pipeline, call);
    if (status == STATUS_OK)
        status = pipeline_authenticate(pipeline, call, true);
    if (status == STATUS_OK)
        get_caller_identity_answer(call);
    else
        get_caller_identity_refuse(call);
}

/* What the HTTP server refuses by itself, in the words of DynamoDB. */
static struct api_error refusal_of(unsigned status_code)
{
    switch (status_code) {
    case 413:
        return (struct api_error){.kind = API_ERROR_TOO_LARGE};
    case 503:
        return (struct api_error){.kind = API_ERROR_UNAVAILABLE,
                                  .message = SHAPE_TEXT("Too much is under way in this router; try "
                                                        "again shortly.")};
    default:
        return (struct api_error){.kind = API_ERROR_SERIALIZATION};
    }
}

void pipeline_refuse(struct pipeline *pipeline, const struct router_request *request,
                     unsigned status_code, router_respond_fn fn, void *context)
{
    struct api_call *call = api_call_begin(&pipeline->calls, request, fn, context);
    call->content_type = content_types[CONTENT_JSON_1_0];
    call->error = refusal_of(status_code);
    api_error_write(&call->error, &call->body);
    api_call_answer(call, status_code);
}

void pipeline_handle(struct pipeline *pipeline, const struct router_request *request,
                     router_respond_fn fn, void *context)
{
    struct api_call *call = api_call_begin(&pipeline->calls, request, fn, context);
    enum content content = content_of(&request->auth);
    call->content_type = content_types[content == CONTENT_OTHER ? CONTENT_JSON_1_0 : content];
    if (check_size(call) != STATUS_OK) {
        api_call_answer_error(call);
        return;
    }
    bool is_post = slice_is_text(request->auth.method, "POST");
    if (!is_post || content == CONTENT_OTHER) {
        call->content_type = NULL;
        if (cross_origin_is_question(&request->auth))
            api_call_answer(call, 200);
        else if (slice_is_text(request->auth.method, "GET"))
            answer_health(call);
        else
            answer_not_found(call);
        return;
    }
    if (content == CONTENT_FORM)
        run_sts(pipeline, call);
    else
        api_call_end_step(call, run(pipeline, call));
}
