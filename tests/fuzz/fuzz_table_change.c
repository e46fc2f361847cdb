/*
 * Fuzz target: changes of tables. What decodes encodes to the same, and leaves a table that is one.
 */
#include "core/base/check.h"
#include "core/catalog/table_change.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct table table_of(enum table_billing billing)
{
    bool is_provisioned = billing == TABLE_BILLING_PROVISIONED;
    return (struct table){
        .name = slice_of_text("orders"),
        .status = TABLE_ACTIVE,
        .partition_key = {.name = slice_of_text("id"), .type = VALUE_STRING},
        .billing = billing,
        .read_units = is_provisioned ? 5 : 0,
        .write_units = is_provisioned ? 5 : 0,
        .class = TABLE_CLASS_STANDARD,
        .tags = slice_of("\001a\001x\001b\002yz", 9),
    };
}

static void check_apply(const struct table_change *change, enum table_billing billing)
{
    struct table table = table_of(billing);
    struct table before = table;
    SCOPED(buffer) room = {0};
    SCOPED(buffer) record = {0};
    struct table decoded;
    if (table_change_apply(change, 1764331200000, &room, &table) != CATALOG_DONE)
        CHECK(memcmp(&table, &before, sizeof table) == 0);
    CHECK((table.billing == TABLE_BILLING_ON_DEMAND) == (table.read_units == 0));
    table_encode(&table, &record);
    CHECK(table_decode(buffer_slice(&record), &decoded) == STATUS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct table_change change;
    if (table_change_decode(slice_of(bytes, size), &change) != STATUS_OK)
        return 0;
    SCOPED(buffer) once = {0};
    SCOPED(buffer) twice = {0};
    struct table_change again;
    table_change_encode(&change, &once);
    CHECK(table_change_decode(buffer_slice(&once), &again) == STATUS_OK);
    table_change_encode(&again, &twice);
    CHECK(slice_is_equal(buffer_slice(&once), buffer_slice(&twice)));
    check_apply(&change, TABLE_BILLING_PROVISIONED);
    check_apply(&change, TABLE_BILLING_ON_DEMAND);
    return 0;
}
