#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/memory.h"
#include "router/front/content_encoding.h"

#include <string.h>
#include <zlib.h>

enum { RAW = -15, ZLIB = 15, GZIP = 31, SIZE_MAX_OF_TEST = 1 << 20 };

static struct auth_request request_with(const char *name, const char *value,
                                        struct auth_header *header)
{
    *header = (struct auth_header){slice_of_text(name), slice_of_text(value)};
    return (struct auth_request){.headers = header, .header_count = 1};
}

static enum content_encoding encoding_of(const char *value)
{
    struct auth_header header;
    struct auth_request request = request_with("Content-Encoding", value, &header);
    return content_encoding_of(&request);
}

static bool accepts(const char *value)
{
    struct auth_header header;
    struct auth_request request = request_with("Accept-Encoding", value, &header);
    return content_encoding_accepts_gzip(&request);
}

static void pack(struct slice content, int window, struct buffer *packed)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)content.bytes,
                       .avail_in = (uInt)content.size};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&stream, content.size);
    stream.next_out = buffer_reserve(packed, room);
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed->size += room - stream.avail_out;
    deflateEnd(&stream);
}

static enum status inflate_as(enum content_encoding encoding, struct slice packed,
                              struct buffer *content)
{
    return content_encoding_inflate(encoding, packed, SIZE_MAX_OF_TEST, content);
}

static void assert_content(enum content_encoding encoding, struct slice packed, const char *wanted)
{
    SCOPED(buffer) content = {0};
    assert_int_equal(inflate_as(encoding, packed, &content), STATUS_OK);
    assert_true(slice_is_text(buffer_slice(&content), wanted));
}

static void test_encodings_are_known_by_their_names(void **state)
{
    (void)state;
    struct auth_request none = {.header_count = 0};
    assert_int_equal(content_encoding_of(&none), CONTENT_ENCODING_NONE);
    assert_int_equal(encoding_of(""), CONTENT_ENCODING_NONE);
    assert_int_equal(encoding_of("identity"), CONTENT_ENCODING_NONE);
    assert_int_equal(encoding_of(" GZip "), CONTENT_ENCODING_GZIP);
    assert_int_equal(encoding_of("x-gzip"), CONTENT_ENCODING_GZIP);
    assert_int_equal(encoding_of("deflate"), CONTENT_ENCODING_DEFLATE);
    assert_int_equal(encoding_of("br"), CONTENT_ENCODING_UNKNOWN);
    assert_int_equal(encoding_of("gzip, gzip"), CONTENT_ENCODING_UNKNOWN);
}

static void test_all_three_formats_are_read(void **state)
{
    (void)state;
    SCOPED(buffer) gzip = {0};
    SCOPED(buffer) zlib = {0};
    SCOPED(buffer) raw = {0};
    pack(slice_of_text("hello hello hello"), GZIP, &gzip);
    pack(slice_of_text("hello hello hello"), ZLIB, &zlib);
    pack(slice_of_text("hello hello hello"), RAW, &raw);

    assert_content(CONTENT_ENCODING_GZIP, buffer_slice(&gzip), "hello hello hello");
    assert_content(CONTENT_ENCODING_DEFLATE, buffer_slice(&zlib), "hello hello hello");
    assert_content(CONTENT_ENCODING_DEFLATE, buffer_slice(&raw), "hello hello hello");
}

static void test_gzip_may_be_several_streams(void **state)
{
    (void)state;
    SCOPED(buffer) gzip = {0};
    pack(slice_of_text("one "), GZIP, &gzip);
    pack((struct slice){0}, GZIP, &gzip);
    pack(slice_of_text("two"), GZIP, &gzip);

    assert_content(CONTENT_ENCODING_GZIP, buffer_slice(&gzip), "one two");
}

