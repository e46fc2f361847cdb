#include "core/base/byte_order.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "core/model/item.h"

/* The item, or a list or map that has been entered. */
struct level {
    uint64_t left_count;
    size_t rest_at_end; /* how many bytes of the item lie behind it */
    struct slice last_name;
    bool has_names;
};

/* Without recursion: the bytes may come from anywhere. */
struct check {
    struct byte_reader reader;
    struct level levels[1 + LIMIT_ITEM_DEPTH];
    size_t level_count;
};

/* An absent slice, not an empty one, stands for "none before". */
static bool is_after(struct slice next, struct slice last)
{
    return last.bytes == NULL || slice_compare(last, next) < 0;
}

static enum status check_text(struct slice text)
{
    return utf8_is_valid(text) ? STATUS_OK : STATUS_CORRUPT;
}

/* Reads one string, number or binary; gives the bytes by which sets are ordered. */
static enum status check_scalar(struct byte_reader *reader, enum value_type type,
                                struct slice *out_bytes)
{
    if (type == VALUE_NUMBER) {
        struct number number;
        size_t size;
        TRY(number_key_decode(reader->rest, &number, &size));
        *out_bytes = byte_reader_bytes(reader, size);
        return STATUS_OK;
    }
    *out_bytes = byte_reader_sized(reader);
    if (reader->has_failed)
        return STATUS_CORRUPT;
    return type == VALUE_STRING ? check_text(*out_bytes) : STATUS_OK;
}

/* Reads `size u32 . count varint`; gives how many bytes will be left behind the container. */
static enum status check_header(struct byte_reader *reader, uint64_t *out_count,
                                size_t *out_rest_at_end)
{
    uint32_t size = byte_reader_u32(reader);
    if (reader->has_failed || size > reader->rest.size)
        return STATUS_CORRUPT;
    *out_rest_at_end = reader->rest.size - size;
    *out_count = byte_reader_varint(reader);
    return reader->has_failed ? STATUS_CORRUPT : STATUS_OK;
}

static enum status check_set(struct byte_reader *reader, enum value_type element_type)
{
    uint64_t count;
    size_t rest_at_end;
    TRY(check_header(reader, &count, &rest_at_end));
    if (count == 0)
        return STATUS_CORRUPT;

    struct slice last = {0};
    for (; count > 0; count--) {
        struct slice element;
        TRY(check_scalar(reader, element_type, &element));
        if (!is_after(element, last))
            return STATUS_CORRUPT;
        last = element;
    }
    return reader->rest.size == rest_at_end ? STATUS_OK : STATUS_CORRUPT;
}

static enum status enter(struct check *check, bool has_names)
{
    if (check->level_count == sizeof check->levels / sizeof check->levels[0])
        return STATUS_CORRUPT;
    struct level *level = &check->levels[check->level_count];
    *level = (struct level){.has_names = has_names};
    TRY(check_header(&check->reader, &level->left_count, &level->rest_at_end));
    check->level_count++;
    return STATUS_OK;
}

static enum status check_value(struct check *check)
{
    struct slice bytes;
    enum value_type type = (enum value_type)byte_reader_u8(&check->reader);
    switch (type) {
    case VALUE_STRING:
    case VALUE_NUMBER:
    case VALUE_BINARY:
        return check_scalar(&check->reader, type, &bytes);
    case VALUE_NULL:
    case VALUE_FALSE:
    case VALUE_TRUE:
        return STATUS_OK;
    case VALUE_LIST:
    case VALUE_MAP:
        return enter(check, type == VALUE_MAP);
    case VALUE_STRING_SET:
    case VALUE_NUMBER_SET:
    case VALUE_BINARY_SET:
        return check_set(&check->reader, value_type_element(type));
    }
    return STATUS_CORRUPT;
}

static enum status check_name(struct check *check, struct level *level)
{
    struct slice name = byte_reader_sized(&check->reader);
    if (check->reader.has_failed || !is_after(name, level->last_name))
        return STATUS_CORRUPT;
    level->last_name = name;
    return check_text(name);
}

/* Reads one entry or element of the innermost level, or leaves it. */
static enum status check_step(struct check *check)
{
    struct level *level = &check->levels[check->level_count - 1];
    if (level->left_count == 0) {
        check->level_count--;
        return check->reader.rest.size == level->rest_at_end ? STATUS_OK : STATUS_CORRUPT;
    }
    level->left_count--;
    if (level->has_names)
        TRY(check_name(check, level));
    return check_value(check);
}

enum status item_check(struct slice item)
{
    struct check check;
    check.reader = byte_reader_of(item);
    check.level_count = 1;
    uint8_t version = byte_reader_u8(&check.reader);
    check.levels[0] = (struct level){
        .left_count = byte_reader_varint(&check.reader),
        .has_names = true,
    };
    if (check.reader.has_failed || version != ITEM_VERSION)
        return STATUS_CORRUPT;
    while (check.level_count > 0)
        TRY(check_step(&check));
    return STATUS_OK;
}

enum status item_check_value(struct slice bytes, struct value *out_value)
{
    struct check check;
    check.reader = byte_reader_of(bytes);
    check.level_count = 1;
    check.levels[0] = (struct level){.left_count = 1};
    while (check.level_count > 0)
        TRY(check_step(&check));
    *out_value = (struct value){(enum value_type)bytes.bytes[0], slice_skip(bytes, 1)};
    return STATUS_OK;
}
