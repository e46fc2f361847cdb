#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/region_assert.h"

static struct region *region;

static int set_up(void **state)
{
    (void)state;
    region =
        region_create(&(struct region_options){.name = "eu-west-1", .account_id = "123456789012"});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    region_destroy(region);
    return 0;
}

static struct region_request ask(const char *form)
{
    return (struct region_request){
        .content_type = "application/x-www-form-urlencoded; charset=utf-8",
        .service = "sts",
        .body = slice_of_text(form),
    };
}

#define IDENTITY "Action=GetCallerIdentity&Version=2011-06-15"

static void test_the_caller_is_the_accounts_root(void **state)
{
    (void)state;
    struct region_request request = ask(IDENTITY);
    const struct region_answer *answer = region_send(region, &request);

    assert_int_equal(answer->status_code, 200);
    assert_string_equal(answer->content_type, "text/xml");
    assert_told(answer, "<GetCallerIdentityResponse "
                        "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
                        "  <GetCallerIdentityResult>\n"
                        "    <Arn>arn:aws:iam::123456789012:root</Arn>\n"
                        "    <UserId>123456789012</UserId>\n"
                        "    <Account>123456789012</Account>\n");
    assert_told(answer, answer->request_id);
}

static void test_the_global_endpoints_region_is_taken_too_and_another_is_not(void **state)
{
    (void)state;
    struct region_request request = ask(IDENTITY);
    request.region_name = "eu-west-1";
    assert_int_equal(region_send(region, &request)->status_code, 200);
    request.region_name = "us-east-1";
    assert_int_equal(region_send(region, &request)->status_code, 200);
    request.region_name = "mars-1";
    assert_int_equal(region_send(region, &request)->status_code, 403);
}

static void test_another_action_is_refused(void **state)
{
    (void)state;
    const char *const forms[] = {"Action=AssumeRole&Version=2011-06-15", "",
                                 "XAction=GetCallerIdentity", "Action=GetCallerIdentityX",
                                 "Action"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct region_request request = ask(forms[i]);
        const struct region_answer *answer = region_send(region, &request);
        assert_int_equal(answer->status_code, 400);
        assert_told(answer, "<Code>InvalidAction</Code>");
    }
}

static void test_who_is_not_known_is_told_in_this_services_words(void **state)
{
    (void)state;
    struct region_request request = ask(IDENTITY);
    request.secret = "wrong";
    assert_int_equal(region_send(region, &request)->status_code, 403);
    assert_told(region_send(region, &request), "<Code>SignatureDoesNotMatch</Code>");
    request.access_key_id = "NOBODY";
    assert_told(region_send(region, &request),
                "<Type>Sender</Type>\n    <Code>InvalidClientTokenId</Code>\n    <Message>The "
                "security token included in the request is invalid.</Message>");
    request.authorization = "";
    assert_told(region_send(region, &request), "<Code>MissingAuthenticationToken</Code>");
    request.authorization = "AWS4-HMAC-SHA256 <&>=1";
    assert_told(region_send(region, &request), "AWS4-HMAC-SHA256 &lt;&amp;&gt;=1");
}

static void test_a_signature_for_the_database_is_none_for_this_service(void **state)
{
    (void)state;
    struct region_request request = ask(IDENTITY);
    request.service = "dynamodb";
    assert_told(region_send(region, &request),
                "Credential should be scoped to correct service: 'sts'.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_caller_is_the_accounts_root),
        cmocka_unit_test(test_the_global_endpoints_region_is_taken_too_and_another_is_not),
        cmocka_unit_test(test_another_action_is_refused),
        cmocka_unit_test(test_who_is_not_known_is_told_in_this_services_words),
        cmocka_unit_test(test_a_signature_for_the_database_is_none_for_this_service),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
