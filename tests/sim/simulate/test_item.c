#include "tests/sim/simulate/test_item.h"

#include "core/base/byte_order.h"
#include "core/base/check.h"
#include "core/base/random.h"
#include "core/key/key_codec.h"
#include "core/model/item.h"

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

struct slice test_item_build(struct item_builder *builder, const struct operation *put)
{
    char text[KEY_TEXT_SIZE];
    item_builder_reset(builder);
    number_put(builder, "copy", put->id);
    filler_put(builder, put);
    number_put(builder, "op", put->id);
    item_builder_name(builder, slice_of_text("row"));
    item_builder_string(builder, slice_of(text, key_text(text, put->key)));
    number_put(builder, "table", put->table_uid);
    struct slice item;
    CHECK(item_builder_finish(builder, &item) == ITEM_FAULT_NONE);
    return item;
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
