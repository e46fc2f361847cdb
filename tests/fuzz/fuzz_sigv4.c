/*
 * Requests, credentials files and percent-encoded text out of arbitrary bytes: nothing is read
 * over, every refusal is text, what we sign we accept, and what was changed since we do not.
 *
 * Input: method, path, query, "name:value" lines, an empty line, body.
 */
#include "core/auth/authorization.h"
#include "core/auth/canonical_request.h"
#include "core/auth/front_check.h"
#include "core/auth/sigv4.h"
#include "core/auth/uri_text.h"
#include "core/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { HEADERS_MAX = AUTH_HEADER_COUNT_MAX + 5, NOW = 1440938160 };

static const char keys_text[] = "[a]\naws_access_key_id = AKID\naws_secret_access_key = secret\n";

static struct slice take_line(struct slice *rest)
{
    const uint8_t *end = rest->size > 0 ? memchr(rest->bytes, '\n', rest->size) : NULL;
    struct slice line = *rest;
    if (end == NULL) {
        *rest = (struct slice){0};
        return line;
    }
    line.size = (size_t)(end - line.bytes);
    *rest = slice_skip(*rest, line.size + 1);
    return line;
}

static struct auth_request read_request(struct slice input, struct auth_header *headers)
{
    struct auth_request request = {.headers = headers};
    request.method = take_line(&input);
    request.path = take_line(&input);
    request.query = take_line(&input);
    while (request.header_count < HEADERS_MAX) {
        struct slice line = take_line(&input);
        const uint8_t *colon = line.size > 0 ? memchr(line.bytes, ':', line.size) : NULL;
        if (colon == NULL)
            break;
        size_t name_size = (size_t)(colon - line.bytes);
        headers[request.header_count++] = (struct auth_header){
            .name = slice_of(line.bytes, name_size), .value = slice_skip(line, name_size + 1)};
    }
    request.body = input;
    return request;
}

static struct front_verdict check(const struct auth_request *request,
                                  const struct credentials *credentials, struct arena *arena)
{
    OWNED(signing_keys) keys = signing_keys_create(2);
    const struct slice region = slice_of_text("us-east-1");
    const struct slice service = slice_of_text("dynamodb");
    struct front_rules rules = {
        .credentials = credentials,
        .signing_keys = keys,
        .regions = &region,
        .region_count = 1,
        .services = &service,
        .service_count = 1,
    };
    return front_check(&rules, request, NOW, arena);
}

static void check_arbitrary_request(const struct auth_request *request,
                                    const struct credentials *credentials)
{
    OWNED(arena) arena = arena_create();
    struct front_verdict verdict = check(request, credentials, arena);
    bool is_allowed = verdict.outcome == FRONT_ALLOWED;
    CHECK(is_allowed == (verdict.message.size == 0));
    CHECK(!is_allowed || slice_is_text(verdict.region, "us-east-1"));
    CHECK(!is_allowed || verdict.access_key_id.size > 0);
    for (size_t at = 0; at < verdict.message.size; at++)
        CHECK(verdict.message.bytes[at] < 0x7f && verdict.message.bytes[at] >= '\t');
}

/* A name that a header may have, and that has no meaning to the checks. */
static bool is_plain_name(struct slice name)
{
    static const char *const special[] = {"authorization", "host", "x-amz-date",
                                          "x-amz-content-sha256", "x-amz-security-token"};
    for (size_t index = 0; index < sizeof special / sizeof special[0]; index++) {
        if (auth_name_is_equal(name, slice_of_text(special[index])))
            return false;
    }
    for (size_t at = 0; at < name.size; at++) {
        uint8_t byte = name.bytes[at];
        bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (!is_letter && byte != '-' && byte != '=' && !(byte >= '0' && byte <= '9'))
            return false;
    }
    return name.size > 0;
}

