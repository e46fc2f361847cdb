#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "tests/support/region_assert.h"

/* Every request here is refused, so that one region serves all tests. */
static struct region *region;

static int set_up(void **state)
{
    (void)state;
    region = region_create(NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    region_destroy(region);
    return 0;
}

#define INVALID "One or more parameter values were invalid: "

#define HASH(name)      "{\"AttributeName\":\"" name "\",\"KeyType\":\"HASH\"}"
#define RANGE(name)     "{\"AttributeName\":\"" name "\",\"KeyType\":\"RANGE\"}"
#define STRING(name)    "{\"AttributeName\":\"" name "\",\"AttributeType\":\"S\"}"
#define ON_DEMAND       ",\"BillingMode\":\"PAY_PER_REQUEST\""
#define UNITS(number)   "{\"ReadCapacityUnits\":" number ",\"WriteCapacityUnits\":1}"
#define PROVISIONED(of) ",\"ProvisionedThroughput\":" UNITS(of)

static const struct region_answer *create(const char *keys, const char *definitions,
                                          const char *more)
{
    OWNED(arena) arena = arena_create();
    return region_call(region, "CreateTable",
                       arena_format(arena,
                                    "{\"TableName\":\"abc\",\"KeySchema\":[%s],"
                                    "\"AttributeDefinitions\":[%s]%s}",
                                    keys, definitions, more));
}

static void test_the_keys_must_be_a_hash_and_then_a_range(void **state)
{
    (void)state;
    assert_validation(create(RANGE("a"), STRING("a"), ON_DEMAND),
                      "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
    assert_validation(create(HASH("a") "," HASH("b"), STRING("a") "," STRING("b"), ON_DEMAND),
                      "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
    assert_validation(create(HASH("a") "," RANGE("a"), STRING("a"), ON_DEMAND),
                      "Both the Hash Key and the Range Key element in the KeySchema have the same "
                      "name");
}

static void test_a_table_has_one_or_two_keys(void **state)
{
    (void)state;
    assert_validation(create("", STRING("a"), ON_DEMAND),
                      "1 validation error detected: Value '[]' at 'keySchema' failed to satisfy "
                      "constraint: Member must have length greater than or equal to 1");
    assert_validation(
        create(HASH("a") "," RANGE("b") "," RANGE("c"), STRING("a"), ON_DEMAND),
        "1 validation error detected: Value '[KeySchemaElement(attributeName=a, keyType=HASH), "
        "KeySchemaElement(attributeName=b, keyType=RANGE), KeySchemaElement(attributeName=c, "
        "keyType=RANGE)]' at 'keySchema' failed to satisfy constraint: Member must have length "
        "less than or equal to 2");
}

static void test_keys_are_strings_numbers_or_binary(void **state)
{
    (void)state;
    assert_validation(
        create(HASH("a"), "{\"AttributeName\":\"a\",\"AttributeType\":\"BOOL\"}", ON_DEMAND),
        "1 validation error detected: Value 'BOOL' at "
        "'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must "
        "satisfy enum value set: [B, N, S]");
}

static void test_every_key_must_be_defined(void **state)
{
    (void)state;
    assert_validation(create(HASH("a") "," RANGE("b"), STRING("a"), ON_DEMAND),
                      "Invalid KeySchema: Some index key attribute have no definition");
    assert_validation(create(HASH("a"), "", ON_DEMAND),
                      "Invalid KeySchema: Some index key attribute have no definition");
    assert_validation(create(HASH("a"), STRING("b"), ON_DEMAND),
                      INVALID "Some index key attributes are not defined in AttributeDefinitions. "
                              "Keys: [a], AttributeDefinitions: [b]");
    assert_validation(create(HASH("a") "," RANGE("b"), STRING("c") "," STRING("a"), ON_DEMAND),
                      INVALID "Some index key attributes are not defined in AttributeDefinitions. "
                              "Keys: [a, b], AttributeDefinitions: [c, a]");
}

static void test_nothing_but_keys_may_be_defined(void **state)
{
    (void)state;
    assert_validation(create(HASH("a"), STRING("a") "," STRING("b"), ON_DEMAND),
                      INVALID "Number of attributes in KeySchema does not exactly match number of "
                              "attributes defined in AttributeDefinitions");
}

static void test_throughput_is_for_provisioned_tables_and_needed_there(void **state)
{
    (void)state;
    assert_validation(create(HASH("a"), STRING("a"), ""),
                      "No provisioned throughput specified for the table");
    assert_validation(create(HASH("a"), STRING("a"), ",\"BillingMode\":\"PROVISIONED\""),
                      INVALID "ReadCapacityUnits and WriteCapacityUnits must both be specified "
                              "when BillingMode is PROVISIONED");
    assert_validation(create(HASH("a"), STRING("a"), ON_DEMAND PROVISIONED("1")),
                      INVALID "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
                              "when BillingMode is PAY_PER_REQUEST");
    assert_validation(create(HASH("a"), STRING("a"), PROVISIONED("0")),
                      "1 validation error detected: Value '0' at "
                      "'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: "
                      "Member must have value greater than or equal to 1");
    assert_validation(create(HASH("a"), STRING("a"), PROVISIONED("1000000000001")),
                      "Given value 1000000000001 for ReadCapacityUnits is out of bounds");
}

static void test_bounds_are_for_tables_on_demand(void **state)
{
    (void)state;
    assert_validation(
        create(HASH("a"), STRING("a"),
               PROVISIONED("1") ",\"OnDemandThroughput\":{\"MaxReadRequestUnits\":5}"),
        INVALID "MaxReadRequestUnits for OnDemandThroughput cannot be specified when table "
                "BillingMode is PROVISIONED.");
    assert_validation(create(HASH("a"), STRING("a"),
                             ON_DEMAND ",\"OnDemandThroughput\":{\"MaxReadRequestUnits\":-1}"),
                      INVALID "MaxReadRequestUnits for OnDemandThroughput must be at least 1");
}

static void test_tags_are_checked_as_those_put_later(void **state)
{
    (void)state;
    assert_validation(
        create(HASH("a"), STRING("a"), ON_DEMAND ",\"Tags\":[{\"Key\":\"aws:a\",\"Value\":\"b\"}]"),
        INVALID "Tag keys that begin with aws: are reserved: aws:a");
}

#define INDEX   "{\"IndexName\":\"index\",\"KeySchema\":[" HASH("a") "],\"Projection\":{}}"
#define NOT_YET " is not supported yet by this version of Graticule"

static void test_what_is_not_served_yet_is_refused_by_name(void **state)
{
    (void)state;
    const char *const members[][2] = {
        {"StreamSpecification", "{\"StreamEnabled\":true,\"StreamViewType\":\"KEYS_ONLY\"}"},
        {"SSESpecification", "{\"Enabled\":true}"},
        {"SSESpecification", "{\"SSEType\":\"KMS\"}"},
        {"LocalSecondaryIndexes", "[" INDEX "]"},
        {"GlobalSecondaryIndexes", "[" INDEX "]"},
        {"WarmThroughput", "{}"},
        {"ResourcePolicy", "\"{}\""},
        {"GlobalTableSourceArn", "\"x\""},
        {"GlobalTableSettingsReplicationMode", "\"ENABLED\""},
        {"VectorIndexes", "[]"},
    };
    OWNED(arena) arena = arena_create();
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *more =
            arena_format(arena, ON_DEMAND ",\"%s\":%s", members[i][0], members[i][1]);
        assert_answer(create(HASH("a"), STRING("a"), more), 400,
                      arena_format(arena,
                                   "{\"__type\":\"com.amazon.coral.validate#ValidationException\","
                                   "\"message\":\"%s" NOT_YET "\"}",
                                   members[i][0]));
    }
}

static void test_an_index_has_a_name_a_key_and_a_projection(void **state)
{
    (void)state;
    assert_validation(
        create(HASH("a"), STRING("a"), ON_DEMAND ",\"GlobalSecondaryIndexes\":[{}]"),
        "3 validation errors detected: Value null at 'globalSecondaryIndexes.1.member.indexName' "
        "failed to satisfy constraint: Member must not be null; Value null at "
        "'globalSecondaryIndexes.1.member.keySchema' failed to satisfy constraint: Member must not "
        "be null; Value null at 'globalSecondaryIndexes.1.member.projection' failed to satisfy "
        "constraint: Member must not be null");
}

static void test_a_list_of_indexes_is_not_empty(void **state)
{
    (void)state;
    assert_validation(create(HASH("a"), STRING("a"), ON_DEMAND ",\"GlobalSecondaryIndexes\":[]"),
                      INVALID "List of GlobalSecondaryIndexes is empty");
    assert_validation(create(HASH("a"), STRING("a"), ON_DEMAND ",\"LocalSecondaryIndexes\":[]"),
                      INVALID "List of LocalSecondaryIndexes is empty");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_keys_must_be_a_hash_and_then_a_range),
        cmocka_unit_test(test_a_table_has_one_or_two_keys),
        cmocka_unit_test(test_keys_are_strings_numbers_or_binary),
        cmocka_unit_test(test_every_key_must_be_defined),
        cmocka_unit_test(test_nothing_but_keys_may_be_defined),
        cmocka_unit_test(test_throughput_is_for_provisioned_tables_and_needed_there),
        cmocka_unit_test(test_bounds_are_for_tables_on_demand),
        cmocka_unit_test(test_tags_are_checked_as_those_put_later),
        cmocka_unit_test(test_what_is_not_served_yet_is_refused_by_name),
        cmocka_unit_test(test_an_index_has_a_name_a_key_and_a_projection),
        cmocka_unit_test(test_a_list_of_indexes_is_not_empty),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
