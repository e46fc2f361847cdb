#include "core/base/limits.h"
#include "core/json/json_reader.h"
#include "tests/unit/core/json/json_fixture.h"

#include <string.h>

static void assert_refused(struct json_fixture *fixture, const char *body)
{
    struct json_request request = parse(fixture, body);
    assert_fault(request.fault, JSON_FAULT_SYNTAX, "");
    assert_null(request.root);
}

static void test_members_become_nodes_in_their_order(void **state)
{
    struct json_request request =
        parse(*state, "{\"TableName\":\"t\",\"Limit\":-5,\"Flag\":true,\"Off\":false,"
                      "\"KeySchema\":[{\"AttributeName\":\"pk\"},[],7],\"Empty\":{}}");
    assert_fault(request.fault, JSON_FAULT_NONE, "");
    assert_int_equal(request.root->kind, JSON_OBJECT);
    assert_int_equal(request.root->count, 6);

    const struct json_node *node = request.root->first;
    assert_true(slice_is_text(node->name, "TableName"));
    assert_int_equal(node->kind, JSON_STRING);
    assert_true(slice_is_text(node->text, "t"));
    node = node->next;
    assert_int_equal(node->kind, JSON_NUMBER);
    assert_true(slice_is_text(node->text, "-5"));
    assert_int_equal(member(request.root, "Flag")->kind, JSON_TRUE);
    assert_int_equal(member(request.root, "Off")->kind, JSON_FALSE);
    assert_int_equal(member(request.root, "Empty")->count, 0);

    node = member(request.root, "KeySchema");
    assert_int_equal(node->kind, JSON_ARRAY);
    assert_int_equal(node->count, 3);
    assert_true(slice_is_text(member(node->first, "AttributeName")->text, "pk"));
    assert_int_equal(node->first->next->kind, JSON_ARRAY);
    assert_int_equal(node->first->next->next->kind, JSON_NUMBER);
    assert_null(node->first->next->next->next);
}

static void test_texts_without_escapes_are_not_copied(void **state)
{
    struct json_fixture *fixture = *state;
    static const char body[] = "{\"a\":\"plain\",\"b\":\"esc\\u0061ped\",\"c\\n\":1}";
    struct json_request request =
        json_request_parse(fixture->parser, slice_of_text(body), NULL, 0, fixture->arena);

    const struct json_node *plain = member(request.root, "a");
    assert_ptr_equal(plain->text.bytes, body + 6);
    assert_true(slice_is_text(member(request.root, "b")->text, "escaped"));
    assert_non_null(json_node_find(request.root, "c\n"));
}

static void test_registered_members_become_item_bytes(void **state)
{
    struct json_request request =
        parse(*state, "{\"Item\":{\"b\":{\"N\":\"1\"},\"a\":{\"S\":\"x\"}},\"Items\":"
                      "[{},{\"c\":{\"BOOL\":true}}],\"Other\":{\"Item\":{\"a\":\"plain\"}}}");
    assert_fault(request.fault, JSON_FAULT_NONE, "");

    const struct json_node *item = member(request.root, "Item");
    assert_int_equal(item->kind, JSON_ITEM);
    assert_item(item->text, "{\"a\":{\"S\":\"x\"},\"b\":{\"N\":\"1\"}}");
    const struct json_node *items = member(request.root, "Items");
    assert_int_equal(items->count, 2);
    assert_item(items->first->text, "{}");
    assert_item(items->first->next->text, "{\"c\":{\"BOOL\":true}}");
    const struct json_node *other = member(member(request.root, "Other"), "Item");
    assert_int_equal(other->kind, JSON_OBJECT);
}

static void test_paths_lead_through_members_and_elements(void **state)
{
    struct json_fixture *fixture = *state;
    static const struct json_field fields[] = {
        {.kind = JSON_ITEM, .path = {"RequestItems", "*", "*", "PutRequest", "Item"}},
        {.kind = JSON_ITEM, .path = {"RequestItems", "*", "*", "DeleteRequest", "Key"}},
        {.kind = JSON_VALUE, .path = {"Expected", "*", "AttributeValueList", "*"}},
    };
    static const char body[] =
        "{\"RequestItems\":{\"t\":[{\"PutRequest\":{\"Item\":{\"a\":{\"S\":\"1\"}}}},"
        "{\"DeleteRequest\":{\"Key\":{\"a\":{\"S\":\"2\"}},\"Item\":7}}]},"
        "\"Expected\":{\"x\":{\"AttributeValueList\":[{\"S\":\"3\"}],\"Value\":4}}}";
    struct json_request request =
        json_request_parse(fixture->parser, slice_of_text(body), fields, 3, fixture->arena);
    assert_fault(request.fault, JSON_FAULT_NONE, "");

    const struct json_node *table = member(member(request.root, "RequestItems"), "t");
    assert_item(member(member(table->first, "PutRequest"), "Item")->text, "{\"a\":{\"S\":\"1\"}}");
    const struct json_node *delete_request = member(table->first->next, "DeleteRequest");
    assert_item(member(delete_request, "Key")->text, "{\"a\":{\"S\":\"2\"}}");
    assert_int_equal(member(delete_request, "Item")->kind, JSON_NUMBER);
    const struct json_node *expected = member(member(request.root, "Expected"), "x");
    assert_int_equal(member(expected, "AttributeValueList")->first->kind, JSON_VALUE);
    assert_int_equal(member(expected, "Value")->kind, JSON_NUMBER);
}

