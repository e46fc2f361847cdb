#include "core/auth/front_check.h"

#include "core/auth/canonical_request.h"
#include "core/auth/front_state_private.h"
#include "core/auth/sigv4.h"
#include "core/base/check.h"

#include <sodium.h>

enum { TEXT_SIZE_USUAL = 2048 };

/* --- What is signed, and how? ---------------------------------------------------------------- */

static enum status refuse_unsigned(struct front_state *state, struct slice name)
{
    SCOPED(buffer) message;
    buffer_init(&message);
    front_append_quoted(&message, name);
    buffer_append_text(&message, " must be a 'SignedHeader' in the AWS Authorization.");
    return front_refuse(state, FRONT_INVALID_SIGNATURE, buffer_slice(&message));
}

static bool must_be_signed(struct slice name)
{
    struct slice prefix = slice_of_text("x-amz-");
    if (name.size < prefix.size || !auth_name_is_equal(slice_of(name.bytes, prefix.size), prefix))
        return false;
    /* Some clients leave it out. It is compared with the body, whose hash is signed anyway. */
    return !auth_name_is_equal(name, slice_of_text("x-amz-content-sha256"));
}

static enum status refuse_too_many(struct front_state *state)
{
    return front_refuse_text(state, FRONT_INCOMPLETE_SIGNATURE,
                             arena_format(state->arena,
                                          "The request has more than %d headers, signed headers or "
                                          "query-string parameters.",
                                          AUTH_HEADER_COUNT_MAX));
}

static enum status check_signed_headers(struct front_state *state)
{
    const struct auth_request *request = &state->request;
    if (request->header_count > AUTH_HEADER_COUNT_MAX ||
        signed_headers_parse(state->authorization.signed_headers.text, state->signed_headers) !=
            STATUS_OK)
        return refuse_too_many(state);

    if (!signed_headers_contain(state->signed_headers, slice_of_text("host")))
        return refuse_unsigned(state, slice_of_text("Host"));
    for (size_t index = 0; index < request->header_count; index++) {
        struct slice name = request->headers[index].name;
        if (must_be_signed(name) && !signed_headers_contain(state->signed_headers, name))
            return refuse_unsigned(state, name);
    }
    return STATUS_OK;
}

static enum status check_algorithm(struct front_state *state)
{
    struct slice algorithm = state->authorization.algorithm.text;
    if (slice_is_text(algorithm, SIGV4_ALGORITHM))
        return STATUS_OK;
    SCOPED(buffer) message;
    buffer_init(&message);
    buffer_append_text(&message, "Unsupported AWS 'algorithm': ");
    front_append_quoted(&message, algorithm);
    buffer_append_text(&message, " (only " SIGV4_ALGORITHM " for now). ");
    return front_refuse(state, FRONT_INCOMPLETE_SIGNATURE, buffer_slice(&message));
}

/* --- By whom, for what? ---------------------------------------------------------------------- */

static enum status check_credential(struct front_state *state)
{
    struct slice credential = state->authorization.credential.text;
    if (authorization_split_credential(credential, &state->parts) == STATUS_OK)
        return STATUS_OK;
    SCOPED(buffer) message;
    buffer_init(&message);
    buffer_append_text(&message, "Credential must have exactly 5 slash-delimited elements, e.g. "
                                 "keyid/date/region/service/term, got ");
    front_append_quoted(&message, credential);
    return front_refuse(state, FRONT_INCOMPLETE_SIGNATURE, buffer_slice(&message));
}

static bool is_one_of(struct slice text, const struct slice *choices, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        if (slice_is_equal(text, choices[index]))
            return true;
    }
    return false;
}

static void append_place_mistakes(const struct front_state *state, struct buffer *message)
{
    const struct front_rules *rules = state->rules;
    if (!is_one_of(state->parts.region, rules->regions, rules->region_count)) {
        buffer_append_text(message, "Credential should be scoped to a valid region, not ");
        front_append_quoted(message, state->parts.region);
        buffer_append_text(message, ". ");
    }
    if (!is_one_of(state->parts.service, rules->services, rules->service_count)) {
        buffer_append_text(message, "Credential should be scoped to correct service: ");
        front_append_quoted(message, rules->services[0]);
        buffer_append_text(message, ". ");
    }
}

