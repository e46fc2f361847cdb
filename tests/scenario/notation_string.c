/* Strings of the notation: escapes, $i, and how often they stand there. */
#include "tests/scenario/notation.h"

#include <stdlib.h>
#include <string.h>

enum { REPEAT_COUNT_MAX = 1 << 24 };

static void append_utf8(struct buffer *buffer, unsigned long point)
{
    if (point < 0x80) {
        buffer_append_u8(buffer, (uint8_t)point);
    } else if (point < 0x800) {
        buffer_append_u8(buffer, (uint8_t)(0xC0 | point >> 6));
        buffer_append_u8(buffer, (uint8_t)(0x80 | (point & 0x3F)));
    } else {
        buffer_append_u8(buffer, (uint8_t)(0xE0 | point >> 12));
        buffer_append_u8(buffer, (uint8_t)(0x80 | (point >> 6 & 0x3F)));
        buffer_append_u8(buffer, (uint8_t)(0x80 | (point & 0x3F)));
    }
}

/* `at` stands behind the backslash. */
static void take_escape(struct notation *notation, struct buffer *buffer)
{
    static const char letters[] = "nrtbf", meant[] = "\n\r\t\b\f";
    char letter = *notation->at;
    const char *known = letter != '\0' ? strchr(letters, letter) : NULL;
    if (letter == 'u') {
        char digits[5] = {0};
        strncpy(digits, notation->at + 1, 4);
        char *end;
        unsigned long point = strtoul(digits, &end, 16);
        if (end != digits + 4) {
            notation_fail(notation, "\\u needs 4 hexadecimal digits");
            return;
        }
        append_utf8(buffer, point);
        notation->at += 4;
    } else if (known != NULL) {
        buffer_append_u8(buffer, (uint8_t)meant[known - letters]);
    } else {
        buffer_append_u8(buffer, (uint8_t)letter);
    }
    notation->at += *notation->at != '\0';
}

static void take_quoted(struct notation *notation, struct buffer *buffer)
{
    if (!notation_take(notation, "\"")) {
        notation_fail(notation, "a string in quotes should stand here");
        return;
    }
    while (*notation->at != '"' && *notation->at != '\0') {
        char byte = *notation->at++;
        if (byte == '\\') {
            take_escape(notation, buffer);
        } else if (byte == '$' && *notation->at == 'i') {
            buffer_append_format(buffer, "%llu", (unsigned long long)notation->index);
            notation->at++;
        } else {
            buffer_append_u8(buffer, (uint8_t)byte);
        }
    }
    if (*notation->at == '\0')
        notation_fail(notation, "a quote is missing");
    else
        notation->at++;
}

/* A quoted string, and how often it stands there. */
static void take_repeated(struct notation *notation, struct buffer *buffer)
{
    const char *start = notation->at;
    size_t size_before = buffer->size;
    take_quoted(notation, buffer);
    if (notation->mistake != NULL || *notation->at != '*')
        return;
    notation->at++;
    uint64_t count = notation_number(notation);
    if (count > REPEAT_COUNT_MAX) {
        notation_fail(notation, "too often");
        return;
    }
    const char *end = notation->at;
    uint64_t index = notation->index;
    buffer->size = size_before;
    for (notation->index = 0; notation->index < count; notation->index++) {
        notation->at = start;
        take_quoted(notation, buffer);
    }
    notation->index = index;
    notation->at = end;
}

struct slice notation_string(struct notation *notation)
{
    SCOPED(buffer) buffer;
    buffer_init(&buffer);
    do
        take_repeated(notation, &buffer);
    while (notation->mistake == NULL && notation_take(notation, "+"));
    return arena_copy(notation->arena, buffer_slice(&buffer));
}
