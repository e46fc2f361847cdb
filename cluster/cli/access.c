#include "cluster/cli/access.h"

#include "cluster/cli/text_file.h"

#include <sodium.h>
#include <stdio.h>

enum status access_load_credentials(struct env *env, const char *path,
                                    struct credentials **out_credentials)
{
    SCOPED(buffer) text;
    buffer_init(&text);
    enum status status = text_file_load(env, path, &text);
    if (status != STATUS_OK) {
        fprintf(stderr, "graticule: %s: %s\n", path, status_text(status));
        return status;
    }
    struct credentials_mistake mistake;
    status = credentials_parse(buffer_slice(&text), &mistake, out_credentials);
    if (status != STATUS_OK)
        fprintf(stderr, "%s:%zu: %s\n", path, mistake.line, mistake.text);
    sodium_memzero(text.bytes, text.size);
    return status;
}

static enum status pem_load(struct env *env, const char *path, struct buffer *text)
{
    enum status status = text_file_load(env, path, text);
    if (status != STATUS_OK)
        fprintf(stderr, "graticule: %s: %s\n", path, status_text(status));
    return status;
}

enum status access_load_tls(struct env *env, const char *certificate_path, const char *key_path,
                            struct access_tls *out_tls)
{
    *out_tls = (struct access_tls){0};
    if (certificate_path == NULL && key_path == NULL)
        return STATUS_OK;
    if (certificate_path == NULL || key_path == NULL) {
        fputs("graticule: TLS needs both a certificate and its key\n", stderr);
        return STATUS_INVALID;
    }
    TRY(pem_load(env, certificate_path, &out_tls->certificate));
    TRY(pem_load(env, key_path, &out_tls->key));
    out_tls->is_on = true;
    return STATUS_OK;
}

void access_tls_deinit(struct access_tls *tls)
{
    if (tls->key.size > 0)
        sodium_memzero(tls->key.bytes, tls->key.size);
    buffer_deinit(&tls->key);
    buffer_deinit(&tls->certificate);
}
