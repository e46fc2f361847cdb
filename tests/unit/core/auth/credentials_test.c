#include "core/auth/credentials.h"

#include "core/base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct credentials *parse(const char *text)
{
    struct credentials_mistake mistake;
    struct credentials *credentials = NULL;
    assert_int_equal(credentials_parse(slice_of_text(text), &mistake, &credentials), STATUS_OK);
    return credentials;
}

static void assert_mistake(const char *text, size_t line, const char *expected)
{
    struct credentials_mistake mistake = {0};
    struct credentials *credentials = NULL;
    assert_int_equal(credentials_parse(slice_of_text(text), &mistake, &credentials),
                     STATUS_INVALID);
    assert_null(credentials);
    assert_int_equal(mistake.line, line);
    assert_string_equal(mistake.text, expected);
}

static void test_profiles_are_read_and_found_by_key_id(void **state)
{
    (void)state;
    OWNED(credentials)
    credentials = parse("# a comment\r\n"
                        "\r\n"
                        "[default]\r\n"
                        "aws_access_key_id = AKID1\r\n"
                        "aws_secret_access_key=se=cr/et+1 \r\n"
                        "region = eu-central-1\r\n"
                        "; another\n"
                        "[ temporary ]\n"
                        "\taws_secret_access_key = secret2\n"
                        "  aws_access_key_id = AKID2\n"
                        "aws_session_token = token2==\n"
                        "[role]\n"
                        "role_arn = arn:aws:iam::1:role/x");

    const struct credential *first = credentials_find(credentials, slice_of_text("AKID1"));
    const struct credential *second = credentials_find(credentials, slice_of_text("AKID2"));

    assert_non_null(first);
    assert_true(slice_is_text(first->secret, "se=cr/et+1"));
    assert_int_equal(first->session_token.size, 0);
    assert_non_null(second);
    assert_true(slice_is_text(second->access_key_id, "AKID2"));
    assert_true(slice_is_text(second->secret, "secret2"));
    assert_true(slice_is_text(second->session_token, "token2=="));
    assert_null(credentials_find(credentials, slice_of_text("AKID")));
    assert_null(credentials_find(credentials, slice_of_text("")));
    assert_false(credentials_accept_any(credentials));
}

static void test_settings_nested_in_another_are_passed_over(void **state)
{
    (void)state;
    OWNED(credentials)
    credentials = parse("[a]\n"
                        "s3 =\n"
                        "  aws_access_key_id = nested\n"
                        "  whatever\n"
                        "aws_access_key_id = AKID\n"
                        "  aws_secret_access_key = secret\n");

    assert_non_null(credentials_find(credentials, slice_of_text("AKID")));
    assert_null(credentials_find(credentials, slice_of_text("nested")));
}

static void test_the_text_may_go_after_parsing(void **state)
{
    (void)state;
    char text[] = "[a]\naws_access_key_id = AKID\naws_secret_access_key = secret\n";
    OWNED(credentials) credentials = parse(text);

    memset(text, 0, sizeof text);

    const struct credential *found = credentials_find(credentials, slice_of_text("AKID"));
    assert_non_null(found);
    assert_true(slice_is_text(found->secret, "secret"));
}

static void test_mistakes_are_named_by_their_line(void **state)
{
    (void)state;

    assert_mistake("aws_access_key_id = A\n", 1, "a [profile] comes before its settings");
    assert_mistake("\n[a\n", 2, "a profile's name ends with a bracket: [name]");
    assert_mistake("[", 1, "a profile's name ends with a bracket: [name]");
    assert_mistake("[ ]\n", 1, "the profile's name is empty");
    assert_mistake("[a]\nregion\n", 2, "a setting is written: name = value");
    assert_mistake("[a]\naws_access_key_id =\n", 2, "the value is empty");
    assert_mistake("[a]\naws_access_key_id = A/B\n", 2,
                   "an aws_access_key_id is short, and without blanks, commas, slashes and "
                   "equal-signs");
    assert_mistake("[a]\naws_access_key_id = A\naws_access_key_id = B\n", 3,
                   "the profile has this setting already");
}

static void test_half_a_key_is_a_mistake_of_its_profile(void **state)
{
    (void)state;

    assert_mistake("[a]\naws_access_key_id = A\n\n[b]\n", 1,
                   "the profile has no aws_secret_access_key");
    assert_mistake("\n[a]\naws_secret_access_key = A", 2, "the profile has no aws_access_key_id");
    assert_mistake("[a]\naws_session_token = A", 1, "the profile has no aws_access_key_id");
}

static void test_repeated_profiles_and_key_ids_are_mistakes(void **state)
{
    (void)state;

    assert_mistake("[a]\n[a]\n", 2, "an earlier profile has the same name");
    assert_mistake("[a]\naws_access_key_id = A\naws_secret_access_key = 1\n"
                   "[b]\naws_access_key_id = A\naws_secret_access_key = 2\n",
                   4, "an earlier profile has the same aws_access_key_id");
}

static void test_a_text_without_a_key_or_of_unlikely_size_is_refused(void **state)
{
    (void)state;
    assert_mistake("", 0, "no profile has an aws_access_key_id");
    assert_mistake("[default]\nregion = x\n", 0, "no profile has an aws_access_key_id");

    SCOPED(buffer) text;
    buffer_init(&text);
    memset(buffer_reserve(&text, CREDENTIALS_TEXT_SIZE_MAX + 2), '\n',
           CREDENTIALS_TEXT_SIZE_MAX + 1);
    text.bytes[CREDENTIALS_TEXT_SIZE_MAX + 1] = '\0';
    assert_mistake((const char *)text.bytes, 0, "the text is too long");
}

static void test_any_credentials_means_that_no_secret_is_known(void **state)
{
    (void)state;
    OWNED(credentials) credentials = credentials_create_any();

    assert_true(credentials_accept_any(credentials));
    assert_null(credentials_find(credentials, slice_of_text("AKID")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_profiles_are_read_and_found_by_key_id),
        cmocka_unit_test(test_settings_nested_in_another_are_passed_over),
        cmocka_unit_test(test_the_text_may_go_after_parsing),
        cmocka_unit_test(test_mistakes_are_named_by_their_line),
        cmocka_unit_test(test_half_a_key_is_a_mistake_of_its_profile),
        cmocka_unit_test(test_repeated_profiles_and_key_ids_are_mistakes),
        cmocka_unit_test(test_a_text_without_a_key_or_of_unlikely_size_is_refused),
        cmocka_unit_test(test_any_credentials_means_that_no_secret_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