static void test_what_is_cut_damaged_or_followed_by_more_is_invalid(void **state)
{
    (void)state;
    SCOPED(buffer) gzip = {0};
    pack(slice_of_text("hello hello hello"), GZIP, &gzip);
    for (size_t size = 0; size < gzip.size; size++) {
        SCOPED(buffer) content = {0};
        assert_int_equal(inflate_as(CONTENT_ENCODING_GZIP, slice_of(gzip.bytes, size), &content),
                         STATUS_INVALID);
    }
    SCOPED(buffer) content = {0};
    buffer_append_text(&gzip, "more");
    assert_int_equal(inflate_as(CONTENT_ENCODING_GZIP, buffer_slice(&gzip), &content),
                     STATUS_INVALID);
    gzip.size -= 4;
    gzip.bytes[gzip.size - 8] ^= 1; /* of the checksum */
    assert_int_equal(inflate_as(CONTENT_ENCODING_GZIP, buffer_slice(&gzip), &content),
                     STATUS_INVALID);
    assert_int_equal(inflate_as(CONTENT_ENCODING_UNKNOWN, slice_of_text("x"), &content),
                     STATUS_INVALID);
}

static void test_a_bomb_is_not_read_to_its_end(void **state)
{
    (void)state;
    enum { BOMB_SIZE = 64 << 20 };
    uint8_t *zeros = memory_alloc_zeroed(BOMB_SIZE);
    SCOPED(buffer) gzip = {0};
    SCOPED(buffer) content = {0};
    pack(slice_of(zeros, BOMB_SIZE), GZIP, &gzip);
    memory_free(zeros);

    assert_int_equal(inflate_as(CONTENT_ENCODING_GZIP, buffer_slice(&gzip), &content),
                     STATUS_TOO_LARGE);

    assert_in_range(content.size, SIZE_MAX_OF_TEST, SIZE_MAX_OF_TEST + (64 << 10));
}

static void test_content_may_be_as_large_as_the_bound(void **state)
{
    (void)state;
    uint8_t *zeros = memory_alloc_zeroed(SIZE_MAX_OF_TEST + 1);
    for (size_t more = 0; more <= 1; more++) {
        SCOPED(buffer) gzip = {0};
        SCOPED(buffer) content = {0};
        pack(slice_of(zeros, SIZE_MAX_OF_TEST + more), GZIP, &gzip);
        assert_int_equal(inflate_as(CONTENT_ENCODING_GZIP, buffer_slice(&gzip), &content),
                         more == 0 ? STATUS_OK : STATUS_TOO_LARGE);
    }
    memory_free(zeros);
}

static void test_gzip_is_accepted_where_it_is_named_and_not_refused(void **state)
{
    (void)state;
    struct auth_request none = {.header_count = 0};
    assert_false(content_encoding_accepts_gzip(&none));
    assert_false(accepts(""));
    assert_false(accepts("identity"));
    assert_false(accepts("deflate, br"));
    assert_false(accepts("gzip;q=0"));
    assert_false(accepts("br, gzip; q=0.000"));
    assert_true(accepts("gzip"));
    assert_true(accepts("br;q=1.0, GZIP;q=0.8, *;q=0.1"));
    assert_true(accepts("deflate,gzip;q=0.001"));
}

static void test_what_is_packed_can_be_unpacked(void **state)
{
    (void)state;
    SCOPED(buffer) body = {0};
    for (int i = 0; i < 1000; i++)
        buffer_append_text(&body, "hello ");
    size_t size = body.size;

    content_encoding_gzip(&body);

    SCOPED(buffer) content = {0};
    assert_true(body.size < size / 10);
    assert_int_equal(inflate_as(CONTENT_ENCODING_GZIP, buffer_slice(&body), &content), STATUS_OK);
    assert_int_equal(content.size, size);
    assert_memory_equal(content.bytes + size - 6, "hello ", 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encodings_are_known_by_their_names),
        cmocka_unit_test(test_all_three_formats_are_read),
        cmocka_unit_test(test_gzip_may_be_several_streams),
        cmocka_unit_test(test_what_is_cut_damaged_or_followed_by_more_is_invalid),
        cmocka_unit_test(test_a_bomb_is_not_read_to_its_end),
        cmocka_unit_test(test_content_may_be_as_large_as_the_bound),
        cmocka_unit_test(test_gzip_is_accepted_where_it_is_named_and_not_refused),
        cmocka_unit_test(test_what_is_packed_can_be_unpacked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
