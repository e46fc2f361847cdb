#include "core/auth/authorization.h"

#include "core/auth/uri_text.h"

static bool is_separator(uint8_t byte)
{
    return byte == ',' || byte == ' ' || byte == '\t';
}

/* Takes the next piece off the text; false at its end. */
static bool next_piece(struct slice *text, struct slice *out_piece)
{
    while (text->size > 0 && is_separator(text->bytes[0]))
        *text = slice_skip(*text, 1);
    if (text->size == 0)
        return false;
    static const char separators[] = {',', ' ', '\t'};
    *out_piece = *text;
    for (size_t i = 0; i < sizeof separators; i++) {
        const uint8_t *end = memchr(out_piece->bytes, separators[i], out_piece->size);
        if (end != NULL)
            out_piece->size = (size_t)(end - out_piece->bytes);
    }
    *text = slice_skip(*text, out_piece->size);
    return true;
}

/* The first of several counts. */
static void set_field(struct authorization_field *field, struct slice text)
{
    if (!field->is_there)
        *field = (struct authorization_field){.is_there = true, .text = text};
}

static void set_named_field(struct authorization *authorization, struct slice name,
                            struct slice value)
{
    if (slice_is_text(name, "Credential"))
        set_field(&authorization->credential, value);
    else if (slice_is_text(name, "Signature"))
        set_field(&authorization->signature, value);
    else if (slice_is_text(name, "SignedHeaders"))
        set_field(&authorization->signed_headers, value);
}

enum status authorization_parse_header(struct slice header, struct authorization *out_authorization,
                                       struct slice *out_wrong_piece)
{
    struct authorization authorization = {0};
    struct slice piece;
    if (next_piece(&header, &piece))
        set_field(&authorization.algorithm, piece);
    while (next_piece(&header, &piece)) {
        const uint8_t *equal_sign = memchr(piece.bytes, '=', piece.size);
        if (equal_sign == NULL) {
            *out_wrong_piece = piece;
            return STATUS_INVALID;
        }
        size_t name_size = (size_t)(equal_sign - piece.bytes);
        set_named_field(&authorization, slice_of(piece.bytes, name_size),
                        slice_skip(piece, name_size + 1));
    }
    *out_authorization = authorization;
    return STATUS_OK;
}

static struct authorization_field *field_of_parameter(struct authorization *authorization,
                                                      struct slice name)
{
    if (slice_is_text(name, "X-Amz-Algorithm"))
        return &authorization->algorithm;
    if (slice_is_text(name, "X-Amz-Credential"))
        return &authorization->credential;
    if (slice_is_text(name, "X-Amz-Signature"))
        return &authorization->signature;
    if (slice_is_text(name, "X-Amz-SignedHeaders"))
        return &authorization->signed_headers;
    if (slice_is_text(name, "X-Amz-Date"))
        return &authorization->time;
    if (slice_is_text(name, "X-Amz-Security-Token"))
        return &authorization->security_token;
    return NULL;
}

void authorization_parse_query(struct slice query, struct arena *arena,
                               struct authorization *out_authorization)
{
    *out_authorization = (struct authorization){0};
    SCOPED(buffer) decoded;
    buffer_init(&decoded);
    struct uri_parameter parameter;
    while (uri_text_next_parameter(&query, &parameter)) {
        buffer_clear(&decoded);
        uri_text_decode(parameter.name, &decoded);
        struct authorization_field *field =
            field_of_parameter(out_authorization, buffer_slice(&decoded));
        bool is_algorithm = field == &out_authorization->algorithm;
        if (field == NULL || (parameter.value.size == 0 && !is_algorithm))
            continue;
        buffer_clear(&decoded);
        uri_text_decode(parameter.value, &decoded);
        set_field(field, arena_copy(arena, buffer_slice(&decoded)));
    }
}

enum status authorization_split_credential(struct slice credential,
                                           struct credential_parts *out_parts)
{
    struct slice parts[CREDENTIAL_PART_COUNT];
    for (size_t count = 0; count < CREDENTIAL_PART_COUNT; count++) {
        const uint8_t *slash =
            credential.size > 0 ? memchr(credential.bytes, '/', credential.size) : NULL;
        bool is_last = count + 1 == CREDENTIAL_PART_COUNT;
        if (is_last != (slash == NULL))
            return STATUS_INVALID;
        size_t size = is_last ? credential.size : (size_t)(slash - credential.bytes);
        parts[count] = slice_of(credential.bytes, size);
        credential = slice_skip(credential, is_last ? size : size + 1);
    }
    *out_parts = (struct credential_parts){.access_key_id = parts[0],
                                           .date = parts[1],
                                           .region = parts[2],
                                           .service = parts[3],
                                           .terminator = parts[4]};
    return STATUS_OK;
}
