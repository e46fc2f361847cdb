#include "router/front/pipeline_steps.h"

#include "core/auth/front_check.h"
#include "core/base/check.h"
#include "router/api/operation.h"

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

enum status pipeline_authenticate(struct pipeline *pipeline, struct api_call *call, bool is_sts)
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

/* A fault of type ends the parsing: what follows it may still be no JSON. */
enum status pipeline_parse(struct json_request_parser *parser, struct api_call *call,
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

enum status pipeline_check_operation(struct api_call *call)
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
