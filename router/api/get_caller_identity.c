#include "router/api/get_caller_identity.h"

#include "router/front/api_call.h"

#define STS_NAMESPACE "https://sts.amazonaws.com/doc/2011-06-15/"

/* The value of a field of a form; empty when it is missing. Actions need no decoding. */
static struct slice find_field(struct slice form, struct slice name)
{
    while (form.size > 0) {
        const uint8_t *end = memchr(form.bytes, '&', form.size);
        size_t size = end != NULL ? (size_t)(end - form.bytes) : form.size;
        struct slice field = slice_of(form.bytes, size);
        if (field.size > name.size && slice_has_prefix(field, name) &&
            field.bytes[name.size] == '=')
            return slice_skip(field, name.size + 1);
        form = slice_skip(form, end != NULL ? size + 1 : size);
    }
    return (struct slice){0};
}

static void append_escaped(struct buffer *body, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] == '<')
            buffer_append_text(body, "&lt;");
        else if (text.bytes[i] == '>')
            buffer_append_text(body, "&gt;");
        else if (text.bytes[i] == '&')
            buffer_append_text(body, "&amp;");
        else
            buffer_append_u8(body, text.bytes[i]);
    }
}

static void answer_error(struct api_call *call, unsigned status_code, const char *code,
                         struct slice message)
{
    call->content_type = "text/xml";
    buffer_append_format(&call->body,
                         "<ErrorResponse xmlns=\"" STS_NAMESPACE "\">\n  <Error>\n"
                         "    <Type>%s</Type>\n    <Code>%s</Code>\n    <Message>",
                         status_code < 500 ? "Sender" : "Receiver", code);
    append_escaped(&call->body, message);
    buffer_append_format(&call->body,
                         "</Message>\n  </Error>\n  <RequestId>%s</RequestId>\n"
                         "</ErrorResponse>\n",
                         call->id);
    api_call_answer(call, status_code);
}

void get_caller_identity_answer(struct api_call *call)
{
    struct slice action = find_field(call->request->auth.body, slice_of_text("Action"));
    if (!slice_is_text(action, "GetCallerIdentity")) {
        answer_error(call, 400, "InvalidAction",
                     slice_of_text("Graticule serves no action of STS but GetCallerIdentity"));
        return;
    }
    struct slice account = call->backend->account_id;
    call->content_type = "text/xml";
    buffer_append_format(&call->body,
                         "<GetCallerIdentityResponse xmlns=\"" STS_NAMESPACE "\">\n"
                         "  <GetCallerIdentityResult>\n"
                         "    <Arn>arn:aws:iam::%1$.*2$s:root</Arn>\n"
                         "    <UserId>%1$.*2$s</UserId>\n"
                         "    <Account>%1$.*2$s</Account>\n"
                         "  </GetCallerIdentityResult>\n"
                         "  <ResponseMetadata>\n"
                         "    <RequestId>%3$s</RequestId>\n"
                         "  </ResponseMetadata>\n"
                         "</GetCallerIdentityResponse>\n",
                         (const char *)account.bytes, (int)account.size, call->id);
    api_call_answer(call, 200);
}

void get_caller_identity_refuse(struct api_call *call)
{
    struct slice message = call->error.message;
    switch (call->error.kind) {
    case API_ERROR_MISSING_TOKEN:
        answer_error(call, 403, "MissingAuthenticationToken", message);
        return;
    case API_ERROR_INCOMPLETE_SIGNATURE:
        answer_error(call, 400, "IncompleteSignature", message);
        return;
    case API_ERROR_INVALID_SIGNATURE:
        answer_error(call, 403, "SignatureDoesNotMatch", message);
        return;
    case API_ERROR_UNRECOGNIZED_CLIENT:
        answer_error(call, 403, "InvalidClientTokenId", message);
        return;
    case API_ERROR_TOO_LARGE:
        answer_error(call, 413, "RequestEntityTooLarge", message);
        return;
    case API_ERROR_THROTTLING:
        answer_error(call, 400, "Throttling", message);
        return;
    case API_ERROR_ACCESS_DENIED:
    case API_ERROR_SERIALIZATION:
    case API_ERROR_UNKNOWN_OPERATION:
    case API_ERROR_VALIDATION:
    case API_ERROR_CONDITIONAL_CHECK_FAILED:
    case API_ERROR_LIMIT_EXCEEDED:
    case API_ERROR_RESOURCE_IN_USE:
    case API_ERROR_RESOURCE_NOT_FOUND:
    case API_ERROR_TABLE_NOT_FOUND:
    case API_ERROR_INTERNAL:
    case API_ERROR_UNAVAILABLE:
        break;
    }
    answer_error(call, 500, "InternalFailure", message);
}
