#include "router/front/pipeline.h"

#include "core/auth/front_check.h"
#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/json/json_request.h"
#include "router/api/get_caller_identity.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/front/cross_origin.h"

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

/* --- Who sends it? --------------------------------------------------------------------------- */

static enum api_error_kind error_of(enum front_outcome outcome)
{
    switch (outcome) {
    case FRONT_MISSING_AUTHENTICATION_TOKEN:
        return API_ERROR_MISSING_TOKEN;
    case FRONT_INCOMPLETE_SIGNATURE:
        return API_ERROR_INCOMPLETE_SIGNATURE;
    case FRONT_INVALID_SIGNATURE:
        return API_ERROR_INVALID_SIGNATURE;
    case FRONT_UNRECOGNIZED_CLIENT:
        return API_ERROR_UNRECOGNIZED_CLIENT;
    case FRONT_ALLOWED:
        break;
    }
    CHECK(!"a refusal");
    return API_ERROR_ACCESS_DENIED;
}

static enum status authenticate(struct pipeline *pipeline, struct api_call *call, bool is_sts)
{
    /* Clients without a region of their own sign for STS's global endpoint. */
    const struct slice regions[] = {pipeline->backend->region, SHAPE_TEXT("us-east-1")};
    const struct slice service = slice_of_text(is_sts ? "sts" : "dynamodb");
    const struct front_rules rules = {
        .credentials = pipeline->credentials,
        .signing_keys = pipeline->signing_keys,
        .regions = regions,
        .region_count = is_sts ? 2 : 1,
        .services = &service,
        .service_count = 1,
    };
    int64_t now_s = (int64_t)(env_wall_us(pipeline->backend->env) / 1000000);
    struct front_verdict verdict = front_check(&rules, &call->request->auth, now_s, call->arena);
    if (verdict.outcome == FRONT_ALLOWED)
        return STATUS_OK;
    call->error = (struct api_error){.kind = error_of(verdict.outcome), .message = verdict.message};
    return STATUS_INVALID;
}

/* --- Is it well formed? ---------------------------------------------------------------------- */

static bool is_json(struct json_request_parser *parser, const struct api_call *call)
{
    struct json_request plain = json_request_parse(parser, call->content, NULL, 0, call->arena);
    return plain.fault.kind != JSON_FAULT_SYNTAX;
}

/*
 * What is no JSON at all is refused before anything else is looked at. A fault of type is reported
 * much later, but ends the parsing: what follows it may still be no JSON.
 */
static enum status parse(struct json_request_parser *parser, struct api_call *call,
                         struct json_request *out_parsed)
{
    const struct operation *operation = call->operation;
    struct slice body = call->content;
    *out_parsed = (struct json_request){.fault = {.kind = JSON_FAULT_SYNTAX}};
    if (body.size == 0)
        return STATUS_OK;
    *out_parsed = json_request_parse(parser, body, operation != NULL ? operation->fields : NULL,
                                     operation != NULL ? operation->field_count : 0, call->arena);
    if (out_parsed->fault.kind == JSON_FAULT_SYNTAX ||
        (out_parsed->fault.kind == JSON_FAULT_TYPE && !is_json(parser, call)))
        return api_call_refuse(call, API_ERROR_SERIALIZATION, NULL);
    return STATUS_OK;
}

static enum status check_operation(struct api_call *call)
{
    const struct operation *operation = call->operation;
    if (operation == NULL)
        return api_call_refuse(call, API_ERROR_UNKNOWN_OPERATION, NULL);
    if (operation->start_fn == NULL)
        return api_call_refuse_format(
            call, API_ERROR_UNKNOWN_OPERATION, "Graticule does not serve %.*s yet",
            (int)operation->name.size, (const char *)operation->name.bytes);
    return STATUS_OK;
}

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

/* --- Large bodies ---------------------------------------------------------------------------- */