/* The request with a host, a time and its plain headers, and without what presigns. */
static struct auth_request make_signable(const struct auth_request *request,
                                         struct auth_header *headers, struct arena *arena)
{
    struct auth_request signable = *request;
    signable.headers = headers;
    headers[0] = (struct auth_header){slice_of_text("Host"), slice_of_text("localhost")};
    headers[1] =
        (struct auth_header){slice_of_text("X-Amz-Date"), slice_of_text("20150830T123600Z")};
    signable.header_count = 2;
    for (size_t index = 0; index < request->header_count; index++) {
        if (is_plain_name(request->headers[index].name))
            headers[signable.header_count++] = request->headers[index];
    }
    struct authorization authorization;
    authorization_parse_query(request->query, arena, &authorization);
    if (authorization.algorithm.is_there)
        signable.query = (struct slice){0};
    return signable;
}

static void check_signed_request(const struct auth_request *request,
                                 const struct credentials *credentials)
{
    OWNED(arena) arena = arena_create();
    OWNED(signing_keys) keys = signing_keys_create(1);
    struct auth_header headers[HEADERS_MAX + 3];
    struct auth_request signable = make_signable(request, headers, arena);
    const struct sigv4_signer signer = {.access_key_id = slice_of_text("AKID"),
                                        .secret = slice_of_text("secret"),
                                        .region = slice_of_text("us-east-1"),
                                        .service = slice_of_text("dynamodb")};
    SCOPED(buffer) authorization;
    buffer_init(&authorization);
    if (sigv4_sign(keys, &signer, &signable, &authorization) != STATUS_OK)
        return;
    headers[signable.header_count++] =
        (struct auth_header){slice_of_text("Authorization"), buffer_slice(&authorization)};
    if (signable.header_count > AUTH_HEADER_COUNT_MAX)
        return;
    CHECK(check(&signable, credentials, arena).outcome == FRONT_ALLOWED);

    if (signable.body.size == 0)
        return;
    signable.body.size--;
    CHECK(check(&signable, credentials, arena).outcome == FRONT_INVALID_SIGNATURE);
}

/* A query in canonical form is its own canonical form. */
static void check_canonical_query(struct slice query)
{
    const struct signed_headers none = {.count = 0};
    struct auth_request request = {.query = query};
    SCOPED(buffer) first;
    SCOPED(buffer) second;
    buffer_init(&first);
    buffer_init(&second);
    if (canonical_request_append(&request, &none, &first) != STATUS_OK)
        return;
    struct slice rest = slice_skip(buffer_slice(&first), strlen("\n/\n"));
    request.query = take_line(&rest);
    CHECK(canonical_request_append(&request, &none, &second) == STATUS_OK);
    CHECK(slice_is_equal(buffer_slice(&first), buffer_slice(&second)));
}

static void check_uri_text(struct slice input)
{
    SCOPED(buffer) encoded;
    SCOPED(buffer) decoded;
    buffer_init(&encoded);
    buffer_init(&decoded);
    uri_text_encode(input, &encoded);
    uri_text_decode(buffer_slice(&encoded), &decoded);
    CHECK(slice_is_equal(buffer_slice(&decoded), input));
}

static void check_credentials(struct slice input)
{
    struct credentials_mistake mistake = {.line = SIZE_MAX};
    OWNED(credentials) credentials = NULL;
    if (credentials_parse(input, &mistake, &credentials) != STATUS_OK)
        CHECK(mistake.line <= input.size && mistake.text != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice input = slice_of(bytes, size);
    struct credentials_mistake mistake;
    OWNED(credentials) any = credentials_create_any();
    OWNED(credentials) known = NULL;
    CHECK(credentials_parse(slice_of_text(keys_text), &mistake, &known) == STATUS_OK);

    struct auth_header headers[HEADERS_MAX];
    struct auth_request request = read_request(input, headers);
    check_arbitrary_request(&request, any);
    check_arbitrary_request(&request, known);
    check_signed_request(&request, known);
    check_canonical_query(request.query);
    check_uri_text(input);
    check_credentials(input);
    return 0;
}
