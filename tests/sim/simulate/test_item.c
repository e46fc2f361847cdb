#include "tests/sim/simulate/test_item.h"

#include "core/base/byte_order.h"
#include "core/base/check.h"
#include "core/base/random.h"
#include "core/expression/tree_codec.h"
#include "core/key/key_codec.h"
#include "core/model/item.h"

#include <inttypes.h>
#include <stdio.h>

enum { KEY_TEXT_SIZE = 16, FILLER_SIZE_MAX = 16 << 10 };

static void number_put(struct item_builder *builder, const char *name, uint64_t number)
{
    uint8_t bytes[8];
    byte_order_put_u64(bytes, number);
    item_builder_name(builder, slice_of_text(name));
    item_builder_binary(builder, slice_of(bytes, sizeof bytes));
}

static size_t key_text(char text[KEY_TEXT_SIZE], uint32_t number)
{
    return (size_t)snprintf(text, KEY_TEXT_SIZE, "row-%u", number);
}

static void filler_put(struct item_builder *builder, const struct operation *put)
{
    uint8_t filler[FILLER_SIZE_MAX];
    CHECK(put->filler_size <= sizeof filler);
    struct random random = random_of_seed(put->id);
    for (uint32_t i = 0; i < put->filler_size; i++)
        filler[i] = i % 64 == 0 ? (uint8_t)random_next(&random) : (uint8_t)(put->id + i);
    item_builder_name(builder, slice_of_text("filler"));
    item_builder_binary(builder, slice_of(filler, put->filler_size));
}

static struct number number_of(uint64_t number)
{
    char text[32];
    struct number parsed;
    int size = snprintf(text, sizeof text, "%" PRIu64, number);
    CHECK(number_parse(slice_of(text, (size_t)size), &parsed) == NUMBER_FAULT_NONE);
    return parsed;
}

struct slice test_item_build(struct item_builder *builder, const struct operation *put)
{
    char text[KEY_TEXT_SIZE];
    item_builder_reset(builder);
    number_put(builder, "copy", put->id);
    item_builder_name(builder, slice_of_text("count"));
    item_builder_number(builder, number_of(put->count));
    filler_put(builder, put);
    number_put(builder, "op", put->id);
    item_builder_name(builder, slice_of_text("row"));
    item_builder_string(builder, slice_of(text, key_text(text, put->key)));
    number_put(builder, "table", put->table_uid);
    struct slice item;
    CHECK(item_builder_finish(builder, &item) == ITEM_FAULT_NONE);
    return item;
}

struct slice test_item_of_key(struct item_builder *builder, uint32_t number)
{
    char text[KEY_TEXT_SIZE];
    struct slice item;
    item_builder_reset(builder);
    item_builder_name(builder, slice_of_text("row"));
    item_builder_string(builder, slice_of(text, key_text(text, number)));
    CHECK(item_builder_finish(builder, &item) == ITEM_FAULT_NONE);
    return item;
}

uint64_t test_item_count(struct slice item)
{
    struct value value;
    bool has_count = item_find(item, slice_of_text("count"), &value) && value.type == VALUE_NUMBER;
    struct number number = has_count ? value_number(value) : (struct number){0};
    uint64_t count = (uint64_t)number.digits;
    for (int32_t i = 0; i < number.exponent; i++)
        count *= 10;
    return count;
}

enum { ACTIONS_MAX = 6 };

void test_item_update(struct slice item, struct buffer *tree)
{
    OWNED(arena) arena = arena_create();
    struct update_action actions[ACTIONS_MAX];
    struct update update = {.actions = actions};
    uint8_t one[NUMBER_KEY_SIZE_MAX];
    struct value_cursor cursor = item_cursor(item);
    struct slice name;
    struct value value;
    while (value_cursor_next(&cursor, &name, &value)) {
        CHECK(update.count < ACTIONS_MAX);
        bool is_count = slice_is_text(name, "count");
        if (is_count)
            value.payload = slice_of(one, number_key_encode(number_of(1), one));
        if (!slice_is_text(name, "row"))
            actions[update.count++] = (struct update_action){
                .kind = is_count ? UPDATE_ADD : UPDATE_SET,
                .path = path_of_attribute(arena, name),
                .operand = operand_of_value(value),
            };
    }
    tree_encode_update(&update, tree);
}

void test_item_condition(uint64_t writer, struct buffer *tree)
{
    OWNED(arena) arena = arena_create();
    uint8_t payload[1 + sizeof writer] = {sizeof writer};
    byte_order_put_u64(payload + 1, writer);
    const struct operand operands[] = {
        operand_of_attribute(arena, slice_of_text("op")),
        operand_of_value((struct value){VALUE_BINARY, slice_of(payload, sizeof payload)}),
    };
    bool is_missing = writer == NO_WRITER;
    struct condition condition =
        condition_of_operands(arena, is_missing ? CONDITION_ATTRIBUTE_NOT_EXISTS : CONDITION_EQUAL,
                              operands, is_missing ? 1 : 2);
    tree_encode_condition(&condition, tree);
}

enum status test_item_writer(struct slice item, uint64_t *out_id)
{
    struct value value;
    TRY(item_check(item));
    bool is_ours = item_find(item, slice_of_text("op"), &value) && value.type == VALUE_BINARY &&
                   value_bytes(value).size == sizeof(uint64_t);
    if (!is_ours)
        return STATUS_CORRUPT;
    *out_id = byte_order_get_u64(value_bytes(value).bytes);
    return STATUS_OK;
}

void test_item_key(struct buffer *key, uint32_t number)
{
    char text[KEY_TEXT_SIZE];
    size_t size = key_text(text, number);
    uint8_t payload[KEY_TEXT_SIZE + 1] = {(uint8_t)size};
    memcpy(payload + 1, text, size);
    key_encode_value(key, (struct value){VALUE_STRING, slice_of(payload, size + 1)});
}
