#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/region_assert.h"

#define ARN             "arn:aws:dynamodb:us-east-1:000000000000:table/abc"
#define UPDATE(members) "{\"TableName\":\"abc\"," members "}"
#define UNITS(read, write)                                                                         \
    "\"ProvisionedThroughput\":{\"ReadCapacityUnits\":" read ",\"WriteCapacityUnits\":" write "}"
#define INVALID "One or more parameter values were invalid: "

static const struct region_answer *update(struct region *region, const char *body)
{
    return region_call(region, "UpdateTable", body);
}

static const struct region_answer *describe(struct region *region)
{
    return region_call(region, "DescribeTable", "{\"TableName\":\"abc\"}");
}

static struct region *region_with_table(void)
{
    struct region *region = region_create(NULL);
    region_make_table(region, "abc", 0);
    return region;
}

static void make_provisioned(struct region *region)
{
    assert_int_equal(
        update(region, UPDATE("\"BillingMode\":\"PROVISIONED\"," UNITS("5", "6")))->status_code,
        200);
}

static void test_a_table_is_provisioned_and_put_on_demand_again(void **state)
{
    (void)state;
    OWNED(region) region = region_with_table();
    make_provisioned(region);
    const struct region_answer *answer = describe(region);
    assert_told(answer, "\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":6}");
    assert_told(answer, "\"BillingModeSummary\":{\"BillingMode\":\"PROVISIONED\","
                        "\"LastUpdateToPayPerRequestDateTime\":");

    answer = update(region, UPDATE("\"BillingMode\":\"PAY_PER_REQUEST\""));

    assert_told(answer, "{\"TableDescription\":{\"AttributeDefinitions\":[");
    answer = describe(region);
    assert_told(answer, "\"ReadCapacityUnits\":0,\"WriteCapacityUnits\":0}");
    assert_told(answer, "\"BillingModeSummary\":{\"BillingMode\":\"PAY_PER_REQUEST\",");
}

static void test_units_change_and_tell_when(void **state)
{
    (void)state;
    OWNED(region) region = region_with_table();
    make_provisioned(region);

    assert_told(update(region, UPDATE(UNITS("9", "6"))), "\"ReadCapacityUnits\":9");
    assert_told(update(region, UPDATE(UNITS("1", "6"))), "\"NumberOfDecreasesToday\":1");

    assert_told(describe(region), "\"ProvisionedThroughput\":{\"LastIncreaseDateTime\":");
    assert_told(describe(region), ",\"LastDecreaseDateTime\":");
}

static void test_units_that_are_so_already_are_refused(void **state)
{
    (void)state;
    OWNED(region) region = region_with_table();
    make_provisioned(region);

    assert_validation(
        update(region, UPDATE(UNITS("5", "6"))),
        "The provisioned throughput for the table will not change. The requested value equals the "
        "current value. Current ReadCapacityUnits provisioned for the table: 5. Requested "
        "ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for the table: 6. Requested "
        "WriteCapacityUnits: 6. Refer to the Amazon DynamoDB Developer Guide for current limits "
        "and how to request higher limits.");
}

static void test_the_fifth_decrease_within_an_hour_is_refused(void **state)
{
    (void)state;
    OWNED(region) region = region_with_table();
    make_provisioned(region);
    assert_int_equal(update(region, UPDATE(UNITS("100", "100")))->status_code, 200);
    assert_int_equal(update(region, UPDATE(UNITS("99", "100")))->status_code, 200);
    assert_int_equal(update(region, UPDATE(UNITS("98", "100")))->status_code, 200);
    assert_int_equal(update(region, UPDATE(UNITS("97", "100")))->status_code, 200);
    assert_int_equal(update(region, UPDATE(UNITS("96", "100")))->status_code, 200);

    const struct region_answer *answer = update(region, UPDATE(UNITS("95", "100")));

    assert_int_equal(answer->status_code, 400);
    assert_told(answer, "#LimitExceededException\"");
    assert_told(answer, "Number of decreases today: 4. Last decrease at ");
    assert_told(answer, " UTC. Next decrease can be made at ");
    assert_told(describe(region), "\"ReadCapacityUnits\":96");
}

static void test_billing_and_units_go_together(void **state)
{
    (void)state;
    OWNED(region) region = region_with_table();
    assert_validation(update(region, UPDATE("\"BillingMode\":\"PROVISIONED\"")),
                      INVALID "ReadCapacityUnits and WriteCapacityUnits must both be specified "
                              "when BillingMode is PROVISIONED");
    assert_validation(
        update(region, UPDATE("\"BillingMode\":\"PAY_PER_REQUEST\"," UNITS("1", "1"))),
        INVALID "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
                "BillingMode is PAY_PER_REQUEST");
    assert_validation(update(region, UPDATE(UNITS("1", "1"))),
                      INVALID "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
                              "when BillingMode is PAY_PER_REQUEST");
}

static void test_bounds_are_set_one_by_one_and_removed(void **state)
{
    (void)state;
    OWNED(region) region = region_with_table();
    assert_int_equal(update(region, UPDATE("\"OnDemandThroughput\":{\"MaxReadRequestUnits\":20,"
                                           "\"MaxWriteRequestUnits\":15}"))
                         ->status_code,
                     200);
    update(region, UPDATE("\"OnDemandThroughput\":{\"MaxReadRequestUnits\":40}"));
    assert_told(describe(region), "\"OnDemandThroughput\":{\"MaxReadRequestUnits\":40,"
                                  "\"MaxWriteRequestUnits\":15}");

    update(region, UPDATE("\"OnDemandThroughput\":{\"MaxReadRequestUnits\":-1}"));

    assert_told(describe(region), "\"OnDemandThroughput\":{\"MaxWriteRequestUnits\":15}");
}

