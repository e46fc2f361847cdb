#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/scenario/statement.h"

#include <string.h>

/* Operation and body of a statement, and what is left of it; or the mistake. */
static void check(const char *text, const char *expected)
{
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) buffer;
    buffer_init(&buffer);
    struct notation notation = {.arena = arena, .at = text};
    struct statement statement;
    if (statement_parse(&notation, &statement)) {
        buffer_append_text(&buffer, statement.operation);
        tree_write(statement.body, &buffer);
        buffer_append_text(&buffer, notation.at);
    } else {
        buffer_append_text(&buffer, notation.mistake);
    }
    assert_string_equal(arena_copy_text(arena, buffer_slice(&buffer)), expected);
}

static void test_verbs_name_the_table_and_the_item(void **state)
{
    (void)state;
    check("put t {pk: \"a\"}", "PutItem{\"TableName\":\"t\",\"Item\":{\"pk\":{\"S\":\"a\"}}}");
    check("get t {pk: 1} consistent -> nothing",
          "GetItem{\"TableName\":\"t\",\"Key\":{\"pk\":{\"N\":\"1\"}},\"ConsistentRead\":true}"
          "-> nothing");
    check("scan t Limit=2 TotalSegments=4",
          "Scan{\"TableName\":\"t\",\"Limit\":2,\"TotalSegments\":4}");
}

static void test_expressions_go_on_up_to_the_next_clause(void **state)
{
    (void)state;
    check("update t {pk: 1} do SET a = if_not_exists(a, :x), b=:x if #n > :x with #n=name :x=\"y\" "
          "ReturnValues=ALL_NEW -> ok",
          "UpdateItem{\"TableName\":\"t\",\"Key\":{\"pk\":{\"N\":\"1\"}},\"UpdateExpression\":"
          "\"SET a = if_not_exists(a, :x), b=:x\",\"ConditionExpression\":\"#n > :x\","
          "\"ExpressionAttributeNames\":{\"#n\":\"name\"},\"ExpressionAttributeValues\":{\":x\":{"
          "\"S\":\"y\"}},\"ReturnValues\":\"ALL_NEW\"}-> ok");
    check("query t where pk = :p backward filter \"\" select a.b, c[1]",
          "Query{\"TableName\":\"t\",\"KeyConditionExpression\":\"pk = :p\",\"ScanIndexForward\":"
          "false,\"FilterExpression\":\"\",\"ProjectionExpression\":\"a.b, c[1]\"}");
}

static void test_batches_take_lists(void **state)
{
    (void)state;
    check("batch-get t [{pk: \"k$i\"} ...2] select a",
          "BatchGetItem{\"RequestItems\":{\"t\":{\"Keys\":[{\"pk\":{\"S\":\"k0\"}},{\"pk\":{\"S\":"
          "\"k1\"}}],\"ProjectionExpression\":\"a\"}}}");
    check(
        "batch-write t put [{pk: 1}] delete [{pk: 2}]",
        "BatchWriteItem{\"RequestItems\":{\"t\":[{\"PutRequest\":{\"Item\":{\"pk\":{\"N\":\"1\"}}}"
        "},{\"DeleteRequest\":{\"Key\":{\"pk\":{\"N\":\"2\"}}}}]}}");
}

static void test_a_table_has_its_keys(void **state)
{
    (void)state;
    check(
        "table t id:S at:N",
        "CreateTable{\"TableName\":\"t\",\"AttributeDefinitions\":[{\"AttributeName\":\"id\","
        "\"AttributeType\":\"S\"},{\"AttributeName\":\"at\",\"AttributeType\":\"N\"}],"
        "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"},{\"AttributeName\":\"at\","
        "\"KeyType\":\"RANGE\"}],\"BillingMode\":\"PAY_PER_REQUEST\"}");
    check("table t BillingMode=PROVISIONED",
          "CreateTable{\"TableName\":\"t\",\"AttributeDefinitions\":[],\"KeySchema\":[],"
          "\"BillingMode\":\"PROVISIONED\"}");
}

static void test_calls_are_sent_as_they_stand(void **state)
{
    (void)state;
    check("call TagResource {Tags: []} -> ok", "TagResource{\"Tags\":[]}-> ok");
}

static void test_http_requests_say_what_differs(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct notation notation = {
        .arena = arena,
        .at = "http method=GET target=A.B type=\"\" body={a: 1} age=-5 header=\"X: y z\" -> 200",
    };
    struct statement statement;
    assert_true(statement_parse(&notation, &statement));

    assert_int_equal(statement.kind, STATEMENT_HTTP);
    assert_string_equal(statement.http.method, "GET");
    assert_string_equal(statement.http.target, "A.B");
    assert_string_equal(statement.http.content_type, "");
    assert_true(slice_is_text(statement.http.body, "{\"a\":1}"));
    assert_int_equal(statement.http.age_s, -5);
    assert_string_equal(statement.http.header_name, "X");
    assert_string_equal(statement.http.header_value, "y z");
    assert_null(statement.http.authorization);
}

static void test_what_is_no_statement_is_told(void **state)
{
    (void)state;
    check("fetch t {}", "no verb begins like this");
    check("get t {} quickly", "no clause begins like this");
    check("get t", "an item should stand here");
    check("batch-get t", "a list of keys should stand here");
    check("call A {} {}", "an arrow should stand here, or the end");
    check("http colour=red", "no clause of http begins like this");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verbs_name_the_table_and_the_item),
        cmocka_unit_test(test_expressions_go_on_up_to_the_next_clause),
        cmocka_unit_test(test_batches_take_lists),
        cmocka_unit_test(test_a_table_has_its_keys),
        cmocka_unit_test(test_calls_are_sent_as_they_stand),
        cmocka_unit_test(test_http_requests_say_what_differs),
        cmocka_unit_test(test_what_is_no_statement_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