/* What workers find in a body; it is told of in DynamoDB's order. */
struct large_body {
    struct pipeline *pipeline;
    struct api_call *call;
    struct router_request request; /* with the body's hash */
    uint8_t hash[AUTH_HASH_SIZE];
    enum content_encoding encoding;
    enum status parse_status;
    enum status check_status; /* of a request that is otherwise fine */
    struct api_error check_error;
};

static enum status content_parse(struct large_body *body, struct json_request *out_parsed)
{
    OWNED(json_request_parser) parser = json_request_parser_create();
    if (body->encoding != CONTENT_ENCODING_NONE)
        TRY(api_call_unpack(body->call, body->encoding));
    return parse(parser, body->call, out_parsed);
}

static void content_read(struct large_body *body)
{
    struct api_call *call = body->call;
    struct json_request parsed;
    body->parse_status = content_parse(body, &parsed);
    bool is_served = call->operation != NULL && call->operation->start_fn != NULL;
    if (body->parse_status != STATUS_OK || !is_served)
        return;
    body->check_status = request_check(call, &parsed);
    body->check_error = call->error;
}

static void hash_take(struct large_body *body)
{
    body->request = *body->call->request;
    body->request.auth.body_hash = body->hash;
    body->call->request = &body->request;
}

static enum status content_run(const struct large_body *body)
{
    struct api_call *call = body->call;
    TRY(body->parse_status);
    TRY(check_operation(call));
    if (body->encoding == CONTENT_ENCODING_NONE)
        TRY(authenticate(body->pipeline, call, false));
    call->error = body->check_error;
    TRY(body->check_status);
    return call->operation->start_fn(call);
}

static void plain_body_read(void *context)
{
    struct large_body *body = context;
    auth_request_hash_body(&body->call->request->auth, body->hash);
    content_read(body);
}

static void plain_body_done(void *context)
{
    struct large_body *body = context;
    if (body->call->side_work.works == NULL)
        return;
    hash_take(body);
    api_call_end_step(body->call, content_run(body));
}

/*
 * A compressed body is a small price for a client and a large one for us: who sends it is asked
 * first, before even whether it is JSON. The signature is of the bytes as they were sent.
 */
static void packed_body_hash(void *context)
{
    struct large_body *body = context;
    auth_request_hash_body(&body->call->request->auth, body->hash);
}

static void packed_body_read(void *context)
{
    content_read(context);
}

static void packed_body_done(void *context)
{
    struct large_body *body = context;
    struct api_call *call = body->call;
    call->is_unpacking = false;
    if (call->side_work.works == NULL) {
        buffer_deinit(&call->unpacked);
        return;
    }
    enum status status = api_call_count_unpacked(call);
    api_call_end_step(call, status == STATUS_OK ? content_run(body) : status);
}

static void packed_body_hashed(void *context)
{
    struct large_body *body = context;
    struct api_call *call = body->call;
    if (call->side_work.works == NULL)
        return;
    hash_take(body);
    if (authenticate(body->pipeline, call, false) != STATUS_OK) {
        api_call_answer_error(call);
        return;
    }
    call->is_unpacking = true;
    side_work_start(&body->pipeline->calls.side_works, &call->side_work, packed_body_read,
                    packed_body_done, body);
}

static void large_body_start(struct pipeline *pipeline, struct api_call *call,
                             enum content_encoding encoding)
{
    struct large_body *body = arena_alloc_zeroed(call->arena, sizeof *body);
    bool is_plain = encoding == CONTENT_ENCODING_NONE;
    body->pipeline = pipeline;
    body->call = call;
    body->encoding = encoding;
    side_work_start(&pipeline->calls.side_works, &call->side_work,
                    is_plain ? plain_body_read : packed_body_hash,
                    is_plain ? plain_body_done : packed_body_hashed, body);
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
    TRY(parse(pipeline->parser, call, &parsed));
    TRY(check_operation(call));
    TRY(authenticate(pipeline, call, false));
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
        status = authenticate(pipeline, call, true);
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
