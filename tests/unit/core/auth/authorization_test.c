#include "core/auth/authorization.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct authorization parse(const char *header)
{
    struct authorization authorization;
    struct slice wrong_piece;
    assert_int_equal(
        authorization_parse_header(slice_of_text(header), &authorization, &wrong_piece), STATUS_OK);
    return authorization;
}

static void assert_field(struct authorization_field field, const char *expected)
{
    assert_true(field.is_there);
    assert_true(slice_is_text(field.text, expected));
}

static void test_commas_blanks_or_both_separate(void **state)
{
    (void)state;
    const char *const headers[] = {
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host;x, Signature=ff",
        "AWS4-HMAC-SHA256 Credential=a/b,SignedHeaders=host;x,Signature=ff",
        "AWS4-HMAC-SHA256,Signature=ff,SignedHeaders=host;x,Credential=a/b",
        " AWS4-HMAC-SHA256\t Credential=a/b  SignedHeaders=host;x ,, Signature=ff, ",
    };

    for (size_t index = 0; index < sizeof headers / sizeof headers[0]; index++) {
        struct authorization authorization = parse(headers[index]);
        assert_field(authorization.algorithm, "AWS4-HMAC-SHA256");
        assert_field(authorization.credential, "a/b");
        assert_field(authorization.signed_headers, "host;x");
        assert_field(authorization.signature, "ff");
    }
}

static void test_a_value_may_be_empty_or_hold_equal_signs(void **state)
{
    (void)state;

    struct authorization authorization = parse("A Credential=,Signature=a=b==");

    assert_field(authorization.credential, "");
    assert_field(authorization.signature, "a=b==");
    assert_false(authorization.signed_headers.is_there);
}

static void test_names_are_exact_and_the_first_of_several_counts(void **state)
{
    (void)state;

    struct authorization authorization = parse("A credential=x Signature=1 Signature=2 Other=3");

    assert_false(authorization.credential.is_there);
    assert_field(authorization.signature, "1");
}

static void test_a_piece_without_equal_sign_is_named(void **state)
{
    (void)state;
    struct authorization authorization;
    struct slice wrong_piece;

    assert_int_equal(authorization_parse_header(slice_of_text("A Credential= key/b Other"),
                                                &authorization, &wrong_piece),
                     STATUS_INVALID);

    assert_true(slice_is_text(wrong_piece, "key/b"));
}

static void test_an_empty_header_has_nothing(void **state)
{
    (void)state;

    struct authorization authorization = parse("");

    assert_false(authorization.algorithm.is_there);
    assert_false(authorization.credential.is_there);
}

static void test_a_query_is_decoded(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct authorization authorization;

    authorization_parse_query(
        slice_of_text("A=b&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2Fb&X-Amz-Date=1&"
                      "X-Amz-SignedHeaders=host%3Bx&X-Amz-Security-Token=a%2Bb%3D&"
                      "X-Amz-Signature=ff&X-Amz-Signature=00"),
        arena, &authorization);

    assert_field(authorization.algorithm, "AWS4-HMAC-SHA256");
    assert_field(authorization.credential, "a/b");
    assert_field(authorization.time, "1");
    assert_field(authorization.signed_headers, "host;x");
    assert_field(authorization.security_token, "a+b=");
    assert_field(authorization.signature, "ff");
}

static void test_an_empty_parameter_is_missing_but_for_the_algorithm(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct authorization authorization;

    authorization_parse_query(slice_of_text("X-Amz-Algorithm&X-Amz-Date="), arena, &authorization);

    assert_field(authorization.algorithm, "");
    assert_false(authorization.time.is_there);
}

static void test_a_credential_has_five_parts_empty_ones_included(void **state)
{
    (void)state;
    struct credential_parts parts;

    assert_int_equal(authorization_split_credential(slice_of_text("id/20150830//svc/term"), &parts),
                     STATUS_OK);

    assert_true(slice_is_text(parts.access_key_id, "id"));
    assert_true(slice_is_text(parts.date, "20150830"));
    assert_true(slice_is_text(parts.region, ""));
    assert_true(slice_is_text(parts.service, "svc"));
    assert_true(slice_is_text(parts.terminator, "term"));
}

static void test_a_credential_of_four_or_six_parts_is_refused(void **state)
{
    (void)state;
    struct credential_parts parts;

    assert_int_equal(authorization_split_credential(slice_of_text("a/b/c/d"), &parts),
                     STATUS_INVALID);
    assert_int_equal(authorization_split_credential(slice_of_text("a/b/c/d/e/"), &parts),
                     STATUS_INVALID);
    assert_int_equal(authorization_split_credential(slice_of_text(""), &parts), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commas_blanks_or_both_separate),
        cmocka_unit_test(test_a_value_may_be_empty_or_hold_equal_signs),
        cmocka_unit_test(test_names_are_exact_and_the_first_of_several_counts),
        cmocka_unit_test(test_a_piece_without_equal_sign_is_named),
        cmocka_unit_test(test_an_empty_header_has_nothing),
        cmocka_unit_test(test_a_query_is_decoded),
        cmocka_unit_test(test_an_empty_parameter_is_missing_but_for_the_algorithm),
        cmocka_unit_test(test_a_credential_has_five_parts_empty_ones_included),
        cmocka_unit_test(test_a_credential_of_four_or_six_parts_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
