#include "router/front/large_body.h"

#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/front/pipeline_steps.h"

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
    return pipeline_parse(parser, body->call, out_parsed);
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
    TRY(pipeline_check_operation(call));
    if (body->encoding == CONTENT_ENCODING_NONE)
        TRY(pipeline_authenticate(body->pipeline, call, false));
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
    if (pipeline_authenticate(body->pipeline, call, false) != STATUS_OK) {
        api_call_answer_error(call);
        return;
    }
    call->is_unpacking = true;
    side_work_start(&body->pipeline->calls.side_works, &call->side_work, packed_body_read,
                    packed_body_done, body);
}

void large_body_start(struct pipeline *pipeline, struct api_call *call,
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
