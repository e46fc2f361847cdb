/*
 * For tests of expressions: items, values and paths in a short notation, and items printed in it.
 *
 *     {a: 'text', b: -1.5, c: b'bytes', d: [true, false, null], e: {k: 1}, f: <'x', 'y'>}
 *
 * `<...>` is a set of what its first element is. Printed, names and elements stand in canonical
 * order. Everything lives in the arena.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/expression/path.h"
#include "core/model/item.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static inline void skip_blanks(const char **text)
{
    while (**text == ' ')
        (*text)++;
}

static inline bool take_sign(const char **text, char sign)
{
    skip_blanks(text);
    if (**text != sign)
        return false;
    (*text)++;
    return true;
}

/* Up to a character of `ends`, which is not taken. */
static inline struct slice take_until(const char **text, const char *ends)
{
    skip_blanks(text);
    const char *start = *text;
    *text += strcspn(start, ends);
    return slice_of(start, (size_t)(*text - start));
}

static inline struct slice take_quoted(const char **text)
{
    assert_true(take_sign(text, '\''));
    struct slice quoted = take_until(text, "'");
    assert_true(take_sign(text, '\''));
    return quoted;
}

static inline enum value_type set_type_of(const char *text)
{
    skip_blanks(&text);
    if (*text == '\'')
        return VALUE_STRING_SET;
    return *text == 'b' ? VALUE_BINARY_SET : VALUE_NUMBER_SET;
}

static inline void read_elements(struct item_builder *builder, const char **text, char end);

static inline void read_container(struct item_builder *builder, const char **text,
                                  enum value_type type, char end)
{
    item_builder_open(builder, type);
    read_elements(builder, text, end);
    item_builder_close(builder);
}

static inline void read_word(struct item_builder *builder, const char **text)
{
    struct slice word = take_until(text, " ,;)]}>");
    struct number number;
    if (slice_is_text(word, "true") || slice_is_text(word, "false")) {
        item_builder_bool(builder, word.bytes[0] == 't');
    } else if (slice_is_text(word, "null")) {
        item_builder_null(builder);
    } else {
        assert_int_equal(number_parse(word, &number), NUMBER_FAULT_NONE);
        item_builder_number(builder, number);
    }
}

static inline void read_value(struct item_builder *builder, const char **text)
{
    skip_blanks(text);
    if (**text == '\'')
        item_builder_string(builder, take_quoted(text));
    else if ((*text)[0] == 'b' && (*text)[1] == '\'' && take_sign(text, 'b'))
        item_builder_binary(builder, take_quoted(text));
    else if (take_sign(text, '['))
        read_container(builder, text, VALUE_LIST, ']');
    else if (take_sign(text, '{'))
        read_container(builder, text, VALUE_MAP, '}');
    else if (take_sign(text, '<'))
        read_container(builder, text, set_type_of(*text), '>');
    else
        read_word(builder, text);
}

static inline void read_elements(struct item_builder *builder, const char **text, char end)
{
    while (!take_sign(text, end)) {
        if (end == '}') {
            item_builder_name(builder, take_until(text, ":"));
            assert_true(take_sign(text, ':'));
        }
        read_value(builder, text);
        (void)take_sign(text, ',');
    }
}

static inline struct slice item_of(struct arena *arena, const char *text)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    assert_true(take_sign(&text, '{'));
    read_elements(builder, &text, '}');
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_NONE);
    return arena_copy(arena, item);
}

static inline struct value value_of(struct arena *arena, const char *text)
{
    struct value value;
    struct slice item = item_of(arena, arena_format(arena, "{v: %s}", text));
    assert_true(item_find(item, slice_of_text("v"), &value));
    return value;
}

static inline struct path path_of(struct arena *arena, const char *text)
{
    struct path_step *steps = arena_alloc_zeroed(arena, (strlen(text) + 1) * sizeof *steps);
    struct path path = {.steps = steps};
    while (*text != '\0') {
        struct path_step *step = &steps[path.count++];
        step->is_index = take_sign(&text, '[');
        struct slice taken = take_until(&text, ".[]");
        if (step->is_index)
            step->index = (uint32_t)strtoul((const char *)taken.bytes, NULL, 10);
        else
            step->name = taken;
        (void)take_sign(&text, ']');
        (void)take_sign(&text, '.');
    }
    return path;
}

static inline void print_elements(struct buffer *text, struct value_cursor cursor);

static inline void print_value(struct buffer *text, struct value value)
{
    char digits[NUMBER_TEXT_SIZE_MAX];
    static const char *const brackets[][2] = {
        [VALUE_STRING] = {"'", "'"},     [VALUE_BINARY] = {"b'", "'"},
        [VALUE_LIST] = {"[", "]"},       [VALUE_MAP] = {"{", "}"},
        [VALUE_STRING_SET] = {"<", ">"}, [VALUE_NUMBER_SET] = {"<", ">"},
        [VALUE_BINARY_SET] = {"<", ">"}, [VALUE_NULL] = {"null", ""},
        [VALUE_FALSE] = {"false", ""},   [VALUE_TRUE] = {"true", ""},
        [VALUE_NUMBER] = {"", ""},
    };
    buffer_append_text(text, brackets[value.type][0]);
    if (value.type == VALUE_STRING || value.type == VALUE_BINARY)
        buffer_append(text, value_bytes(value));
    else if (value.type == VALUE_NUMBER)
        buffer_append(text, slice_of(digits, number_print(value_number(value), digits)));
    else
        print_elements(text, value_cursor(value));
    buffer_append_text(text, brackets[value.type][1]);
}

static inline void print_elements(struct buffer *text, struct value_cursor cursor)
{
    struct slice name;
    struct value value;
    for (bool is_first = true; value_cursor_next(&cursor, &name, &value); is_first = false) {
        if (!is_first)
            buffer_append_text(text, ", ");
        if (cursor.has_names) {
            buffer_append(text, name);
            buffer_append_text(text, ": ");
        }
        print_value(text, value);
    }
}

static inline const char *text_of(struct arena *arena, struct slice item)
{
    SCOPED(buffer) text = {0};
    assert_int_equal(item_check(item), STATUS_OK);
    buffer_append_text(&text, "{");
    print_elements(&text, item_cursor(item));
    buffer_append_text(&text, "}");
    return arena_copy_text(arena, buffer_slice(&text));
}
