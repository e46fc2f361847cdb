#include "core/base/buffer.h"
#include "core/base/check.h"
#include "core/base/utf8.h"
#include "core/json/json_item_fault_private.h"

#define INVALID_PARAMETER "One or more parameter values were invalid: "

/* How much of a client's text a message repeats. */
enum { SHOWN_SIZE_MAX = 1024 };

static struct json_fault validation(struct arena *arena, const char *message)
{
    return json_fault_of(JSON_FAULT_VALIDATION, arena, "%s", message);
}

struct json_fault json_item_fault_no_type(struct arena *arena)
{
    return validation(arena, "Supplied AttributeValue is empty, must contain exactly one of the "
                             "supported datatypes");
}

struct json_fault json_item_fault_many_types(struct arena *arena)
{
    return validation(arena, "Supplied AttributeValue has more than one datatypes set, must "
                             "contain exactly one of the supported datatypes");
}

struct json_fault json_item_fault_depth(struct arena *arena)
{
    return validation(arena, "Nesting Levels have exceeded supported limits");
}

struct json_fault json_item_fault_empty_set(struct arena *arena, enum value_type set)
{
    if (set == VALUE_BINARY_SET)
        return validation(arena, INVALID_PARAMETER "Binary sets should not be empty");
    if (set == VALUE_NUMBER_SET)
        return validation(arena, INVALID_PARAMETER "An number set  may not be empty");
    return validation(arena, INVALID_PARAMETER "An string set  may not be empty");
}

/* Renders the elements as Java does: [a, b]. */
static void append_elements(struct buffer *buffer, const struct slice *elements, size_t count)
{
    buffer_append_text(buffer, "[");
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(buffer, i > 0 ? ", " : "");
        if (buffer->size + elements[i].size > SHOWN_SIZE_MAX) {
            buffer_append_text(buffer, "...");
            break;
        }
        buffer_append(buffer, elements[i]);
    }
    buffer_append_text(buffer, "]");
}

struct json_fault json_item_fault_duplicates(struct arena *arena, enum value_type set,
                                             const struct slice *elements, size_t count)
{
    SCOPED(buffer) message = {0};
    buffer_append_text(&message, INVALID_PARAMETER "Input collection ");
    append_elements(&message, elements, count);
    buffer_append_text(&message, set == VALUE_BINARY_SET ? "of type BS" : "");
    buffer_append_text(&message, " contains duplicates.");
    return (struct json_fault){
        .kind = JSON_FAULT_VALIDATION,
        .message = arena_copy(arena, buffer_slice(&message)),
    };
}

static struct json_fault not_a_number(struct arena *arena, struct slice text)
{
    if (text.size == 0)
        return validation(arena, "The parameter cannot be converted to a numeric value");
    struct slice shown = utf8_prefix(text, SHOWN_SIZE_MAX);
    return json_fault_of(JSON_FAULT_VALIDATION, arena,
                         "The parameter cannot be converted to a numeric value: %.*s",
                         (int)shown.size, (const char *)shown.bytes);
}

struct json_fault json_item_fault_number(struct arena *arena, enum number_fault fault,
                                         struct slice text)
{
    switch (fault) {
    case NUMBER_FAULT_NOT_A_NUMBER:
        return not_a_number(arena, text);
    case NUMBER_FAULT_OVERFLOW:
        return validation(arena, "Number overflow. Attempting to store a number with magnitude "
                                 "larger than supported range");
    case NUMBER_FAULT_UNDERFLOW:
        return validation(arena, "Number underflow. Attempting to store a number with magnitude "
                                 "smaller than supported range");
    case NUMBER_FAULT_DIGITS:
        return validation(arena, "Attempting to store more than 38 significant digits in a Number");
    case NUMBER_FAULT_NONE:
        break;
    }
    CHECK(!"a fault");
    return (struct json_fault){0};
}

struct json_fault json_item_fault_base64(struct arena *arena, struct slice text)
{
    if (text.size % 4 != 0)
        return json_fault_of(JSON_FAULT_TYPE, arena,
                             "Base64 encoded length is expected a multiple of 4 bytes but found: "
                             "%zu",
                             text.size);
    return json_fault_of(JSON_FAULT_TYPE, arena, "Invalid Base64 encoding");
}
