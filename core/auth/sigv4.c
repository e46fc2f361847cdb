#include "core/auth/sigv4.h"

#include "core/auth/canonical_request.h"
#include "core/auth/request_time.h"
#include "core/auth/sha256.h"
#include "core/auth/signed_headers.h"

#include <sodium.h>

static void append_scope(const struct signing_key_origin *origin, struct buffer *out)
{
    buffer_append(out, origin->date);
    buffer_append_u8(out, '/');
    buffer_append(out, origin->region);
    buffer_append_u8(out, '/');
    buffer_append(out, origin->service);
    buffer_append_text(out, "/" SIGV4_TERMINATOR);
}

void sigv4_append_string_to_sign(const struct signing_key_origin *origin, struct slice time,
                                 struct slice canonical_request, struct buffer *out)
{
    /* First, as the request may move with the buffer. */
    uint8_t hash[AUTH_HASH_SIZE];
    sha256_hash(canonical_request, hash);

    buffer_append_text(out, SIGV4_ALGORITHM "\n");
    buffer_append(out, time);
    buffer_append_u8(out, '\n');
    append_scope(origin, out);
    buffer_append_u8(out, '\n');
    auth_hash_to_hex(hash, (char *)buffer_reserve(out, AUTH_HASH_HEX_SIZE));
    out->size += AUTH_HASH_HEX_SIZE;
}

void sigv4_make_signature(struct signing_keys *keys, const struct signing_key_origin *origin,
                          struct slice string_to_sign, char out_signature[SIGV4_SIGNATURE_SIZE])
{
    uint8_t mac[SHA256_SIZE];
    hmac_sha256(signing_keys_find(keys, origin), string_to_sign, mac);
    auth_hash_to_hex(mac, out_signature);
}

bool sigv4_is_signature(struct signing_keys *keys, const struct signing_key_origin *origin,
                        struct slice string_to_sign, struct slice signature)
{
    char expected[SIGV4_SIGNATURE_SIZE];
    sigv4_make_signature(keys, origin, string_to_sign, expected);
    bool is_equal = signature.size == SIGV4_SIGNATURE_SIZE &&
                    sodium_memcmp(expected, signature.bytes, SIGV4_SIGNATURE_SIZE) == 0;
    /* What was expected is as good as a signature, and must not stay on the stack. */
    sodium_memzero(expected, sizeof expected);
    return is_equal;
}

static void append_authorization(const struct signing_key_origin *origin,
                                 const struct signed_headers *signed_headers,
                                 const char signature[SIGV4_SIGNATURE_SIZE], struct buffer *out)
{
    buffer_append_text(out, SIGV4_ALGORITHM " Credential=");
    buffer_append(out, origin->access_key_id);
    buffer_append_u8(out, '/');
    append_scope(origin, out);
    buffer_append_text(out, ", SignedHeaders=");
    signed_headers_append(signed_headers, out);
    buffer_append_text(out, ", Signature=");
    buffer_append(out, slice_of(signature, SIGV4_SIGNATURE_SIZE));
}

enum status sigv4_sign(struct signing_keys *keys, const struct sigv4_signer *signer,
                       const struct auth_request *request, struct buffer *out)
{
    struct slice time;
    int64_t seconds;
    if (!auth_request_find_header(request, "x-amz-date", &time))
        return STATUS_INVALID;
    TRY(request_time_parse(time, &seconds));
    const struct signing_key_origin origin = {
        .access_key_id = signer->access_key_id,
        .secret = signer->secret,
        .date = slice_of(time.bytes, REQUEST_DATE_SIZE),
        .region = signer->region,
        .service = signer->service,
    };

    SCOPED(buffer) text;
    buffer_init(&text);
    struct signed_headers signed_headers;
    TRY(signed_headers_of_request(request, &signed_headers));
    TRY(canonical_request_append(request, &signed_headers, &text));
    size_t canonical_size = text.size;
    sigv4_append_string_to_sign(&origin, time, buffer_slice(&text), &text);

    char signature[SIGV4_SIGNATURE_SIZE];
    sigv4_make_signature(keys, &origin, slice_skip(buffer_slice(&text), canonical_size), signature);
    append_authorization(&origin, &signed_headers, signature, out);
    return STATUS_OK;
}