static void append_date_mistake(const struct front_state *state, struct buffer *message)
{
    struct slice date = slice_of(state->time, REQUEST_DATE_SIZE);
    if (slice_is_equal(state->parts.date, date))
        return;
    buffer_append_text(message, "Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                                "version of date from HTTP: ");
    front_append_quoted(message, state->parts.date);
    buffer_append_text(message, " != ");
    front_append_quoted(message, date);
    buffer_append_text(message, ", from ");
    front_append_quoted(message, slice_of(state->time, REQUEST_TIME_SIZE));
    buffer_append_u8(message, '.');
}

static enum status check_scope(struct front_state *state)
{
    SCOPED(buffer) message;
    buffer_init(&message);
    append_place_mistakes(state, &message);
    if (!slice_is_text(state->parts.terminator, SIGV4_TERMINATOR)) {
        buffer_append_text(&message, "Credential should be scoped with a valid terminator: "
                                     "'" SIGV4_TERMINATOR "', not ");
        front_append_quoted(&message, state->parts.terminator);
        buffer_append_text(&message, ". ");
    }
    append_date_mistake(state, &message);
    if (message.size == 0)
        return STATUS_OK;
    return front_refuse(state, FRONT_INVALID_SIGNATURE, buffer_slice(&message));
}

static enum status refuse_client(struct front_state *state)
{
    return front_refuse_text(state, FRONT_UNRECOGNIZED_CLIENT,
                             "The security token included in the request is invalid.");
}

static enum status check_access_key_id(struct front_state *state)
{
    struct slice access_key_id = state->parts.access_key_id;
    if (access_key_id.size > 0 && credentials_accept_any(state->rules->credentials))
        return STATUS_OK;
    state->credential = credentials_find(state->rules->credentials, access_key_id);
    return state->credential != NULL ? STATUS_OK : refuse_client(state);
}

/* --- Is it true? ----------------------------------------------------------------------------- */

static void hash_body(struct front_state *state)
{
    if (state->request.body_hash != NULL)
        return;
    auth_request_hash_body(&state->request, state->body_hash);
    state->request.body_hash = state->body_hash;
}

/* A body that is not covered by the signature ("UNSIGNED-PAYLOAD") is refused here too. */
static enum status check_body_hash(struct front_state *state)
{
    struct slice claimed;
    if (!auth_request_find_header(&state->request, "x-amz-content-sha256", &claimed))
        return STATUS_OK;
    hash_body(state);
    char hex[AUTH_HASH_HEX_SIZE];
    auth_hash_to_hex(state->request.body_hash, hex);
    if (slice_is_equal(claimed, slice_of(hex, sizeof hex)))
        return STATUS_OK;
    return front_refuse_text(state, FRONT_INVALID_SIGNATURE,
                             "The provided 'x-amz-content-sha256' header does not match what was "
                             "computed.");
}

static enum status refuse_signature(struct front_state *state, struct slice canonical_request,
                                    struct slice string_to_sign)
{
    SCOPED(buffer) message;
    buffer_init(&message);
    buffer_append_text(&message,
                       "The request signature we calculated does not match the signature you "
                       "provided. Check your AWS Secret Access Key and signing method. Consult "
                       "the service documentation for details.\n\n"
                       "The Canonical String for this request should have been\n");
    front_append_quoted(&message, canonical_request);
    buffer_append_text(&message, "\n\nThe String-to-Sign should have been\n");
    front_append_quoted(&message, string_to_sign);
    buffer_append_u8(&message, '\n');
    return front_refuse(state, FRONT_INVALID_SIGNATURE, buffer_slice(&message));
}

static enum status check_signature(struct front_state *state)
{
    TRY(check_body_hash(state));
    if (state->credential == NULL)
        return STATUS_OK;

    SCOPED(buffer) text;
    buffer_init(&text);
    buffer_reserve(&text, TEXT_SIZE_USUAL);
    hash_body(state);
    if (canonical_request_append(&state->request, state->signed_headers, &text) != STATUS_OK)
        return refuse_too_many(state);
    size_t canonical_size = text.size;
    const struct signing_key_origin origin = {
        .access_key_id = state->credential->access_key_id,
        .secret = state->credential->secret,
        .date = state->parts.date,
        .region = state->parts.region,
        .service = state->parts.service,
    };
    sigv4_append_string_to_sign(&origin, slice_of(state->time, REQUEST_TIME_SIZE),
                                buffer_slice(&text), &text);

    struct slice string_to_sign = slice_skip(buffer_slice(&text), canonical_size);
    if (sigv4_is_signature(state->rules->signing_keys, &origin, string_to_sign,
                           state->authorization.signature.text))
        return STATUS_OK;
    return refuse_signature(state, slice_of(text.bytes, canonical_size), string_to_sign);
}

/* A token belongs to temporary credentials, and to no others. */
static enum status check_session_token(struct front_state *state)
{
    if (state->credential == NULL)
        return STATUS_OK;
    struct slice token = state->authorization.security_token.text;
    if (state->header.size > 0 &&
        !auth_request_find_header(&state->request, "x-amz-security-token", &token))
        token = (struct slice){0};
    struct slice expected = state->credential->session_token;
    if (token.size == expected.size &&
        (token.size == 0 || sodium_memcmp(token.bytes, expected.bytes, token.size) == 0))
        return STATUS_OK;
    return refuse_client(state);
}

static enum status run(struct front_state *state)
{
    TRY(front_check_form(state));
    TRY(front_check_parameters(state));
    TRY(front_check_time(state));
    TRY(check_signed_headers(state));
    TRY(check_algorithm(state));
    TRY(check_credential(state));
    TRY(check_scope(state));
    TRY(check_access_key_id(state));
    TRY(check_signature(state));
    TRY(check_session_token(state));
    state->verdict = (struct front_verdict){
        .outcome = FRONT_ALLOWED,
        .access_key_id = state->parts.access_key_id,
        .region = state->parts.region,
        .service = state->parts.service,
    };
    return STATUS_OK;
}

struct front_verdict front_check(const struct front_rules *rules,
                                 const struct auth_request *request, int64_t now,
                                 struct arena *arena)
{
    CHECK(rules->service_count > 0);
    struct signed_headers signed_headers; /* not zeroed: it is most of the state's bytes */
    struct front_state state = {
        .rules = rules,
        .request = *request,
        .now = now,
        .arena = arena,
        .signed_headers = &signed_headers,
    };
    enum status status = run(&state);
    CHECK((status == STATUS_OK) == (state.verdict.outcome == FRONT_ALLOWED));
    return state.verdict;
}

const char *front_outcome_exception(enum front_outcome outcome)
{
    switch (outcome) {
    case FRONT_ALLOWED:
        break;
    case FRONT_MISSING_AUTHENTICATION_TOKEN:
        return "MissingAuthenticationTokenException";
    case FRONT_INCOMPLETE_SIGNATURE:
        return "IncompleteSignatureException";
    case FRONT_INVALID_SIGNATURE:
        return "InvalidSignatureException";
    case FRONT_UNRECOGNIZED_CLIENT:
        return "UnrecognizedClientException";
    }
    return "";
}
