/*
 * What tests of the API assert of an answer. cmocka.h and what it needs come first.
 */
#pragma once

#include "tests/support/region.h"

#include <stdio.h>
#include <string.h>

#define assert_answer(answer, wanted_status_code, wanted_body)                                     \
    do {                                                                                           \
        const struct region_answer *answer_ = (answer);                                            \
        assert_string_equal(answer_->body, (wanted_body));                                         \
        assert_int_equal(answer_->status_code, (wanted_status_code));                              \
    } while (0)

#define assert_validation(answer, message)                                                         \
    assert_answer(                                                                                 \
        answer, 400,                                                                               \
        "{\"__type\":\"com.amazon.coral.validate#ValidationException\",\"message\":\"" message     \
        "\"}")

#define assert_serialization(answer, message)                                                      \
    assert_answer(answer, 400,                                                                     \
                  "{\"__type\":\"com.amazon.coral.service#SerializationException\","               \
                  "\"Message\":\"" message "\"}")

/* `name` is one of DynamoDB's own exceptions. */
#define assert_exception(answer, name, message)                                                    \
    assert_answer(answer, 400,                                                                     \
                  "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" name                           \
                  "\",\"message\":\"" message "\"}")

/* The body contains a text. */
#define assert_told(answer, text)                                                                  \
    do {                                                                                           \
        const char *body_ = (answer)->body;                                                        \
        if (strstr(body_, (text)) == NULL)                                                         \
            fail_msg("%s\nlacks: %s", body_, (text));                                              \
    } while (0)
