#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/key/key_codec.h"
#include "tests/unit/seed.h"

enum { ROUNDS = 20000 };

/* A value whose payload stands in `payload`, in the item's form. */
static struct value value_of_bytes(enum value_type type, struct slice bytes, struct buffer *payload)
{
    buffer_clear(payload);
    buffer_append_sized(payload, bytes);
    return (struct value){.type = type, .payload = buffer_slice(payload)};
}

static struct value value_of_number(const char *text, struct buffer *payload)
{
    struct number number;
    uint8_t key[NUMBER_KEY_SIZE_MAX];
    assert_int_equal(number_parse(slice_of_text(text), &number), NUMBER_FAULT_NONE);
    buffer_clear(payload);
    buffer_append(payload, slice_of(key, number_key_encode(number, key)));
    return (struct value){.type = VALUE_NUMBER, .payload = buffer_slice(payload)};
}

/* Bytes in which 00, 01 and FF, those of the escapes, are common. */
static struct slice random_bytes(struct random *random, uint8_t bytes[static 8])
{
    size_t size = random_below(random, 9);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t[]){0x00, 0x01, 0xff, 'a'}[random_below(random, 4)];
    return slice_of(bytes, size);
}

static enum status decode(const char *bytes, size_t size)
{
    SCOPED(buffer) scratch = {0};
    struct slice key = slice_of(bytes, size);
    struct value value;
    size_t value_size;
    enum status status = key_decode_value(&key, &scratch, &value);
    assert_int_equal(key_value_size(slice_of(bytes, size), &value_size), status);
    if (status != STATUS_OK)
        assert_true(key.bytes == (const uint8_t *)bytes && key.size == size);
    return status;
}

static void test_values_are_encoded_as_the_header_describes(void **state)
{
    (void)state;
    SCOPED(buffer) payload = {0};
    SCOPED(buffer) key = {0};
    key_encode_value(&key, value_of_bytes(VALUE_STRING, slice_of_text("ab"), &payload));
    key_encode_value(&key, value_of_number("12.5", &payload));
    key_encode_value(&key, value_of_bytes(VALUE_BINARY, slice_of("\0\xff\0", 3), &payload));
    key_encode_value(&key, value_of_bytes(VALUE_BINARY, (struct slice){0}, &payload));

    static const uint8_t wanted[] = {
        0x01, 'a',  'b',  0x00, 0x01,                   /* "ab" */
        0x02, 0xc1, 0x19, 0x64,                         /* 12.5 */
        0x03, 0x00, 0xff, 0xff, 0x00, 0xff, 0x00, 0x01, /* 00 FF 00 */
        0x03, 0x00, 0x01,                               /* nothing */
    };
    assert_int_equal(key.size, sizeof wanted);
    assert_memory_equal(key.bytes, wanted, sizeof wanted);
}

static void test_decoding_takes_one_value_after_the_other(void **state)
{
    (void)state;
    SCOPED(buffer) payload = {0};
    SCOPED(buffer) scratch = {0};
    SCOPED(buffer) encoded = {0};
    key_encode_value(&encoded, value_of_bytes(VALUE_STRING, slice_of_text("user"), &payload));
    key_encode_value(&encoded, value_of_number("-7", &payload));
    struct slice key = buffer_slice(&encoded);
    struct value value;

    assert_int_equal(key_decode_value(&key, &scratch, &value), STATUS_OK);
    assert_int_equal(value.type, VALUE_STRING);
    assert_true(slice_is_text(value.payload, "\x04user"));
    assert_int_equal(key_decode_value(&key, &scratch, &value), STATUS_OK);
    assert_int_equal(value.type, VALUE_NUMBER);
    assert_true(slice_is_equal(value.payload, buffer_slice(&payload)));
    assert_int_equal(key.size, 0);
    assert_int_equal(key_decode_value(&key, &scratch, &value), STATUS_CORRUPT);
}

static void test_long_strings_come_back_whole(void **state)
{
    (void)state;
    enum { SIZE = 100000 };
    SCOPED(buffer) payload = {0};
    SCOPED(buffer) scratch = {0};
    SCOPED(buffer) encoded = {0};
    uint8_t *zeros = memory_alloc_zeroed(SIZE);
    struct value value = value_of_bytes(VALUE_BINARY, slice_of(zeros, SIZE), &payload);
    memory_free(zeros);
    key_encode_value(&encoded, value);
    assert_int_equal(encoded.size, 1 + 2 * SIZE + 2);

    struct slice key = buffer_slice(&encoded);
    struct value decoded;
    assert_int_equal(key_decode_value(&key, &scratch, &decoded), STATUS_OK);
    assert_true(slice_is_equal(decoded.payload, value.payload));
}

