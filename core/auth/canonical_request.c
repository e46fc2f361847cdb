#include "core/auth/canonical_request.h"

#include "core/auth/uri_text.h"

#include <stdlib.h>

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

/* Takes off the last segment that was written since `start`, with its slash. */
static void drop_segment(struct buffer *out, size_t start)
{
    while (out->size > start && out->bytes[--out->size] != '/')
        continue;
}

static void append_segment(struct slice segment, size_t start, struct buffer *out)
{
    if (segment.size == 0 || slice_is_text(segment, "."))
        return;
    if (slice_is_text(segment, "..")) {
        drop_segment(out, start);
        return;
    }
    buffer_append_u8(out, '/');
    uri_text_encode(segment, out);
}

static void append_path(struct slice path, struct buffer *out)
{
    size_t path_start = out->size;
    size_t segment_start = 0;
    for (size_t at = 0; path.size > 0 && at <= path.size; at++) {
        if (at < path.size && path.bytes[at] != '/')
            continue;
        append_segment(slice_of(path.bytes + segment_start, at - segment_start), path_start, out);
        segment_start = at + 1;
    }
    bool has_final_slash = path.size > 0 && path.bytes[path.size - 1] == '/';
    if (has_final_slash || out->size == path_start)
        buffer_append_u8(out, '/');
}

/* Where an encoded parameter stands in a buffer that may still move. */
struct parameter_place {
    size_t name_start;
    size_t name_size;
    size_t value_size; /* the value follows the name */
};

static struct slice encode_anew(struct slice text, struct buffer *scratch, struct buffer *out)
{
    size_t start = out->size;
    buffer_clear(scratch);
    uri_text_decode(text, scratch);
    uri_text_encode(buffer_slice(scratch), out);
    return slice_skip(buffer_slice(out), start);
}

/* Encodes all parameters into `encoded`, in the order of the query. */
static enum status encode_parameters(struct slice query, struct buffer *encoded,
                                     struct parameter_place *places, size_t *out_count)
{
    SCOPED(buffer) scratch;
    buffer_init(&scratch);
    size_t count = 0;
    struct uri_parameter parameter;
    while (uri_text_next_parameter(&query, &parameter)) {
        if (count == AUTH_PARAMETER_COUNT_MAX)
            return STATUS_TOO_LARGE;
        size_t start = encoded->size;
        struct slice name = encode_anew(parameter.name, &scratch, encoded);
        if (slice_is_text(name, "X-Amz-Signature"))
            continue;
        places[count].name_start = start;
        places[count].name_size = name.size;
        places[count].value_size = encode_anew(parameter.value, &scratch, encoded).size;
        count++;
    }
    *out_count = count;
    return STATUS_OK;
}

static int compare_parameters(const void *left_pointer, const void *right_pointer)
{
    const struct uri_parameter *left = left_pointer;
    const struct uri_parameter *right = right_pointer;
    int order = slice_compare(left->name, right->name);
    return order != 0 ? order : slice_compare(left->value, right->value);
}

static enum status append_query(struct slice query, struct buffer *out)
{
    if (query.size == 0)
        return STATUS_OK;

    SCOPED(buffer) encoded;
    buffer_init(&encoded);
    buffer_reserve(&encoded, 3 * query.size);
    struct parameter_place places[AUTH_PARAMETER_COUNT_MAX];
    size_t count = 0;
    TRY(encode_parameters(query, &encoded, places, &count));

    struct uri_parameter parameters[AUTH_PARAMETER_COUNT_MAX];
    for (size_t index = 0; index < count; index++) {
        const uint8_t *name = encoded.bytes + places[index].name_start;
        parameters[index].name = slice_of(name, places[index].name_size);
        parameters[index].value =
            slice_of(name + places[index].name_size, places[index].value_size);
    }
    qsort(parameters, count, sizeof parameters[0], compare_parameters);
    for (size_t index = 0; index < count; index++) {
        if (index > 0)
            buffer_append_u8(out, '&');
        buffer_append(out, parameters[index].name);
        buffer_append_u8(out, '=');
        buffer_append(out, parameters[index].value);
    }
    return STATUS_OK;
}

/* Appends the value without blanks at its ends, and with one for each run of them inside. */
static void append_header_value(struct slice value, struct buffer *out)
{
    bool has_blanks = value.size > 0 && (memchr(value.bytes, ' ', value.size) != NULL ||
                                         memchr(value.bytes, '\t', value.size) != NULL);
    if (!has_blanks) {
        buffer_append(out, value);
        return;
    }
    uint8_t *start = buffer_reserve(out, value.size);
    uint8_t *at = start;
    bool is_after_blank = true;
    for (size_t index = 0; index < value.size; index++) {
        uint8_t byte = value.bytes[index];
        if (!is_blank(byte))
            *at++ = byte;
        else if (!is_after_blank)
            *at++ = ' ';
        is_after_blank = is_blank(byte);
    }
    if (at > start && is_after_blank)
        at--;
    out->size += (size_t)(at - start);
}

static void append_header(const struct auth_request *request, struct slice name, struct buffer *out)
{
    signed_headers_append_name(name, out);
    buffer_append_u8(out, ':');
    bool is_repeated = false;
    for (size_t index = 0; index < request->header_count; index++) {
        if (!auth_name_is_equal(request->headers[index].name, name))
            continue;
        if (is_repeated)
            buffer_append_u8(out, ',');
        append_header_value(request->headers[index].value, out);
        is_repeated = true;
    }
    buffer_append_u8(out, '\n');
}

static void append_body_hash(const struct auth_request *request, struct buffer *out)
{
    uint8_t hash[AUTH_HASH_SIZE];
    auth_request_hash_body(request, hash);
    auth_hash_to_hex(hash, (char *)buffer_reserve(out, AUTH_HASH_HEX_SIZE));
    out->size += AUTH_HASH_HEX_SIZE;
}

enum status canonical_request_append(const struct auth_request *request,
                                     const struct signed_headers *signed_headers,
                                     struct buffer *out)
{
    if (request->header_count > AUTH_HEADER_COUNT_MAX)
        return STATUS_TOO_LARGE;

    buffer_append(out, request->method);
    buffer_append_u8(out, '\n');
    append_path(request->path, out);
    buffer_append_u8(out, '\n');
    TRY(append_query(request->query, out));
    buffer_append_u8(out, '\n');
    for (size_t index = 0; index < signed_headers->count; index++)
        append_header(request, signed_headers->names[index], out);
    buffer_append_u8(out, '\n');
    signed_headers_append(signed_headers, out);
    buffer_append_u8(out, '\n');
    append_body_hash(request, out);
    return STATUS_OK;
}
