#include "core/auth/signed_headers.h"

/* Adds a name at its place in the order, once. Names mostly come sorted: the search is from behind.
 */
static enum status insert(struct signed_headers *headers, struct slice name)
{
    size_t place = headers->count;
    while (place > 0) {
        int order = auth_name_compare(headers->names[place - 1], name);
        if (order == 0)
            return STATUS_OK;
        if (order < 0)
            break;
        place--;
    }
    if (headers->count == AUTH_HEADER_COUNT_MAX)
        return STATUS_TOO_LARGE;
    memmove(&headers->names[place + 1], &headers->names[place],
            (headers->count - place) * sizeof headers->names[0]);
    headers->names[place] = name;
    headers->count++;
    return STATUS_OK;
}

enum status signed_headers_parse(struct slice text, struct signed_headers *out_headers)
{
    out_headers->count = 0;
    size_t start = 0;
    for (size_t at = 0; at <= text.size; at++) {
        if (at < text.size && text.bytes[at] != ';')
            continue;
        if (at > start)
            TRY(insert(out_headers, slice_of(text.bytes + start, at - start)));
        start = at + 1;
    }
    return STATUS_OK;
}

enum status signed_headers_of_request(const struct auth_request *request,
                                      struct signed_headers *out_headers)
{
    out_headers->count = 0;
    for (size_t index = 0; index < request->header_count; index++) {
        struct slice name = request->headers[index].name;
        if (!auth_name_is_equal(name, slice_of_text("authorization")))
            TRY(insert(out_headers, name));
    }
    return STATUS_OK;
}

bool signed_headers_contain(const struct signed_headers *headers, struct slice name)
{
    for (size_t index = 0; index < headers->count; index++) {
        if (auth_name_is_equal(headers->names[index], name))
            return true;
    }
    return false;
}

void signed_headers_append(const struct signed_headers *headers, struct buffer *out)
{
    for (size_t index = 0; index < headers->count; index++) {
        if (index > 0)
            buffer_append_u8(out, ';');
        signed_headers_append_name(headers->names[index], out);
    }
}

void signed_headers_append_name(struct slice name, struct buffer *out)
{
    uint8_t *at = buffer_reserve(out, name.size);
    for (size_t index = 0; index < name.size; index++) {
        uint8_t byte = name.bytes[index];
        at[index] = byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
    }
    out->size += name.size;
}