static void test_encoded_bytes_sort_as_the_bytes_do_whatever_follows(void **state)
{
    (void)state;
    struct random random = random_of_test();
    SCOPED(buffer) payload = {0};
    SCOPED(buffer) left_key = {0};
    SCOPED(buffer) right_key = {0};
    for (int i = 0; i < ROUNDS; i++) {
        uint8_t bytes[4][8];
        struct slice left[2] = {random_bytes(&random, bytes[0]), random_bytes(&random, bytes[1])};
        struct slice right[2] = {random_bytes(&random, bytes[2]), random_bytes(&random, bytes[3])};
        if (random_one_in(&random, 4))
            right[0] = left[0];
        buffer_clear(&left_key);
        buffer_clear(&right_key);
        for (int part = 0; part < 2; part++) {
            key_encode_value(&left_key, value_of_bytes(VALUE_BINARY, left[part], &payload));
            key_encode_value(&right_key, value_of_bytes(VALUE_BINARY, right[part], &payload));
        }
        int wanted = slice_compare(left[0], right[0]);
        if (wanted == 0)
            wanted = slice_compare(left[1], right[1]);
        int order = slice_compare(buffer_slice(&left_key), buffer_slice(&right_key));
        assert_int_equal((order > 0) - (order < 0), (wanted > 0) - (wanted < 0));
    }
}

static void test_decoding_gives_back_what_was_encoded(void **state)
{
    (void)state;
    struct random random = random_of_test();
    SCOPED(buffer) payload = {0};
    SCOPED(buffer) scratch = {0};
    SCOPED(buffer) encoded = {0};
    for (int i = 0; i < ROUNDS; i++) {
        uint8_t bytes[8];
        enum value_type type = random_one_in(&random, 2) ? VALUE_STRING : VALUE_BINARY;
        struct value value = value_of_bytes(type, random_bytes(&random, bytes), &payload);
        buffer_clear(&encoded);
        key_encode_value(&encoded, value);
        size_t size = encoded.size;
        buffer_append(&encoded, random_bytes(&random, bytes));

        size_t measured_size;
        struct slice key = buffer_slice(&encoded);
        struct value decoded;
        assert_int_equal(key_value_size(key, &measured_size), STATUS_OK);
        assert_int_equal(measured_size, size);
        assert_int_equal(key_decode_value(&key, &scratch, &decoded), STATUS_OK);
        assert_int_equal(decoded.type, type);
        assert_true(slice_is_equal(decoded.payload, value.payload));
        assert_int_equal(key.size, encoded.size - size);
    }
}

static void test_what_is_no_key_value_is_refused(void **state)
{
    (void)state;
    assert_int_equal(decode("\x01\x00\x01", 3), STATUS_OK);
    assert_int_equal(decode("", 0), STATUS_CORRUPT);
    assert_int_equal(decode("\x01", 1), STATUS_CORRUPT);
    assert_int_equal(decode("\x01"
                            "ab",
                            3),
                     STATUS_CORRUPT);
    assert_int_equal(decode("\x01\x00", 2), STATUS_CORRUPT);
    assert_int_equal(decode("\x01\x00\xff", 3), STATUS_CORRUPT);
    assert_int_equal(decode("\x01\x00\xff\x00", 4), STATUS_CORRUPT);
    assert_int_equal(decode("\x03\x00\x00\x00\x01", 5), STATUS_CORRUPT);
    assert_int_equal(decode("\x03\x00\x02\x00\x01", 5), STATUS_CORRUPT);
    assert_int_equal(decode("\x02", 1), STATUS_CORRUPT);
    assert_int_equal(decode("\x02\x7f\xff", 3), STATUS_CORRUPT);
}

static void test_types_that_cannot_be_keys_are_refused(void **state)
{
    (void)state;
    for (int type = 0; type < 256; type++) {
        char bytes[] = {(char)type, 0x00, 0x01};
        bool is_text = type == VALUE_STRING || type == VALUE_BINARY;
        assert_int_equal(decode(bytes, sizeof bytes), is_text ? STATUS_OK : STATUS_CORRUPT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_encoded_as_the_header_describes),
        cmocka_unit_test(test_decoding_takes_one_value_after_the_other),
        cmocka_unit_test(test_long_strings_come_back_whole),
        cmocka_unit_test(test_encoded_bytes_sort_as_the_bytes_do_whatever_follows),
        cmocka_unit_test(test_decoding_gives_back_what_was_encoded),
        cmocka_unit_test(test_what_is_no_key_value_is_refused),
        cmocka_unit_test(test_types_that_cannot_be_keys_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