static void test_a_registered_member_that_is_null_is_as_good_as_absent(void **state)
{
    struct json_request request = parse(*state, "{\"Item\":null,\"Value\":null}");

    assert_fault(request.fault, JSON_FAULT_NONE, "");
    assert_null(json_node_find(request.root, "Item"));
    assert_int_equal(request.root->first->kind, JSON_NULL);
}

static void test_what_is_no_object_is_refused(void **state)
{
    assert_refused(*state, "");
    assert_refused(*state, "[]");
    assert_refused(*state, "\"Item\"");
    assert_refused(*state, "5");
    assert_refused(*state, "null");
    assert_refused(*state, "{\"a\":1} x");
    assert_refused(*state, "{\"Item\":{\"a\":{\"S\":\"x\"}}");
}

static void test_names_that_repeat_are_refused_in_small_and_large_objects(void **state)
{
    struct json_fixture *fixture = *state;
    assert_refused(fixture, "{\"a\":1,\"a\":1}");
    assert_refused(fixture, "{\"a\":{\"b\":1,\"c\":2,\"b\":1}}");
    assert_refused(fixture, "{\"a\":1,\"\\u0061\":1}");
    assert_refused(fixture, "{\"Item\":{},\"Item\":{}}");

    SCOPED(buffer) body = {0};
    buffer_append_text(&body, "{");
    for (int i = 0; i < 500; i++)
        buffer_append_format(&body, "\"%d\":0,", i);
    const char *distinct =
        arena_format(fixture->arena, "%.*s\"500\":0}", (int)body.size, (const char *)body.bytes);
    const char *repeated =
        arena_format(fixture->arena, "%.*s\"250\":0}", (int)body.size, (const char *)body.bytes);
    assert_fault(parse(fixture, distinct).fault, JSON_FAULT_NONE, "");
    assert_refused(fixture, repeated);
}

static void test_a_body_that_is_too_deep_is_refused(void **state)
{
    struct json_fixture *fixture = *state;
    SCOPED(buffer) body = {0};
    buffer_append_text(&body, "{\"a\":");
    for (int i = 0; i < 100000; i++)
        buffer_append_text(&body, "[");
    buffer_append_u8(&body, '\0');

    assert_refused(fixture, (const char *)body.bytes);
}

static void test_a_body_of_too_many_nodes_is_refused(void **state)
{
    struct json_fixture *fixture = *state;
    SCOPED(buffer) body = {0};
    buffer_append_text(&body, "{\"a\":[0");
    for (int i = 0; i < JSON_NODE_COUNT_MAX - 3; i++)
        buffer_append_text(&body, ",0");
    struct slice most = buffer_slice(&body);
    const char *allowed =
        arena_format(fixture->arena, "%.*s]}", (int)most.size, (const char *)most.bytes);
    const char *too_many =
        arena_format(fixture->arena, "%.*s,0]}", (int)most.size, (const char *)most.bytes);

    assert_fault(parse(fixture, allowed).fault, JSON_FAULT_NONE, "");
    assert_refused(fixture, too_many);
}

static void test_syntax_is_judged_before_validation(void **state)
{
    assert_refused(*state, "{\"Item\":{\"a\":{}},");
    assert_refused(*state, "{\"Item\":{\"a\":{}},\"b\":1,\"b\":1}");
}

static void test_a_validation_fault_leaves_the_rest_of_the_document_readable(void **state)
{
    struct json_request request = parse(
        *state, "{\"Item\":{\"a\":{}},\"TableName\":\"t\",\"Items\":[{\"a\":{\"S\":\"x\"}}]}");

    assert_int_equal(request.fault.kind, JSON_FAULT_VALIDATION);
    assert_true(slice_is_text(member(request.root, "TableName")->text, "t"));
    assert_int_equal(member(request.root, "Items")->first->text.size, 0);
}

static void test_a_validation_fault_is_forgotten_with_the_next_body(void **state)
{
    (void)parse(*state, "{\"Item\":{\"a\":{}}}");

    struct json_request request = parse(*state, "{\"Item\":{\"a\":{\"S\":\"x\"}}}");

    assert_fault(request.fault, JSON_FAULT_NONE, "");
    assert_item(member(request.root, "Item")->text, "{\"a\":{\"S\":\"x\"}}");
}

#define TEST(function)                                                                             \
    cmocka_unit_test_setup_teardown(function, json_fixture_create, json_fixture_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_members_become_nodes_in_their_order),
        TEST(test_texts_without_escapes_are_not_copied),
        TEST(test_registered_members_become_item_bytes),
        TEST(test_paths_lead_through_members_and_elements),
        TEST(test_a_registered_member_that_is_null_is_as_good_as_absent),
        TEST(test_what_is_no_object_is_refused),
        TEST(test_names_that_repeat_are_refused_in_small_and_large_objects),
        TEST(test_a_body_that_is_too_deep_is_refused),
        TEST(test_a_body_of_too_many_nodes_is_refused),
        TEST(test_syntax_is_judged_before_validation),
        TEST(test_a_validation_fault_leaves_the_rest_of_the_document_readable),
        TEST(test_a_validation_fault_is_forgotten_with_the_next_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
