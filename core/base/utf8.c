#include "core/base/utf8.h"

#include <stdint.h>
#include <string.h>

#define TOP_BITS UINT64_C(0x8080808080808080)

static bool is_continuation(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

/* The size of a sequence that starts with `lead`; 0 when none does. */
static size_t size_by_lead(uint8_t lead)
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2)
        return 0;
    if (lead < 0xe0)
        return 2;
    if (lead < 0xf0)
        return 3;
    return lead < 0xf5 ? 4 : 0;
}

/* What the second byte rules out: overlong forms, surrogates, and what lies above U+10FFFF. */
static bool is_second_allowed(uint8_t lead, uint8_t second)
{
    switch (lead) {
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second < 0xa0;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second < 0x90;
    default:
        return true;
    }
}

/* The size of the sequence at the front of `text`, which is not empty; 0 when it is malformed. */
static size_t sequence_size(struct slice text)
{
    size_t size = size_by_lead(text.bytes[0]);
    if (size > text.size)
        return 0;
    for (size_t i = 1; i < size; i++)
        if (!is_continuation(text.bytes[i]))
            return 0;
    if (size > 1 && !is_second_allowed(text.bytes[0], text.bytes[1]))
        return 0;
    return size;
}

/* How many bytes at the front are surely ASCII: a multiple of 16. */
static size_t ascii_size(struct slice text)
{
    size_t size = 0;
    for (; text.size - size >= 16; size += 16) {
        uint64_t words[2];
        memcpy(words, text.bytes + size, sizeof words);
        if (((words[0] | words[1]) & TOP_BITS) != 0)
            break;
    }
    return size;
}

bool utf8_is_valid(struct slice text)
{
    while (text.size > 0) {
        size_t size = ascii_size(text);
        if (size == 0)
            size = sequence_size(text);
        if (size == 0)
            return false;
        text = slice_skip(text, size);
    }
    return true;
}

struct slice utf8_prefix(struct slice text, size_t size_max)
{
    size_t size = size_max;
    if (size >= text.size)
        return text;
    while (size > 0 && is_continuation(text.bytes[size]))
        size--;
    return slice_of(text.bytes, size);
}
