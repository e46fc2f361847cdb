#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "router/front/cross_origin.h"

#define HEADER(name, value)                                                                        \
    {                                                                                              \
        {(const uint8_t *)(name), sizeof(name) - 1},                                               \
        {                                                                                          \
            (const uint8_t *)(value), sizeof(value) - 1                                            \
        }                                                                                          \
    }

static struct auth_request request_of(const char *method, const struct auth_header *headers,
                                      size_t count)
{
    return (struct auth_request){
        .method = slice_of_text(method), .headers = headers, .header_count = count};
}

static void test_a_request_without_origin_gets_nothing(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct router_field fields[CROSS_ORIGIN_FIELDS_MAX];
    struct auth_request request = request_of("OPTIONS", NULL, 0);

    assert_false(cross_origin_is_question(&request));
    assert_int_equal(cross_origin_fields(&request, arena, fields), 0);
}

static void test_any_origin_may_read_an_answer(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct router_field fields[CROSS_ORIGIN_FIELDS_MAX];
    const struct auth_header headers[] = {HEADER("Origin", "http://example.org"),
                                          HEADER("Access-Control-Request-Method", "POST")};
    struct auth_request request = request_of("POST", headers, 2);

    assert_false(cross_origin_is_question(&request));
    assert_int_equal(cross_origin_fields(&request, arena, fields), 1);
    assert_string_equal(fields[0].name, "Access-Control-Allow-Origin");
    assert_string_equal(fields[0].value, "*");
}

static void test_a_question_is_granted_what_it_asks_for(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct router_field fields[CROSS_ORIGIN_FIELDS_MAX];
    const struct auth_header headers[] = {
        HEADER("origin", "null"),
        HEADER("access-control-request-headers", "x-amz-target,x-amz-date"),
        HEADER("access-control-request-method", "POST")};
    struct auth_request request = request_of("OPTIONS", headers, 3);

    assert_true(cross_origin_is_question(&request));
    assert_int_equal(cross_origin_fields(&request, arena, fields), 4);
    assert_string_equal(fields[1].name, "Access-Control-Max-Age");
    assert_string_equal(fields[2].name, "Access-Control-Allow-Headers");
    assert_string_equal(fields[2].value, "x-amz-target,x-amz-date");
    assert_string_equal(fields[3].name, "Access-Control-Allow-Methods");
    assert_string_equal(fields[3].value, "POST");
}

static void test_a_question_that_asks_for_nothing_is_granted_nothing_more(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct router_field fields[CROSS_ORIGIN_FIELDS_MAX];
    const struct auth_header header = HEADER("origin", "");
    struct auth_request request = request_of("OPTIONS", &header, 1);

    assert_int_equal(cross_origin_fields(&request, arena, fields), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_request_without_origin_gets_nothing),
        cmocka_unit_test(test_any_origin_may_read_an_answer),
        cmocka_unit_test(test_a_question_is_granted_what_it_asks_for),
        cmocka_unit_test(test_a_question_that_asks_for_nothing_is_granted_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
