#include "core/json/json_fault.h"

#include "core/base/check.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Callers cut what comes from outside. */
enum { MESSAGE_SIZE_MAX = 2048 };

struct json_fault json_fault_of(enum json_fault_kind kind, struct arena *arena, const char *format,
                                ...)
{
    char message[MESSAGE_SIZE_MAX];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    CHECK(size >= 0);
    CHECK(size < MESSAGE_SIZE_MAX);
    return (struct json_fault){
        .kind = kind,
        .message = arena_copy(arena, slice_of(message, (size_t)size)),
    };
}

/* The name of the Java class, or of the collection, that is wanted. */
static const char *target_class(enum json_target wanted)
{
    switch (wanted) {
    case JSON_TARGET_STRING:
        return "class java.lang.String";
    case JSON_TARGET_BOOLEAN:
        return "class java.lang.Boolean";
    case JSON_TARGET_INTEGER:
        return "class java.lang.Integer";
    case JSON_TARGET_LONG:
        return "class java.lang.Long";
    case JSON_TARGET_BLOB:
        return "class java.nio.ByteBuffer";
    case JSON_TARGET_STRING_MAP:
        return "java.util.Map<java.lang.String, java.lang.String>";
    case JSON_TARGET_ITEM:
        return "java.util.Map<java.lang.String, "
               "com.amazonaws.dynamodb.v20120810.AttributeValue>";
    case JSON_TARGET_ATTRIBUTE_VALUE:
        return "class com.amazonaws.dynamodb.v20120810.AttributeValue";
    case JSON_TARGET_LIST:
    case JSON_TARGET_STRUCTURE:
        break;
    }
    return NULL;
}

static struct json_fault array_fault(struct arena *arena, enum json_target wanted)
{
    const char *class = target_class(wanted);
    if (class == NULL)
        return json_fault_of(JSON_FAULT_TYPE, arena, "Start of list found where not expected");
    return json_fault_of(JSON_FAULT_TYPE, arena, "Unrecognized collection type %s", class);
}

static bool is_decimal(struct slice number)
{
    for (size_t i = 0; i < number.size; i++)
        if (strchr(".eE", number.bytes[i]) != NULL)
            return true;
    return false;
}

static const char *scalar_name(const struct json_node *found)
{
    switch (found->kind) {
    case JSON_NULL:
        return "NULL_VALUE";
    case JSON_FALSE:
        return "FALSE_VALUE";
    case JSON_TRUE:
        return "TRUE_VALUE";
    case JSON_NUMBER:
        return is_decimal(found->text) ? "DECIMAL_VALUE" : "NUMBER_VALUE";
    case JSON_STRING:
        return "STRING_VALUE";
    case JSON_ARRAY:
    case JSON_OBJECT:
    case JSON_ITEM:
    case JSON_VALUE:
        break;
    }
    CHECK(!"a scalar");
    return "";
}

static struct json_fault scalar_fault(struct arena *arena, const struct json_node *found,
                                      enum json_target wanted)
{
    const char *name = NULL;
    const char *message = NULL;
    switch (wanted) {
    case JSON_TARGET_STRING:
        name = "String";
        break;
    case JSON_TARGET_BOOLEAN:
        name = "Boolean";
        break;
    case JSON_TARGET_INTEGER:
        name = "Integer";
        break;
    case JSON_TARGET_LONG:
        name = "Long";
        break;
    case JSON_TARGET_BLOB:
        message = "only base-64-encoded strings are convertible to bytes";
        break;
    case JSON_TARGET_LIST:
    case JSON_TARGET_STRING_MAP:
    case JSON_TARGET_ITEM:
        message = "Unexpected field type";
        break;
    case JSON_TARGET_ATTRIBUTE_VALUE:
    case JSON_TARGET_STRUCTURE:
        message = "Unexpected value type in payload";
        break;
    }
    if (message != NULL)
        return json_fault_of(JSON_FAULT_TYPE, arena, "%s", message);
    return json_fault_of(JSON_FAULT_TYPE, arena, "%s cannot be converted to %s", scalar_name(found),
                         name);
}

struct json_fault json_fault_mismatch(struct arena *arena, const struct json_node *found,
                                      enum json_target wanted)
{
    switch (found->kind) {
    case JSON_OBJECT:
    case JSON_ITEM:
    case JSON_VALUE:
        return json_fault_of(JSON_FAULT_TYPE, arena,
                             "Start of structure or map found where not expected.");
    case JSON_ARRAY:
        return array_fault(arena, wanted);
    case JSON_NULL:
    case JSON_FALSE:
    case JSON_TRUE:
    case JSON_NUMBER:
    case JSON_STRING:
        break;
    }
    return scalar_fault(arena, found, wanted);
}
