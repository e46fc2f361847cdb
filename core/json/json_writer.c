#include "core/json/json_writer.h"

#include "core/json/json_room_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

enum { ESCAPE_SIZE_MAX = 6 };

/*
 * Is one of the 8 bytes a quote, a backslash or a control character? Subtracting sets the top bit
 * of bytes that are too small; those that had it before are plain.
 */
static inline bool has_special(uint64_t word)
{
    uint64_t control = word - EACH_BYTE(0x20);
    uint64_t quote = (word ^ EACH_BYTE('"')) - EACH_BYTE(1);
    uint64_t backslash = (word ^ EACH_BYTE('\\')) - EACH_BYTE(1);
    return ((control | quote | backslash) & ~word & EACH_BYTE(0x80)) != 0;
}

/* Up to 7 bytes as a word, by loads that overlap, with blanks behind them. */
static uint64_t short_word(struct slice text)
{
    uint64_t word = 0;
    if (text.size >= 4) {
        uint32_t halves[2];
        memcpy(&halves[0], text.bytes, 4);
        memcpy(&halves[1], text.bytes + text.size - 4, 4);
        word = halves[0] | (uint64_t)halves[1] << (8 * (text.size - 4));
    } else {
        for (size_t i = 0; i < text.size; i++)
            word |= (uint64_t)text.bytes[i] << (8 * i);
    }
    return word | EACH_BYTE(' ') << (8 * text.size);
}

static bool is_special(uint8_t byte)
{
    return byte < 0x20 || byte == '"' || byte == '\\';
}

/*
 * Copies up to the first byte that needs an escape; returns how many. May write JSON_ROOM_SLACK
 * bytes more.
 */
static size_t copy_plain(uint8_t *to, struct slice text)
{
    size_t size = 0;
    uint64_t word;
    for (; size + sizeof word <= text.size; size += sizeof word) {
        memcpy(&word, text.bytes + size, sizeof word);
        if (has_special(word))
            break;
        memcpy(to + size, &word, sizeof word);
    }
    if (text.size - size < sizeof word) {
        word = short_word(slice_skip(text, size));
        memcpy(to + size, &word, sizeof word);
        if (!has_special(word))
            return text.size;
    }
    while (size < text.size && !is_special(text.bytes[size])) {
        to[size] = text.bytes[size];
        size++;
    }
    return size;
}

static void append_escape(struct buffer *buffer, uint8_t byte)
{
    static const char letters[0x20] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r',
    };
    static const char hex[] = "0123456789abcdef";
    char letter = byte < 0x20 ? letters[byte] : (char)byte;
    if (letter != '\0')
        buffer_append(buffer, slice_of((const char[]){'\\', letter}, 2));
    else
        buffer_append(buffer,
                      slice_of((const char[]){'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 0xf]},
                               ESCAPE_SIZE_MAX));
}

/* What is left of a string once an escape is due. */
static void append_escaped(struct buffer *buffer, struct slice text)
{
    while (text.size > 0) {
        append_escape(buffer, text.bytes[0]);
        text = slice_skip(text, 1);
        size_t size = copy_plain(json_room(buffer, text.size), text);
        buffer->size += size;
        text = slice_skip(text, size);
    }
}

void json_append_string(struct buffer *buffer, struct slice text)
{
    uint8_t *at = json_room(buffer, text.size + 2);
    at[0] = '"';
    size_t size = copy_plain(at + 1, text);
    buffer->size += size + 1;
    if (size < text.size)
        append_escaped(buffer, slice_skip(text, size));
    json_put_byte(buffer, '"');
}

struct buffer *json_writer_value(struct json_writer *writer)
{
    if (writer->needs_comma)
        json_put_byte(writer->buffer, ',');
    writer->needs_comma = true;
    return writer->buffer;
}

static void start(struct json_writer *writer, char bracket)
{
    json_put_byte(json_writer_value(writer), bracket);
    writer->needs_comma = false;
}

static void end(struct json_writer *writer, char bracket)
{
    json_put_byte(writer->buffer, bracket);
    writer->needs_comma = true;
}

void json_writer_object_start(struct json_writer *writer)
{
    start(writer, '{');
}

void json_writer_object_end(struct json_writer *writer)
{
    end(writer, '}');
}

void json_writer_array_start(struct json_writer *writer)
{
    start(writer, '[');
}

void json_writer_array_end(struct json_writer *writer)
{
    end(writer, ']');
}

void json_writer_name(struct json_writer *writer, struct slice name)
{
    json_append_string(json_writer_value(writer), name);
    json_put_byte(writer->buffer, ':');
    writer->needs_comma = false;
}

void json_writer_string(struct json_writer *writer, struct slice text)
{
    json_append_string(json_writer_value(writer), text);
}

void json_writer_integer(struct json_writer *writer, int64_t number)
{
    buffer_append_format(json_writer_value(writer), "%" PRId64, number);
}

void json_writer_bool(struct json_writer *writer, bool is_true)
{
    buffer_append_text(json_writer_value(writer), is_true ? "true" : "false");
}

void json_writer_null(struct json_writer *writer)
{
    buffer_append_text(json_writer_value(writer), "null");
}

void json_writer_raw(struct json_writer *writer, struct slice json)
{
    buffer_append(json_writer_value(writer), json);
}
