#include "node/tablet/effects.h"

#include "core/base/check.h"

void effects_init(struct effects *effects)
{
    *effects = (struct effects){0};
    buffer_init(&effects->values);
    buffer_init(&effects->operations);
}

void effects_deinit(struct effects *effects)
{
    buffer_deinit(&effects->values);
    buffer_deinit(&effects->operations);
}

void effects_clear(struct effects *effects, uint64_t time)
{
    buffer_clear(&effects->values);
    buffer_clear(&effects->operations);
    effects->value_count = 0;
    effects->operation_count = 0;
    effects->time = time;
}

uint64_t effects_add_value(struct effects *effects, struct slice item)
{
    buffer_append_sized(&effects->values, item);
    return effects->value_count++;
}

static void operation_begin(struct effects *effects, enum effect_kind kind, struct slice key)
{
    buffer_append_u8(&effects->operations, (uint8_t)kind);
    buffer_append_sized(&effects->operations, key);
    effects->operation_count++;
}

void effects_put_row(struct effects *effects, struct slice key, const struct row *row,
                     uint64_t value_number)
{
    CHECK(value_number < effects->value_count);
    operation_begin(effects, EFFECT_PUT_ROW, key);
    buffer_append_varint(&effects->operations, row_header_size(row));
    row_encode_header(row, &effects->operations);
    buffer_append_varint(&effects->operations, value_number);
    buffer_append_varint(&effects->operations, 0);
}

void effects_put(struct effects *effects, struct slice key, struct slice value)
{
    operation_begin(effects, EFFECT_PUT, key);
    buffer_append_sized(&effects->operations, value);
}

void effects_delete(struct effects *effects, struct slice key)
{
    operation_begin(effects, EFFECT_DELETE, key);
}

void effects_encode(const struct effects *effects, struct buffer *bytes)
{
    buffer_reserve(bytes, effects->values.size + effects->operations.size + 64);
    buffer_append_u8(bytes, EFFECTS_VERSION);
    buffer_append_u64(bytes, effects->time);
    buffer_append_varint(bytes, effects->value_count);
    buffer_append(bytes, buffer_slice(&effects->values));
    buffer_append_varint(bytes, effects->operation_count);
    buffer_append(bytes, buffer_slice(&effects->operations));
    buffer_append_varint(bytes, 0);
}

/* Reads one operation; its value is looked up in the table only when there is one to look in. */
static bool operation_read(struct byte_reader *reader, struct effect *effect,
                           uint64_t *out_value_number)
{
    *effect = (struct effect){.kind = (enum effect_kind)byte_reader_u8(reader)};
    effect->key = byte_reader_sized(reader);
    *out_value_number = 0;
    switch (effect->kind) {
    case EFFECT_PUT_ROW:
        effect->header = byte_reader_sized(reader);
        *out_value_number = byte_reader_varint(reader);
        if (byte_reader_varint(reader) != 0)
            reader->has_failed = true;
        return !reader->has_failed;
    case EFFECT_PUT:
        effect->value = byte_reader_sized(reader);
        return !reader->has_failed;
    case EFFECT_DELETE:
        return !reader->has_failed;
    }
    reader->has_failed = true;
    return false;
}

enum status effects_open(struct slice bytes, struct effects_cursor *out_cursor, uint64_t *out_time)
{
    struct byte_reader reader = byte_reader_of(bytes);
    if (byte_reader_u8(&reader) != EFFECTS_VERSION)
        return reader.has_failed ? STATUS_CORRUPT : STATUS_UNSUPPORTED;
    uint64_t time = byte_reader_u64(&reader);
    struct effects_cursor cursor = {.value_count = byte_reader_varint(&reader)};
    cursor.values = reader.rest;
    for (uint64_t i = 0; i < cursor.value_count && !reader.has_failed; i++)
        byte_reader_sized(&reader);
    cursor.left_count = byte_reader_varint(&reader);
    cursor.operations = reader;
    for (uint64_t i = 0; i < cursor.left_count && !reader.has_failed; i++) {
        struct effect effect;
        uint64_t value_number;
        if (!operation_read(&reader, &effect, &value_number))
            return STATUS_CORRUPT;
        if (effect.kind == EFFECT_PUT_ROW && value_number >= cursor.value_count)
            return STATUS_CORRUPT;
    }
    uint64_t change_count = byte_reader_varint(&reader);
    if (!byte_reader_is_done(&reader))
        return reader.has_failed || change_count == 0 ? STATUS_CORRUPT : STATUS_UNSUPPORTED;
    *out_cursor = cursor;
    *out_time = time;
    return STATUS_OK;
}

static struct slice value_at(const struct effects_cursor *cursor, uint64_t number)
{
    struct byte_reader reader = byte_reader_of(cursor->values);
    for (uint64_t i = 0; i < number; i++)
        byte_reader_sized(&reader);
    return byte_reader_sized(&reader);
}

bool effects_next(struct effects_cursor *cursor, struct effect *out_effect)
{
    if (cursor->left_count == 0)
        return false;
    cursor->left_count--;
    uint64_t value_number;
    CHECK(operation_read(&cursor->operations, out_effect, &value_number));
    if (out_effect->kind == EFFECT_PUT_ROW)
        out_effect->value = value_at(cursor, value_number);
    return true;
}
