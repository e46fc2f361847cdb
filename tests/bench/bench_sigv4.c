/*
 * What it costs to check who sends a PutItem of 350 bytes: all front checks, the key being cached.
 */
#include "core/auth/front_check.h"
#include "core/auth/sigv4.h"
#include "core/base/check.h"

#include <stdio.h>
#include <time.h>

enum { ROUNDS = 200000, REPEATS = 5, BODY_SIZE = 350, NOW = 1440938160 };

static double now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void verify_all(const struct front_rules *rules, const struct auth_request *request)
{
    OWNED(arena) arena = arena_create();
    for (int round = 0; round < ROUNDS; round++) {
        CHECK(front_check(rules, request, NOW, arena).outcome == FRONT_ALLOWED);
        arena_reset(arena);
    }
}

static void measure(const struct front_rules *rules, const struct auth_request *request)
{
    double best = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double start = now_us();
        verify_all(rules, request);
        double each = (now_us() - start) / ROUNDS;
        best = repeat == 0 || each < best ? each : best;
    }
    printf("sigv4: %.2f us per request with a body of %d bytes (best of %d runs of %d)\n", best,
           BODY_SIZE, REPEATS, ROUNDS);
}

int main(void)
{
    static uint8_t body[BODY_SIZE];
    memset(body, 'x', sizeof body);
    struct auth_header headers[8] = {
        {slice_of_text("Host"), slice_of_text("localhost:8000")},
        {slice_of_text("X-Amz-Target"), slice_of_text("DynamoDB_20120810.PutItem")},
        {slice_of_text("Content-Type"), slice_of_text("application/x-amz-json-1.0")},
        {slice_of_text("X-Amz-Date"), slice_of_text("20150830T123600Z")},
    };
    struct auth_request request = {.method = slice_of_text("POST"),
                                   .path = slice_of_text("/"),
                                   .headers = headers,
                                   .header_count = 4,
                                   .body = slice_of(body, sizeof body)};
    OWNED(signing_keys) keys = signing_keys_create(16);
    OWNED(credentials) credentials = NULL;
    struct credentials_mistake mistake;
    const char *text = "[a]\naws_access_key_id = AKIDEXAMPLE\n"
                       "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n";
    CHECK(credentials_parse(slice_of_text(text), &mistake, &credentials) == STATUS_OK);
    const struct sigv4_signer signer = {
        .access_key_id = slice_of_text("AKIDEXAMPLE"),
        .secret = slice_of_text("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        .region = slice_of_text("eu-central-1"),
        .service = slice_of_text("dynamodb"),
    };
    SCOPED(buffer) authorization;
    buffer_init(&authorization);
    CHECK(sigv4_sign(keys, &signer, &request, &authorization) == STATUS_OK);

    /* As clients send them, the ones that are not signed stand between the others. */
    headers[4] = (struct auth_header){slice_of_text("User-Agent"), slice_of_text("bench/1.0")};
    headers[5] = (struct auth_header){slice_of_text("Accept-Encoding"), slice_of_text("identity")};
    headers[6] = (struct auth_header){slice_of_text("Authorization"), buffer_slice(&authorization)};
    headers[7] = (struct auth_header){slice_of_text("Content-Length"), slice_of_text("350")};
    request.header_count = 8;
    const struct front_rules rules = {.credentials = credentials,
                                      .signing_keys = keys,
                                      .regions = &signer.region,
                                      .region_count = 1,
                                      .services = &signer.service,
                                      .service_count = 1};
    measure(&rules, &request);
    return 0;
}