static void test_bounds_are_for_on_demand_and_at_least_one(void **state)
{
    (void)state;
    OWNED(region) region = region_with_table();
    assert_validation(
        update(region, UPDATE("\"OnDemandThroughput\":{\"MaxWriteRequestUnits\":0}")),
        INVALID "MaxWriteRequestUnits for OnDemandThroughput must be at least 1, or -1 to remove "
                "it");
    make_provisioned(region);
    assert_validation(
        update(region, UPDATE("\"OnDemandThroughput\":{\"MaxWriteRequestUnits\":7}")),
        INVALID "MaxWriteRequestUnits for OnDemandThroughput cannot be specified when the table "
                "BillingMode is PROVISIONED");
}

static void test_class_is_changed_and_dated(void **state)
{
    (void)state;
    OWNED(region) region = region_with_table();

    update(region, UPDATE("\"TableClass\":\"STANDARD_INFREQUENT_ACCESS\""));

    assert_told(describe(region), "\"TableClassSummary\":{\"TableClass\":"
                                  "\"STANDARD_INFREQUENT_ACCESS\",\"LastUpdateDateTime\":");
}

static void test_a_protected_table_is_not_deleted(void **state)
{
    (void)state;
    OWNED(region) region = region_with_table();
    assert_told(update(region, UPDATE("\"DeletionProtectionEnabled\":true")),
                "\"DeletionProtectionEnabled\":true");

    assert_validation(region_call(region, "DeleteTable", "{\"TableName\":\"abc\"}"),
                      "Resource cannot be deleted as it is currently protected against deletion. "
                      "Disable deletion protection first.");

    update(region, UPDATE("\"DeletionProtectionEnabled\":false"));
    assert_int_equal(region_call(region, "DeleteTable", "{\"TableName\":\"abc\"}")->status_code,
                     200);
}

static void test_what_asks_for_nothing_is_refused(void **state)
{
    (void)state;
    OWNED(region) region = region_with_table();
#define NOTHING                                                                                    \
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "                    \
    "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "    \
    "ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, "                   \
    "OnDemandThroughput, WarmThroughput or TableClass is required"
    assert_validation(update(region, "{\"TableName\":\"abc\"}"), NOTHING);
    assert_validation(update(region, UPDATE("\"AttributeDefinitions\":[{\"AttributeName\":\"x\","
                                            "\"AttributeType\":\"S\"}]")),
                      NOTHING);
    assert_validation(update(region, UPDATE("\"OnDemandThroughput\":{}")), NOTHING);
}

static void test_what_is_not_served_yet_is_refused_by_name(void **state)
{
    (void)state;
    OWNED(region) region = region_with_table();
    assert_validation(update(region, UPDATE("\"StreamSpecification\":{\"StreamEnabled\":true}")),
                      "StreamSpecification is not supported yet by this version of Graticule");
    assert_validation(update(region, UPDATE("\"GlobalSecondaryIndexUpdates\":[]")),
                      "GlobalSecondaryIndexUpdates is not supported yet by this version of "
                      "Graticule");
    assert_validation(update(region, UPDATE("\"ReplicaUpdates\":[{}]")),
                      "ReplicaUpdates is not supported yet by this version of Graticule");
}

static void test_only_a_table_that_is_there_and_active_is_changed(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    assert_exception(update(region, UPDATE("\"TableClass\":\"STANDARD\"")),
                     "ResourceNotFoundException",
                     "Requested resource not found: Table: abc not found");
    region_call(region, "CreateTable",
                "{\"TableName\":\"abc\",\"BillingMode\":\"PAY_PER_REQUEST\",\"KeySchema\":[{"
                "\"AttributeName\":\"a\",\"KeyType\":\"HASH\"}],\"AttributeDefinitions\":[{"
                "\"AttributeName\":\"a\",\"AttributeType\":\"N\"}]}");
    assert_exception(update(region, UPDATE("\"TableClass\":\"STANDARD\"")),
                     "ResourceInUseException",
                     "Attempt to change a resource which is still in use: Table is being created: "
                     "abc");
}

static void test_a_table_may_be_named_by_its_arn(void **state)
{
    (void)state;
    OWNED(region) region = region_with_table();
    assert_told(update(region, "{\"TableName\":\"" ARN "\",\"TableClass\":\"STANDARD\"}"),
                "\"TableName\":\"abc\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_table_is_provisioned_and_put_on_demand_again),
        cmocka_unit_test(test_units_change_and_tell_when),
        cmocka_unit_test(test_units_that_are_so_already_are_refused),
        cmocka_unit_test(test_the_fifth_decrease_within_an_hour_is_refused),
        cmocka_unit_test(test_billing_and_units_go_together),
        cmocka_unit_test(test_bounds_are_set_one_by_one_and_removed),
        cmocka_unit_test(test_bounds_are_for_on_demand_and_at_least_one),
        cmocka_unit_test(test_class_is_changed_and_dated),
        cmocka_unit_test(test_a_protected_table_is_not_deleted),
        cmocka_unit_test(test_what_asks_for_nothing_is_refused),
        cmocka_unit_test(test_what_is_not_served_yet_is_refused_by_name),
        cmocka_unit_test(test_only_a_table_that_is_there_and_active_is_changed),
        cmocka_unit_test(test_a_table_may_be_named_by_its_arn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
