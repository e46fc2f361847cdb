#include "core/json/json_base64.h"

#include <stdbool.h>
#include <stdint.h>

/* Own, as libsodium's decoder takes some bytes above 0x7f for digits. */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { NO_DIGIT = 0xff };

static uint8_t digit_of(uint8_t letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A';
    if (letter >= 'a' && letter <= 'z')
        return (uint8_t)(letter - 'a' + 26);
    if (letter >= '0' && letter <= '9')
        return (uint8_t)(letter - '0' + 52);
    if (letter == '+')
        return 62;
    return letter == '/' ? 63 : NO_DIGIT;
}

/* Writes the 4 letters of up to 3 bytes. */
static void encode_group(const uint8_t *bytes, size_t size, uint8_t *out_text)
{
    uint32_t bits = (uint32_t)bytes[0] << 16;
    if (size > 1)
        bits |= (uint32_t)bytes[1] << 8;
    if (size > 2)
        bits |= bytes[2];
    out_text[0] = (uint8_t)alphabet[bits >> 18];
    out_text[1] = (uint8_t)alphabet[bits >> 12 & 63];
    out_text[2] = (uint8_t)(size > 1 ? alphabet[bits >> 6 & 63] : '=');
    out_text[3] = (uint8_t)(size > 2 ? alphabet[bits & 63] : '=');
}

void json_base64_append(struct buffer *buffer, struct slice bytes)
{
    uint8_t *text = buffer_reserve(buffer, (bytes.size + 2) / 3 * 4);
    for (; bytes.size > 0; text += 4, buffer->size += 4) {
        size_t size = bytes.size < 3 ? bytes.size : 3;
        encode_group(bytes.bytes, size, text);
        bytes = slice_skip(bytes, size);
    }
}

/* Reads a group of 4 letters, of which the last `padding_size` are "="; the bits left over are 0.
 */
static bool decode_group(const uint8_t *text, size_t padding_size, uint8_t *out_bytes)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < 4 - padding_size; i++) {
        uint8_t digit = digit_of(text[i]);
        if (digit == NO_DIGIT)
            return false;
        bits |= (uint32_t)digit << (18 - 6 * i);
    }
    out_bytes[0] = (uint8_t)(bits >> 16);
    if (padding_size < 2)
        out_bytes[1] = (uint8_t)(bits >> 8);
    if (padding_size < 1)
        out_bytes[2] = (uint8_t)bits;
    return (bits & ((1u << 8 * padding_size) - 1)) == 0;
}

static size_t padding_size_of(struct slice text)
{
    if (text.size < 4 || text.bytes[text.size - 1] != '=')
        return 0;
    return text.bytes[text.size - 2] == '=' ? 2 : 1;
}

enum status json_base64_decode(struct slice text, struct buffer *buffer)
{
    if (text.size % 4 != 0)
        return STATUS_INVALID;
    size_t padding_size = padding_size_of(text);
    uint8_t *bytes = buffer_reserve(buffer, text.size / 4 * 3);
    for (size_t i = 0; i < text.size / 4; i++) {
        bool is_last = (i + 1) * 4 == text.size;
        if (!decode_group(text.bytes + i * 4, is_last ? padding_size : 0, bytes + i * 3))
            return STATUS_INVALID;
    }
    buffer->size += text.size / 4 * 3 - padding_size;
    return STATUS_OK;
}
