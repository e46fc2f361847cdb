#include "core/json/json_reader.h"

#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <yajl/yajl_parse.h>

/* yajl keeps the memory that the largest escaped string took; beyond this it is given back. */
enum { KEPT_TEXT_SIZE_MAX = 256 << 10 };

struct json_reader {
    yajl_handle handle; /* NULL, or ready for the next text */
    json_event_fn *on_event;
    void *context;
    unsigned depth;
    bool has_value;
    enum status status;
};

struct json_reader *json_reader_create(void)
{
    return memory_alloc_zeroed(sizeof(struct json_reader));
}

static void drop_handle(struct json_reader *reader)
{
    if (reader->handle != NULL)
        yajl_free(reader->handle);
    reader->handle = NULL;
}

void json_reader_destroy(struct json_reader *reader)
{
    if (reader == NULL)
        return;
    drop_handle(reader);
    memory_free(reader);
}

/* yajl's callbacks return 0 to stop. */
static int stop(struct json_reader *reader, enum status status)
{
    reader->status = status;
    return 0;
}

static int emit(struct json_reader *reader, enum json_event event, struct slice text)
{
    enum status status = reader->on_event(reader->context, event, text);
    return status == STATUS_OK ? 1 : stop(reader, status);
}

/* The handle takes any number of values, so that it can be used again; a text has one. */
static bool begin_value(struct json_reader *reader)
{
    if (reader->depth > 0)
        return true;
    bool is_first = !reader->has_value;
    reader->has_value = true;
    return is_first;
}

static int emit_scalar(struct json_reader *reader, enum json_event event, struct slice text)
{
    if (!begin_value(reader))
        return stop(reader, STATUS_INVALID);
    return emit(reader, event, text);
}

static int emit_start(struct json_reader *reader, enum json_event event)
{
    if (!begin_value(reader))
        return stop(reader, STATUS_INVALID);
    if (reader->depth == JSON_DEPTH_MAX)
        return stop(reader, STATUS_TOO_LARGE);
    reader->depth++;
    return emit(reader, event, (struct slice){0});
}

static int emit_end(struct json_reader *reader, enum json_event event)
{
    CHECK(reader->depth > 0);
    reader->depth--;
    return emit(reader, event, (struct slice){0});
}

static int on_null(void *context)
{
    return emit_scalar(context, JSON_EVENT_NULL, (struct slice){0});
}

static int on_boolean(void *context, int is_true)
{
    return emit_scalar(context, is_true ? JSON_EVENT_TRUE : JSON_EVENT_FALSE, (struct slice){0});
}

static int on_number(void *context, const char *text, size_t size)
{
    return emit_scalar(context, JSON_EVENT_NUMBER, slice_of(text, size));
}

static int on_string(void *context, const unsigned char *text, size_t size)
{
    return emit_scalar(context, JSON_EVENT_STRING, slice_of(text, size));
}

static int on_object_start(void *context)
{
    return emit_start(context, JSON_EVENT_OBJECT_START);
}

static int on_name(void *context, const unsigned char *text, size_t size)
{
    return emit(context, JSON_EVENT_NAME, slice_of(text, size));
}

static int on_object_end(void *context)
{
    return emit_end(context, JSON_EVENT_OBJECT_END);
}

static int on_array_start(void *context)
{
    return emit_start(context, JSON_EVENT_ARRAY_START);
}

static int on_array_end(void *context)
{
    return emit_end(context, JSON_EVENT_ARRAY_END);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_object_start,
    .yajl_map_key = on_name,
    .yajl_end_map = on_object_end,
    .yajl_start_array = on_array_start,
    .yajl_end_array = on_array_end,
};

static void *allocate(void *context, size_t size)
{
    (void)context;
    return memory_alloc(size);
}

static void *reallocate(void *context, void *pointer, size_t size)
{
    (void)context;
    return memory_resize(pointer, size);
}

static void release(void *context, void *pointer)
{
    (void)context;
    memory_free(pointer);
}

static void ensure_handle(struct json_reader *reader)
{
    if (reader->handle != NULL)
        return;
    yajl_alloc_funcs memory = {.malloc = allocate, .realloc = reallocate, .free = release};
    reader->handle = yajl_alloc(&callbacks, &memory, reader);
    yajl_config(reader->handle, yajl_allow_multiple_values, 1);
    /* Its check lets overlong forms and surrogates through; utf8_is_valid has been stricter. */
    yajl_config(reader->handle, yajl_dont_validate_strings, 1);
}

/* -1 when it is no hexadecimal digit. */
static int hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The code unit of an escape such as \u00e9 at the front of the text; -1 when there is none. */
static int escaped_unit(struct slice text)
{
    if (text.size < 6 || text.bytes[0] != '\\' || text.bytes[1] != 'u')
        return -1;
    int unit = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(text.bytes[i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

static bool is_high_surrogate(int unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low_surrogate(int unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

/*
 * yajl makes malformed UTF-8 of a lone surrogate, or something else of it. A backslash stands only
 * in strings, so that the escapes can be found without knowing where strings begin.
 */
static bool are_surrogates_paired(struct slice text)
{
    const uint8_t *escape;
    while (text.size > 0 && (escape = memchr(text.bytes, '\\', text.size)) != NULL) {
        text = slice_skip(text, (size_t)(escape - text.bytes));
        int unit = escaped_unit(text);
        if (is_low_surrogate(unit))
            return false;
        if (is_high_surrogate(unit)) {
            text = slice_skip(text, 6);
            if (!is_low_surrogate(escaped_unit(text)))
                return false;
        }
        text = slice_skip(text, unit >= 0 ? 6 : (text.size < 2 ? text.size : 2));
    }
    return true;
}

/* What yajl makes of the text, and of the blank by which it learns that there is no more. */
static enum status parse(struct json_reader *reader, struct slice text)
{
    yajl_status status = yajl_parse(reader->handle, text.bytes, text.size);
    if (status == yajl_status_ok)
        status = yajl_complete_parse(reader->handle);
    switch (status) {
    case yajl_status_ok:
        return reader->has_value ? STATUS_OK : STATUS_INVALID;
    case yajl_status_client_canceled:
        return reader->status;
    case yajl_status_error:
        break;
    }
    return STATUS_INVALID;
}

enum status json_reader_read(struct json_reader *reader, struct slice text, void *context,
                             json_event_fn *on_event)
{
    if (text.size > LIMIT_REQUEST_SIZE)
        return STATUS_TOO_LARGE;
    if (text.size == 0 || !utf8_is_valid(text) || !are_surrogates_paired(text))
        return STATUS_INVALID;

    ensure_handle(reader);
    reader->on_event = on_event;
    reader->context = context;
    reader->depth = 0;
    reader->has_value = false;
    enum status status = parse(reader, text);
    /* After an error yajl refuses everything. */
    if (status != STATUS_OK || text.size > KEPT_TEXT_SIZE_MAX)
        drop_handle(reader);
    return status;
}
