/*
 * A PutItem on its way through the front checks: whole and rightly signed, until a test changes it.
 */
#pragma once

#include "core/auth/front_check.h"
#include "core/auth/sigv4.h"
#include "core/base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { FRONT_NOW = 1440938160 }; /* 20150830T123600Z */

#define FRONT_TIME "20150830T123600Z"
#define FRONT_KEYS                                                                                 \
    "[a]\naws_access_key_id = AKIDEXAMPLE\n"                                                       \
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n"                           \
    "[b]\naws_access_key_id = AKIDTOKEN\n"                                                         \
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n"                           \
    "aws_session_token = a/session+token==\n"
#define FRONT_BODY                                                                                 \
    "{\"TableName\":\"Users\",\"Item\":{\"id\":{\"S\":\"7\"},\"name\":{\"S\":\"Ada\"}}}"
#define FRONT_SCOPE "AKIDEXAMPLE/20150830/eu-central-1/dynamodb/aws4_request"

struct front_fixture {
    struct credentials *credentials;
    struct signing_keys *signing_keys;
    struct arena *arena;
    struct buffer authorization;
    struct slice regions[2];
    struct slice services[2];
    struct auth_header headers[8];
    struct auth_request request;
    int64_t now;
};

static inline void front_fixture_init(struct front_fixture *fixture)
{
    *fixture = (struct front_fixture){
        .signing_keys = signing_keys_create(8),
        .arena = arena_create(),
        .regions = {slice_of_text("eu-central-1"), slice_of_text("us-east-1")},
        .services = {slice_of_text("dynamodb"), slice_of_text("sts")},
        .headers = {{slice_of_text("Host"), slice_of_text("localhost:8000")},
                    {slice_of_text("X-Amz-Target"), slice_of_text("DynamoDB_20120810.PutItem")},
                    {slice_of_text("X-Amz-Date"), slice_of_text(FRONT_TIME)}},
        .request = {.method = slice_of_text("POST"),
                    .path = slice_of_text("/"),
                    .headers = fixture->headers,
                    .header_count = 3,
                    .body = slice_of_text(FRONT_BODY)},
        .now = FRONT_NOW,
    };
    struct credentials_mistake mistake;
    assert_int_equal(credentials_parse(slice_of_text(FRONT_KEYS), &mistake, &fixture->credentials),
                     STATUS_OK);
}

static inline void front_fixture_deinit(struct front_fixture *fixture)
{
    credentials_destroy(fixture->credentials);
    signing_keys_destroy(fixture->signing_keys);
    arena_destroy(fixture->arena);
    buffer_deinit(&fixture->authorization);
}

static inline void front_fixture_accept_any(struct front_fixture *fixture)
{
    credentials_destroy(fixture->credentials);
    fixture->credentials = credentials_create_any();
}

static inline void front_fixture_add(struct front_fixture *fixture, const char *name,
                                     const char *value)
{
    struct auth_header *header = &fixture->headers[fixture->request.header_count++];
    *header = (struct auth_header){slice_of_text(name), slice_of_text(value)};
}

/* Adds the Authorization that signs all headers so far. */
static inline void front_fixture_sign(struct front_fixture *fixture, const char *access_key_id,
                                      const char *region, const char *service)
{
    struct sigv4_signer signer = {
        .access_key_id = slice_of_text(access_key_id),
        .secret = slice_of_text("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        .region = slice_of_text(region),
        .service = slice_of_text(service),
    };
    buffer_clear(&fixture->authorization);
    assert_int_equal(
        sigv4_sign(fixture->signing_keys, &signer, &fixture->request, &fixture->authorization),
        STATUS_OK);
    buffer_append_u8(&fixture->authorization, '\0');
    front_fixture_add(fixture, "Authorization", (const char *)fixture->authorization.bytes);
}

static inline struct front_verdict front_fixture_check(struct front_fixture *fixture)
{
    struct front_rules rules = {
        .credentials = fixture->credentials,
        .signing_keys = fixture->signing_keys,
        .regions = fixture->regions,
        .region_count = 2,
        .services = fixture->services,
        .service_count = 2,
    };
    return front_check(&rules, &fixture->request, fixture->now, fixture->arena);
}

static inline void front_fixture_assert_allowed(struct front_fixture *fixture)
{
    struct front_verdict verdict = front_fixture_check(fixture);
    if (verdict.outcome != FRONT_ALLOWED)
        print_error("%.*s\n", (int)verdict.message.size, (const char *)verdict.message.bytes);
    assert_int_equal(verdict.outcome, FRONT_ALLOWED);
}

static inline void front_fixture_assert_refused(struct front_fixture *fixture,
                                                enum front_outcome outcome, const char *message)
{
    struct front_verdict verdict = front_fixture_check(fixture);
    assert_string_equal(arena_copy_text(fixture->arena, verdict.message), message);
    assert_int_equal(verdict.outcome, outcome);
}
