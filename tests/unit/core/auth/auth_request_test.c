#include "core/auth/auth_request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct auth_header headers[] = {
    {{(const uint8_t *)"Host", 4}, {(const uint8_t *)"first", 5}},
    {{(const uint8_t *)"HOST", 4}, {(const uint8_t *)"second", 6}},
    {{(const uint8_t *)"Empty", 5}, {NULL, 0}},
};

static void test_a_header_is_found_in_any_case_and_the_first_one_counts(void **state)
{
    (void)state;
    struct auth_request request = {.headers = headers, .header_count = 3};
    struct slice value;

    assert_true(auth_request_find_header(&request, "hOsT", &value));

    assert_true(slice_is_text(value, "first"));
}

static void test_an_empty_header_is_there_but_a_prefix_of_a_name_is_not(void **state)
{
    (void)state;
    struct auth_request request = {.headers = headers, .header_count = 3};
    struct slice value;

    assert_true(auth_request_find_header(&request, "empty", &value));
    assert_int_equal(value.size, 0);
    assert_false(auth_request_find_header(&request, "hos", &value));
    assert_false(auth_request_find_header(&request, "hosts", &value));
}

static void test_names_sort_as_in_lower_case(void **state)
{
    (void)state;

    assert_true(auth_name_compare(slice_of_text("B"), slice_of_text("a")) > 0);
    assert_true(auth_name_compare(slice_of_text("x-amz"), slice_of_text("X-Amz-Date")) < 0);
    assert_int_equal(auth_name_compare(slice_of_text("Host"), slice_of_text("hOST")), 0);
    /* Case is a matter of letters: @ and ` differ in the same bit as A and a. */
    assert_false(auth_name_is_equal(slice_of_text("@"), slice_of_text("`")));
}

static void test_a_body_is_hashed_unless_its_hash_is_given(void **state)
{
    (void)state;
    uint8_t given[AUTH_HASH_SIZE] = {0xab, [31] = 0x01};
    struct auth_request hashed = {.body_hash = given};
    struct auth_request unhashed = {.body = slice_of_text("abc")};
    uint8_t hash[AUTH_HASH_SIZE];
    char hex[AUTH_HASH_HEX_SIZE];

    auth_request_hash_body(&hashed, hash);
    assert_memory_equal(hash, given, sizeof hash);

    auth_request_hash_body(&unhashed, hash);
    auth_hash_to_hex(hash, hex);
    assert_memory_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                        sizeof hex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_header_is_found_in_any_case_and_the_first_one_counts),
        cmocka_unit_test(test_an_empty_header_is_there_but_a_prefix_of_a_name_is_not),
        cmocka_unit_test(test_names_sort_as_in_lower_case),
        cmocka_unit_test(test_a_body_is_hashed_unless_its_hash_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
