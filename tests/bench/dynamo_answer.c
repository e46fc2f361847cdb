#define _GNU_SOURCE
#include "tests/bench/dynamo_answer.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

/* What follows the text, which ends with NUL; NULL where the text is not. */
static const char *behind(struct slice answer, const char *text)
{
    const char *found = memmem(answer.bytes, answer.size, text, strlen(text));
    return found != NULL ? found + strlen(text) : NULL;
}

static bool has(struct slice answer, const char *text)
{
    return behind(answer, text) != NULL;
}

static uint64_t number_behind(struct slice answer, const char *text)
{
    const char *number = behind(answer, text);
    return number != NULL ? strtoull(number, NULL, 10) : 0;
}

/* The items must be those of the partition, in their order. */
static bool has_partition(const struct dynamo_client *client, uint64_t item_number,
                          struct slice answer)
{
    uint64_t first = item_number - item_number % ITEM_PARTITION_COUNT;
    for (uint64_t i = 0; i < ITEM_PARTITION_COUNT; i++)
        if (!item_take(&client->form, first + i, &answer))
            return false;
    return true;
}

static bool is_page_of(const struct dynamo_client *client, uint64_t item_count, struct slice answer)
{
    return number_behind(answer, "\"Count\":") == item_count &&
           number_behind(answer, "\"ScannedCount\":") == item_count &&
           answer.size >= item_count * client->form.sizes.classes[0].smallest;
}

static bool is_query_answer(const struct dynamo_client *client, uint64_t item_number,
                            struct slice answer, bool thorough)
{
    return is_page_of(client, ITEM_PARTITION_COUNT, answer) && !has(answer, "LastEvaluatedKey") &&
           item_is_answer(&client->form, item_number, answer, false) &&
           (!thorough || has_partition(client, item_number, answer));
}

/* Which items they are only the table's order tells; they must be whole. */
static bool has_whole_items(const struct dynamo_client *client, uint64_t item_count,
                            struct slice answer)
{
    for (uint64_t i = 0; i < item_count; i++) {
        uint64_t number;
        if (!item_first_number(answer, &number) || number >= client->item_count ||
            !item_take(&client->form, number, &answer))
            return false;
    }
    return true;
}

/* Where the table ends, a page is shorter. */
static bool is_scan_answer(const struct dynamo_client *client, struct slice answer, bool thorough)
{
    uint64_t item_count = number_behind(answer, "\"Count\":");
    bool is_full = item_count == DYNAMO_PAGE_COUNT && has(answer, "\"LastEvaluatedKey\":");
    bool is_last = item_count <= DYNAMO_PAGE_COUNT && !has(answer, "\"LastEvaluatedKey\":");
    return (is_full || is_last) && is_page_of(client, item_count, answer) &&
           (!thorough || has_whole_items(client, item_count, answer));
}

bool dynamo_answer_is_right(const struct dynamo_client *client, enum dynamo_operation operation,
                            uint64_t item_number, struct slice answer, bool thorough)
{
    switch (operation) {
    case DYNAMO_GET_ITEM:
        return item_is_answer(&client->form, item_number, answer, thorough);
    case DYNAMO_PUT_ITEM:
    case DYNAMO_PUT_ITEM_IF:
        return slice_is_text(answer, "{}");
    case DYNAMO_UPDATE_ITEM:
        return number_behind(answer, "{\"Attributes\":{\"visits\":{\"N\":\"") > 0;
    case DYNAMO_QUERY:
        return is_query_answer(client, item_number, answer, thorough);
    case DYNAMO_SCAN:
        return is_scan_answer(client, answer, thorough);
    case DYNAMO_BATCH_WRITE_ITEM:
        return slice_is_text(answer, "{\"UnprocessedItems\":{}}");
    case DYNAMO_OPERATION_COUNT:
        break;
    }
    CHECK(false);
}
