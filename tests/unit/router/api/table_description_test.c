#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/memory.h"
#include "router/api/table_description.h"

#include <string.h>

static const struct backend backend = {
    .region = {(const uint8_t *)"eu-west-1", 9},
    .account_id = {(const uint8_t *)"123456789012", 12},
};

static struct table table_of_test(void)
{
    return (struct table){
        .uid = 7,
        .name = slice_of_text("users"),
        .status = TABLE_ACTIVE,
        .created_ms = 1700000000007,
        .partition_key = {.name = slice_of_text("id"), .type = VALUE_STRING},
        .billing = TABLE_BILLING_PROVISIONED,
        .read_units = 3,
        .write_units = 4,
        .class = TABLE_CLASS_STANDARD,
    };
}

static char *describe(const struct table *table)
{
    struct buffer body = {0};
    struct json_writer writer = json_writer_of(&body);
    table_description_write(&writer, &backend, table);
    buffer_append_u8(&body, '\0');
    return (char *)body.bytes;
}

static char *id_of(const struct table *table)
{
    char *text = describe(table);
    char *id = strstr(text, "\"TableId\":\"") + strlen("\"TableId\":\"");
    char *copy = memory_copy_text(id);
    *strchr(copy, '"') = '\0';
    memory_free(text);
    return copy;
}

static void assert_described(const struct table *table, const char *before_id, const char *after_id)
{
    char *text = describe(table);
    size_t size = strlen(before_id);
    assert_memory_equal(text, before_id, size);
    assert_string_equal(text + size + 36, after_id);
    memory_free(text);
}

static void test_a_provisioned_table_is_described(void **state)
{
    (void)state;
    struct table table = table_of_test();
    assert_described(
        &table,
        "{\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":\"S\"}],"
        "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}],"
        "\"CreationDateTime\":1700000000.007,\"TableName\":\"users\",\"TableStatus\":\"ACTIVE\","
        "\"ProvisionedThroughput\":{\"NumberOfDecreasesToday\":0,\"ReadCapacityUnits\":3,"
        "\"WriteCapacityUnits\":4},\"TableSizeBytes\":0,\"ItemCount\":0,"
        "\"TableArn\":\"arn:aws:dynamodb:eu-west-1:123456789012:table/users\",\"TableId\":\"",
        "\",\"DeletionProtectionEnabled\":false}");
}

static void test_a_table_on_demand_with_a_class_says_so(void **state)
{
    (void)state;
    struct table table = table_of_test();
    table.status = TABLE_CREATING;
    table.has_sort_key = true;
    table.is_sort_key_defined_first = true;
    table.sort_key = (struct table_attribute){.name = slice_of_text("at"), .type = VALUE_NUMBER};
    table.billing = TABLE_BILLING_ON_DEMAND;
    table.read_units = 0;
    table.write_units = 0;
    table.has_class = true;
    table.class = TABLE_CLASS_INFREQUENT_ACCESS;
    assert_described(
        &table,
        "{\"AttributeDefinitions\":[{\"AttributeName\":\"at\",\"AttributeType\":\"N\"},"
        "{\"AttributeName\":\"id\",\"AttributeType\":\"S\"}],"
        "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"},"
        "{\"AttributeName\":\"at\",\"KeyType\":\"RANGE\"}],"
        "\"CreationDateTime\":1700000000.007,\"TableName\":\"users\",\"TableStatus\":\"CREATING\","
        "\"ProvisionedThroughput\":{\"NumberOfDecreasesToday\":0,\"ReadCapacityUnits\":0,"
        "\"WriteCapacityUnits\":0},\"TableSizeBytes\":0,\"ItemCount\":0,"
        "\"TableArn\":\"arn:aws:dynamodb:eu-west-1:123456789012:table/users\",\"TableId\":\"",
        "\",\"BillingModeSummary\":{\"BillingMode\":\"PAY_PER_REQUEST\"},"
        "\"TableClassSummary\":{\"TableClass\":\"STANDARD_INFREQUENT_ACCESS\"},"
        "\"DeletionProtectionEnabled\":false}");
}

static void test_a_deleted_table_is_described_without_its_keys(void **state)
{
    (void)state;
    struct table table = table_of_test();
    table.status = TABLE_DELETING;
    struct buffer body = {0};
    struct json_writer writer = json_writer_of(&body);

    table_description_write_deleted(&writer, &backend, &table);

    buffer_append_u8(&body, '\0');
    const char *text = (const char *)body.bytes;
    const char *start = "{\"TableName\":\"users\",\"TableStatus\":\"DELETING\",";
    assert_memory_equal(text, start, strlen(start));
    assert_null(strstr(text, "AttributeDefinitions"));
    assert_null(strstr(text, "KeySchema"));
    assert_null(strstr(text, "CreationDateTime"));
    buffer_deinit(&body);
}

static void test_the_id_is_a_uuid_that_stays_and_belongs_to_one_table(void **state)
{
    (void)state;
    struct table table = table_of_test();
    char *id = id_of(&table);
    table.status = TABLE_DELETING;
    table.read_units = 99;
    char *same = id_of(&table);
    table.uid++;
    char *other = id_of(&table);

    assert_int_equal(strlen(id), 36);
    assert_int_equal(strspn(id, "0123456789abcdef-"), 36);
    assert_int_equal(id[14], '4');
    assert_non_null(strchr("89ab", id[19]));
    assert_string_equal(id, same);
    assert_string_not_equal(id, other);
    memory_free(id);
    memory_free(same);
    memory_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_provisioned_table_is_described),
        cmocka_unit_test(test_a_table_on_demand_with_a_class_says_so),
        cmocka_unit_test(test_a_deleted_table_is_described_without_its_keys),
        cmocka_unit_test(test_the_id_is_a_uuid_that_stays_and_belongs_to_one_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
