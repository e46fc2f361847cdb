#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/scenario/runner.h"

#include <stdlib.h>
#include <string.h>

/* A server without tables that answers everything alike. */
struct fake {
    unsigned status_code;
    const char *body;
    const char *request_id;
    const char *checksum;
    char seen[256]; /* the bodies that it was sent, but for those of clearing up */
    struct region_answer answer;
};

static const struct region_answer *fake_send(void *context, const struct region_request *request)
{
    struct fake *fake = context;
    bool is_list = strcmp(request->target, "DynamoDB_20120810.ListTables") == 0;
    fake->answer = (struct region_answer){
        .status_code = is_list ? 200 : fake->status_code,
        .body = is_list ? "{\"TableNames\":[]}" : fake->body,
    };
    fake->answer.body_size = strlen(fake->answer.body);
    strcpy(fake->answer.request_id, fake->request_id);
    /* CRC-32 of the list. */
    strcpy(fake->answer.checksum, is_list ? "1315925753" : fake->checksum);
    if (!is_list)
        strncat(fake->seen, (const char *)request->body.bytes, request->body.size);
    return &fake->answer;
}

static void fake_pass_time(void *context)
{
    (void)context;
}

static bool fake_restart(void *context)
{
    struct fake *fake = context;
    strcat(fake->seen, "(restart)");
    return fake->status_code == 200;
}

#define REQUEST_ID "AAAAAAAAAAAAABBBBBBBBBBBBBCCCCCCCCCCCCC1234567890123"

static struct fake fake_of(unsigned status_code, const char *body, const char *checksum)
{
    return (struct fake){
        .status_code = status_code, .body = body, .request_id = REQUEST_ID, .checksum = checksum};
}

/* Runs the only scenario of a text; what it tells is appended to `told`. */
static bool run(struct fake *fake, const char *text, char *told, size_t told_size)
{
    OWNED(arena) arena = arena_create();
    struct backend backend = {
        .context = fake, .send = fake_send, .pass_time = fake_pass_time, .restart = fake_restart};
    struct script script;
    const char *mistake;
    assert_int_equal(script_parse(arena, slice_of_text(text), &script, &mistake), STATUS_OK);
    memset(told, 0, told_size);
    FILE *out = fmemopen(told, told_size, "w");
    bool is_kept = runner_run(&backend, "x.scenario", &script, script.scenarios, out);
    fclose(out);
    return is_kept;
}

static void test_a_statement_that_is_not_met_is_told_with_its_line(void **state)
{
    (void)state;
    struct fake fake = fake_of(200, "{}", "2745614147");
    char told[1024];

    assert_false(run(&fake, "# Rule.\nget t {pk: 1} -> {pk: 1}\n", told, sizeof told));

    assert_string_equal(told, "x.scenario:2: another answer than expected\n"
                              "    get t {pk: 1} -> {pk: 1}\n"
                              "  expected: {pk: 1}\n"
                              "  got:      200 {}\n");
}

static void test_statements_that_are_met_tell_nothing(void **state)
{
    (void)state;
    struct fake fake = fake_of(200, "{}", "2745614147");
    char told[1024];

    assert_true(run(&fake, "# Rule.\nget t {pk: 1} -> nothing\n", told, sizeof told));

    assert_string_equal(told, "");
}

static void test_what_is_no_statement_fails_before_anything_is_sent(void **state)
{
    (void)state;
    struct fake fake = fake_of(200, "{}", "2745614147");
    char told[1024];

    assert_false(run(&fake, "# Rule.\nget t {pk: 1}\nfetch t\n", told, sizeof told));

    assert_non_null(strstr(told, "x.scenario:3: no verb begins like this"));
    assert_string_equal(fake.seen, "");
}

static void test_an_answer_with_a_wrong_checksum_or_without_id_fails(void **state)
{
    (void)state;
    struct fake wrong = fake_of(200, "{}", "1"), nameless = fake_of(200, "{}", "2745614147");
    nameless.request_id = "short";
    char told[1024];

    assert_false(run(&wrong, "# Rule.\nget t {pk: 1}\n", told, sizeof told));
    assert_non_null(strstr(told, "x-amz-crc32"));
    assert_false(run(&nameless, "# Rule.\nget t {pk: 1}\n", told, sizeof told));
    assert_non_null(strstr(told, "request id"));
}

static void test_repeated_statements_count_and_what_is_kept_is_sent(void **state)
{
    (void)state;
    struct fake fake = fake_of(200, "{}", "2745614147");
    char told[1024];

    assert_true(run(&fake, "# Rule.\nrepeat 2 call A {n: $i}\n", told, sizeof told));
    assert_string_equal(fake.seen, "{\"n\":0}{\"n\":1}");
    assert_false(run(&fake, "# Rule.\ncall A {}\nlet x = There\n", told, sizeof told));
    assert_non_null(strstr(told, "x.scenario:3: another answer"));
}

static void test_servers_that_do_not_come_back_fail(void **state)
{
    (void)state;
    struct fake fake = fake_of(200, "{}", "2745614147"), gone = fake_of(500, "{}", "2745614147");
    char told[1024];

    assert_true(run(&fake, "# Rule.\ncall A {}\nrestart\ncall B {}\n", told, sizeof told));
    assert_string_equal(fake.seen, "{}(restart){}");
    assert_false(run(&gone, "# Rule.\nrestart\n", told, sizeof told));
    assert_non_null(strstr(told, "x.scenario:2: the servers do not come back"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_statement_that_is_not_met_is_told_with_its_line),
        cmocka_unit_test(test_statements_that_are_met_tell_nothing),
        cmocka_unit_test(test_what_is_no_statement_fails_before_anything_is_sent),
        cmocka_unit_test(test_an_answer_with_a_wrong_checksum_or_without_id_fails),
        cmocka_unit_test(test_servers_that_do_not_come_back_fail),
        cmocka_unit_test(test_repeated_statements_count_and_what_is_kept_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
