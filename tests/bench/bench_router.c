/*
 * What a request costs in the router alone: read, authenticated, checked, answered; its region is
 * not asked, and there is no HTTP.
 *
 *   bench_router [COUNT]
 */
#include "core/auth/request_time.h"
#include "core/auth/sigv4.h"
#include "core/base/arena.h"
#include "core/base/check.h"
#include "core/env/env_uv.h"
#include "router/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { COUNT_DEFAULT = 200000, FIELD_COUNT = 10 };

static const char keys[] = "[a]\naws_access_key_id = AKID\naws_secret_access_key = secret\n";
static const struct catalog_seed seed = {.name = "n0", .address = "local:n0"};

static void respond(void *context, struct router_response *response)
{
    *(unsigned *)context = response->status_code;
}

static double cpu_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Signs a request to an operation; the headers have room for one more. */
static void sign(struct auth_request *auth, struct auth_header *headers, struct buffer *value)
{
    OWNED(signing_keys) signing_keys = signing_keys_create(1);
    const struct sigv4_signer signer = {
        .access_key_id = slice_of_text("AKID"),
        .secret = slice_of_text("secret"),
        .region = slice_of_text("us-east-1"),
        .service = slice_of_text("dynamodb"),
    };
    CHECK(sigv4_sign(signing_keys, &signer, auth, value) == STATUS_OK);
    headers[auth->header_count++] =
        (struct auth_header){.name = slice_of_text("Authorization"), .value = buffer_slice(value)};
}

static void run(struct router *router, const char *target, struct slice body, unsigned long count)
{
    char time_text[REQUEST_TIME_SIZE + 1];
    request_time_format((int64_t)time(NULL), time_text);
    struct auth_header headers[8] = {
        {slice_of_text("Host"), slice_of_text("localhost:8000")},
        {slice_of_text("X-Amz-Date"), slice_of_text(time_text)},
        {slice_of_text("Content-Type"), slice_of_text("application/x-amz-json-1.0")},
        {slice_of_text("X-Amz-Target"), slice_of_text(target)},
    };
    struct buffer authorization = {0};
    OWNED(arena) arena = arena_create();
    struct router_request request = {
        .auth = {.method = slice_of_text("POST"),
                 .path = slice_of_text("/"),
                 .headers = headers,
                 .header_count = 4,
                 .body = body},
        .arena = arena,
    };
    sign(&request.auth, headers, &authorization);
    unsigned status_code = 0;
    double start_us = cpu_now_us();
    for (unsigned long i = 0; i < count; i++) {
        arena_reset(arena);
        router_handle(router, &request, respond, &status_code);
    }
    printf("%-32s %5zu bytes  %u  %6.2f us\n", target, body.size, status_code,
           (cpu_now_us() - start_us) / (double)count);
    buffer_deinit(&authorization);
}

/* Refused after all that concerns the request alone, and before its table is looked for. */
static void append_put(struct buffer *body)
{
    buffer_append_text(body, "{\"TableName\":\"usertable\",\"ReturnValues\":\"ALL_NEW\",\"Item\":{"
                             "\"id\":{\"S\":\"user6284781860667377211\"}");
    for (int i = 0; i < FIELD_COUNT; i++)
        buffer_append_format(body, ",\"field%d\":{\"S\":\"%0100d\"}", i, i);
    buffer_append_text(body, "}}");
}

int main(int argument_count, char **arguments)
{
    unsigned long count = argument_count > 1 ? strtoul(arguments[1], NULL, 10) : COUNT_DEFAULT;
    struct env *env = env_uv_create(&(struct env_uv_options){0});
    struct credentials *credentials;
    struct credentials_mistake mistake;
    CHECK(credentials_parse(slice_of_text(keys), &mistake, &credentials) == STATUS_OK);
    struct router *router = router_create(&(struct router_options){
        .env = env,
        .name = "r0",
        .region = "us-east-1",
        .seeds = &seed,
        .seed_count = 1,
        .credentials = credentials,
        .endpoint = "localhost:8000",
    });
    SCOPED(buffer) put;
    buffer_init(&put);
    append_put(&put);

    run(router, "DynamoDB_20120810.DescribeEndpoints", slice_of_text("{}"), count);
    run(router, "DynamoDB_20120810.PutItem", buffer_slice(&put), count);

    router_destroy(router);
    env_uv_destroy(env);
    credentials_destroy(credentials);
    return EXIT_SUCCESS;
}
