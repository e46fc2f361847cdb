#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/scenario/crc32.h"
#include "tests/scenario/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ANSWER_COUNT_MAX = 8 };

/* A server that answers from a list, the last for ever, and keeps what it was sent. */
struct fake {
    const char *answers[ANSWER_COUNT_MAX];
    size_t sent_count;
    size_t pause_count;
    char sent[1024];
    struct region_answer answer;
};

static const struct region_answer *fake_send(void *context, const struct region_request *request)
{
    struct fake *fake = context;
    size_t index = fake->sent_count++;
    while (index >= ANSWER_COUNT_MAX || fake->answers[index] == NULL)
        index--;
    const char *body = fake->answers[index];
    bool is_refusal = strstr(body, "__type") != NULL;
    fake->answer = (struct region_answer){
        .status_code = is_refusal ? 400 : 200, .body = body, .body_size = strlen(body)};
    memset(fake->answer.request_id, 'A', 52);
    snprintf(fake->answer.checksum, sizeof fake->answer.checksum, "%" PRIu32,
             crc32_of(slice_of_text(body)));
    size_t size = strlen(fake->sent);
    snprintf(fake->sent + size, sizeof fake->sent - size, "%s %.*s\n",
             strchr(request->target, '.') + 1, (int)request->body.size,
             (const char *)request->body.bytes);
    return &fake->answer;
}

static void fake_pass_time(void *context)
{
    struct fake *fake = context;
    fake->pause_count++;
}

static struct tree *tree_of(struct arena *arena, const char *json)
{
    struct tree *tree = NULL;
    assert_int_equal(tree_parse(arena, slice_of_text(json), &tree), STATUS_OK);
    return tree;
}

/* What a Scan of all pages answers. */
static void check_all(struct fake *fake, const char *body, const char *expected)
{
    OWNED(arena) arena = arena_create();
    struct backend backend = {.context = fake, .send = fake_send, .pass_time = fake_pass_time};
    struct session session = {.backend = &backend, .arena = arena};

    struct answer answer = session_call_all(&session, "Scan", tree_of(arena, body));

    assert_null(session.mistake);
    assert_string_equal(arena_copy_text(arena, answer.text), expected);
}

#define PAGE(item, rest) "{\"Items\":[" item "],\"Count\":1,\"ScannedCount\":2" rest "}"

static void test_pages_are_followed_and_answered_as_one(void **state)
{
    (void)state;
    struct fake fake = {.answers = {PAGE("1", ",\"LastEvaluatedKey\":{\"k\":7}"), PAGE("2", "")}};

    check_all(&fake, "{\"TableName\":\"t\"}",
              "{\"Items\":[1,2],\"Count\":2,\"ScannedCount\":4,\"Pages\":2}");

    assert_string_equal(fake.sent, "Scan {\"TableName\":\"t\"}\n"
                                   "Scan {\"TableName\":\"t\",\"ExclusiveStartKey\":{\"k\":7}}\n");
}

static void test_every_segment_is_asked_from_its_beginning(void **state)
{
    (void)state;
    struct fake fake = {
        .answers = {PAGE("1", ",\"LastEvaluatedKey\":5"), PAGE("2", ""), PAGE("3", "")}};

    check_all(&fake, "{\"TotalSegments\":2}",
              "{\"Items\":[1,2,3],\"Count\":3,\"ScannedCount\":6,\"Pages\":3}");

    assert_string_equal(fake.sent,
                        "Scan {\"TotalSegments\":2,\"Segment\":0}\n"
                        "Scan {\"TotalSegments\":2,\"Segment\":0,\"ExclusiveStartKey\":5}\n"
                        "Scan {\"TotalSegments\":2,\"Segment\":1}\n");
}

static void test_a_refusal_ends_the_pages(void **state)
{
    (void)state;
    static const char refusal[] = "{\"__type\":\"a#B\"}";
    struct fake fake = {.answers = {PAGE("1", ",\"LastEvaluatedKey\":5"), refusal}};

    check_all(&fake, "{\"TotalSegments\":2}", refusal);

    assert_int_equal(fake.sent_count, 2);
}

static void test_a_status_is_waited_for(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct fake fake = {.answers = {"{\"Table\":{\"TableStatus\":\"CREATING\"}}",
                                    "{\"Table\":{\"TableStatus\":\"ACTIVE\"}}"}};
    struct backend backend = {.context = &fake, .send = fake_send, .pass_time = fake_pass_time};
    struct session session = {.backend = &backend, .arena = arena};

    assert_true(session_wait(&session, "t", "ACTIVE"));

    assert_int_equal(fake.pause_count, 1);
    assert_false(session_wait(&session, "t", "DELETING"));
    assert_false(session_wait(&session, "t", NULL));
}

static void test_clearing_deletes_every_table(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct fake fake = {.answers = {"{\"TableNames\":[\"t\"]}", "{}", "{\"__type\":\"a#B\"}",
                                    "{\"TableNames\":[]}"}};
    struct backend backend = {.context = &fake, .send = fake_send, .pass_time = fake_pass_time};
    struct session session = {.backend = &backend, .arena = arena};

    assert_true(session_clear(&session));

    assert_string_equal(fake.sent, "ListTables {}\nDeleteTable {\"TableName\":\"t\"}\n"
                                   "DescribeTable {\"TableName\":\"t\"}\nListTables {}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_are_followed_and_answered_as_one),
        cmocka_unit_test(test_every_segment_is_asked_from_its_beginning),
        cmocka_unit_test(test_a_refusal_ends_the_pages),
        cmocka_unit_test(test_a_status_is_waited_for),
        cmocka_unit_test(test_clearing_deletes_every_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
