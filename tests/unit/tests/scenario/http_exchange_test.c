#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/scenario/http_exchange.h"

static void test_an_answer_has_a_status_headers_and_a_body(void **state)
{
    (void)state;
    struct http_answer answer;
    struct slice value;
    static const char text[] = "HTTP/1.1 404 Not Found\r\nX-Y: a b\r\ncontent-length: 3\r\n\r\nabc";

    assert_int_equal(http_answer_parse(slice_of_text(text), &answer), STATUS_OK);

    assert_int_equal(answer.status_code, 404);
    assert_true(slice_is_text(answer.body, "abc"));
    assert_true(http_answer_header(&answer, "x-y", &value));
    assert_true(slice_is_text(value, "a b"));
    assert_false(http_answer_header(&answer, "X", &value));
}

static void test_an_answer_that_was_cut_is_none(void **state)
{
    (void)state;
    struct http_answer answer;
    static const char *const texts[] = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
        "nonsense\r\nContent-Length: 0\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(http_answer_parse(slice_of_text(texts[i]), &answer), STATUS_INVALID);
}

static void test_where_nobody_listens_there_is_no_answer(void **state)
{
    (void)state;
    SCOPED(buffer) buffer;
    buffer_init(&buffer);

    assert_int_equal(http_exchange("127.0.0.1", 0, slice_of_text("x"), &buffer), STATUS_IO);
    assert_int_equal(http_exchange("nowhere", 1, slice_of_text("x"), &buffer), STATUS_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_answer_has_a_status_headers_and_a_body),
        cmocka_unit_test(test_an_answer_that_was_cut_is_none),
        cmocka_unit_test(test_where_nobody_listens_there_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
