#include "core/auth/front_state_private.h"

#include "core/base/check.h"

enum { CLOCK_DIFFERENCE_MAX_S = 15 * 60 };

/* --- Which form, and is it whole? ------------------------------------------------------------ */

static bool has_header(const struct front_state *state, const char *name)
{
    struct slice value;
    return auth_request_find_header(&state->request, name, &value);
}

enum status front_check_form(struct front_state *state)
{
    struct slice header = {0};
    bool has_authorization =
        auth_request_find_header(&state->request, "authorization", &header) && header.size > 0;
    if (state->request.query.size > 0)
        authorization_parse_query(state->request.query, state->arena, &state->authorization);
    bool is_presigned = state->authorization.algorithm.is_there;

    if (has_authorization && is_presigned)
        return front_refuse_text(state, FRONT_INVALID_SIGNATURE,
                                 "Found both 'X-Amz-Algorithm' as a query-string param and "
                                 "'Authorization' as HTTP header.");
    /* Other schemes than AWS's fourth are as good as none. */
    bool is_known_scheme = slice_has_prefix(header, slice_of_text("AWS4-"));
    if (!is_presigned && !(has_authorization && is_known_scheme))
        return front_refuse_text(state, FRONT_MISSING_AUTHENTICATION_TOKEN,
                                 "Request is missing Authentication Token");
    if (has_authorization)
        state->header = header;
    return STATUS_OK;
}

struct required_field {
    const char *name;
    const struct authorization_field *field;
};

static enum status check_header_fields(struct front_state *state)
{
    const struct authorization *authorization = &state->authorization;
    const struct required_field required[] = {
        {"Credential", &authorization->credential},
        {"Signature", &authorization->signature},
        {"SignedHeaders", &authorization->signed_headers},
    };
    SCOPED(buffer) message;
    buffer_init(&message);
    for (size_t index = 0; index < sizeof required / sizeof required[0]; index++) {
        if (!required[index].field->is_there)
            buffer_append_format(&message, "Authorization header requires '%s' parameter. ",
                                 required[index].name);
    }
    if (!has_header(state, "x-amz-date") && !has_header(state, "date"))
        buffer_append_text(&message, "Authorization header requires existence of either a "
                                     "'X-Amz-Date' or a 'Date' header. ");
    if (message.size == 0)
        return STATUS_OK;
    buffer_append_text(&message, "Authorization=");
    buffer_append(&message, state->header);
    return front_refuse(state, FRONT_INCOMPLETE_SIGNATURE, buffer_slice(&message));
}

static enum status check_header_form(struct front_state *state)
{
    struct slice wrong_piece;
    if (authorization_parse_header(state->header, &state->authorization, &wrong_piece) == STATUS_OK)
        return check_header_fields(state);

    SCOPED(buffer) message;
    buffer_init(&message);
    front_append_quoted(&message, wrong_piece);
    buffer_append_text(&message, " not a valid key=value pair (missing equal-sign) in "
                                 "Authorization header: ");
    front_append_quoted(&message, state->header);
    buffer_append_u8(&message, '.');
    return front_refuse(state, FRONT_INCOMPLETE_SIGNATURE, buffer_slice(&message));
}

static enum status check_query_form(struct front_state *state)
{
    const struct authorization *authorization = &state->authorization;
    const struct required_field required[] = {
        {"X-Amz-Algorithm", &authorization->algorithm},
        {"X-Amz-Credential", &authorization->credential},
        {"X-Amz-Signature", &authorization->signature},
        {"X-Amz-SignedHeaders", &authorization->signed_headers},
        {"X-Amz-Date", &authorization->time},
    };
    SCOPED(buffer) message;
    buffer_init(&message);
    for (size_t index = 0; index < sizeof required / sizeof required[0]; index++) {
        if (required[index].field->text.size == 0)
            buffer_append_format(&message, "AWS query-string parameters must include '%s'. ",
                                 required[index].name);
    }
    if (message.size == 0)
        return STATUS_OK;
    buffer_append_text(&message, "Re-examine the query-string parameters.");
    return front_refuse(state, FRONT_INCOMPLETE_SIGNATURE, buffer_slice(&message));
}

enum status front_check_parameters(struct front_state *state)
{
    return state->header.size > 0 ? check_header_form(state) : check_query_form(state);
}

/* --- When? ----------------------------------------------------------------------------------- */

/* Notes the time in SigV4's form; `out_text` is as the request gives it, also where it is none. */
static enum status read_time(struct front_state *state, struct slice *out_text,
                             int64_t *out_seconds)
{
    if (state->header.size == 0) {
        *out_text = state->authorization.time.text;
    } else if (!auth_request_find_header(&state->request, "x-amz-date", out_text)) {
        CHECK(auth_request_find_header(&state->request, "date", out_text));
        if (request_time_parse_http(*out_text, out_seconds) == STATUS_OK) {
            request_time_format(*out_seconds, state->time);
            return STATUS_OK;
        }
    }
    TRY(request_time_parse(*out_text, out_seconds));
    memcpy(state->time, out_text->bytes, REQUEST_TIME_SIZE);
    state->time[REQUEST_TIME_SIZE] = '\0';
    return STATUS_OK;
}

static enum status refuse_time(struct front_state *state, const char *complaint,
                               const char *relation, int difference_s)
{
    char bound[REQUEST_TIME_SIZE + 1];
    char now[REQUEST_TIME_SIZE + 1];
    request_time_format(state->now + difference_s, bound);
    request_time_format(state->now, now);
    char sign = difference_s < 0 ? '-' : '+';
    return front_refuse_text(state, FRONT_INVALID_SIGNATURE,
                             arena_format(state->arena, "%s: %s is %s than %s (%s %c 15 min.)",
                                          complaint, state->time, relation, bound, now, sign));
}

enum status front_check_time(struct front_state *state)
{
    struct slice text = {0};
    int64_t seconds = 0;
    if (read_time(state, &text, &seconds) != STATUS_OK) {
        SCOPED(buffer) message;
        buffer_init(&message);
        buffer_append_text(&message, "Date must be in ISO-8601 'basic format'. Got ");
        front_append_quoted(&message, text);
        buffer_append_text(&message, ". See http://en.wikipedia.org/wiki/ISO_8601");
        return front_refuse(state, FRONT_INCOMPLETE_SIGNATURE, buffer_slice(&message));
    }
    if (seconds < state->now - CLOCK_DIFFERENCE_MAX_S)
        return refuse_time(state, "Signature expired", "now earlier", -CLOCK_DIFFERENCE_MAX_S);
    if (seconds > state->now + CLOCK_DIFFERENCE_MAX_S)
        return refuse_time(state, "Signature not yet current", "still later",
                           CLOCK_DIFFERENCE_MAX_S);
    return STATUS_OK;
}
