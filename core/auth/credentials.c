#include "core/auth/credentials.h"

#include "core/base/hash_map.h"

#include <sodium.h>

enum { ACCESS_KEY_ID_SIZE_MAX = 128 };

struct credentials {
    bool accepts_any;
    uint8_t *text; /* a copy of the file: what the keys borrow */
    size_t text_size;
    struct hash_map *by_id;    /* struct credential */
    struct hash_map *profiles; /* the names seen; the values mean nothing */
};

static struct credentials *create(struct slice text)
{
    struct credentials *credentials = memory_alloc_zeroed(sizeof *credentials);
    credentials->text = memory_copy(text.bytes, text.size);
    credentials->text_size = text.size;
    credentials->by_id = hash_map_create(randombytes_random());
    credentials->profiles = hash_map_create(0);
    return credentials;
}

struct credentials *credentials_create_any(void)
{
    struct credentials *credentials = create(slice_of_text(""));
    credentials->accepts_any = true;
    return credentials;
}

/* --- Lines ----------------------------------------------------------------------------------- */

/* The profile being read. */
struct profile {
    bool is_open;
    size_t line;
    struct credential credential;
};

struct reading {
    struct credentials *credentials;
    struct slice rest;
    size_t line;
    bool is_nested; /* the last setting had no value: indented ones may follow, which are its own */
    struct profile profile;
    struct credentials_mistake *mistake;
};

static enum status refuse(struct reading *reading, size_t line, const char *text)
{
    *reading->mistake = (struct credentials_mistake){.line = line, .text = text};
    return STATUS_INVALID;
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static struct slice trim(struct slice text)
{
    while (text.size > 0 && is_blank(text.bytes[0]))
        text = slice_skip(text, 1);
    while (text.size > 0 && is_blank(text.bytes[text.size - 1]))
        text.size--;
    return text;
}

static struct slice take_line(struct slice *rest)
{
    const uint8_t *end = memchr(rest->bytes, '\n', rest->size);
    size_t size = end == NULL ? rest->size : (size_t)(end - rest->bytes);
    struct slice line = slice_of(rest->bytes, size);
    *rest = slice_skip(*rest, end == NULL ? size : size + 1);
    return line;
}

/* An id travels in a header between commas, slashes and equal-signs, so it can hold none of them.
 */
static bool is_access_key_id(struct slice text)
{
    if (text.size > ACCESS_KEY_ID_SIZE_MAX)
        return false;
    for (size_t at = 0; at < text.size; at++) {
        uint8_t byte = text.bytes[at];
        if (byte <= ' ' || byte >= 0x7f || byte == '/' || byte == ',' || byte == '=')
            return false;
    }
    return true;
}

static enum status close_profile(struct reading *reading)
{
    struct profile profile = reading->profile;
    reading->profile = (struct profile){0};
    bool has_id = profile.credential.access_key_id.size > 0;
    bool has_secret = profile.credential.secret.size > 0;
    bool has_token = profile.credential.session_token.size > 0;
    if (has_id && !has_secret)
        return refuse(reading, profile.line, "the profile has no aws_secret_access_key");
    if (!has_id && (has_secret || has_token))
        return refuse(reading, profile.line, "the profile has no aws_access_key_id");
    if (!has_id)
        return STATUS_OK;

    struct hash_map *by_id = reading->credentials->by_id;
    if (hash_map_get(by_id, profile.credential.access_key_id) != NULL)
        return refuse(reading, profile.line, "an earlier profile has the same aws_access_key_id");
    hash_map_put(by_id, profile.credential.access_key_id,
                 memory_copy(&profile.credential, sizeof profile.credential));
    return STATUS_OK;
}

static enum status read_section(struct reading *reading, struct slice line)
{
    TRY(close_profile(reading));
    if (line.bytes[line.size - 1] != ']')
        return refuse(reading, reading->line, "a profile's name ends with a bracket: [name]");
    struct slice name = trim(slice_of(line.bytes + 1, line.size - 2));
    if (name.size == 0)
        return refuse(reading, reading->line, "the profile's name is empty");
    if (hash_map_put(reading->credentials->profiles, name, reading->credentials) != NULL)
        return refuse(reading, reading->line, "an earlier profile has the same name");
    reading->profile = (struct profile){.is_open = true, .line = reading->line};
    return STATUS_OK;
}

static struct slice *find_setting(struct credential *credential, struct slice name)
{
    if (slice_is_text(name, "aws_access_key_id"))
        return &credential->access_key_id;
    if (slice_is_text(name, "aws_secret_access_key"))
        return &credential->secret;
    if (slice_is_text(name, "aws_session_token"))
        return &credential->session_token;
    return NULL;
}

static enum status read_key_part(struct reading *reading, struct slice *setting, struct slice value)
{
    if (setting->size > 0)
        return refuse(reading, reading->line, "the profile has this setting already");
    if (value.size == 0)
        return refuse(reading, reading->line, "the value is empty");
    if (setting == &reading->profile.credential.access_key_id && !is_access_key_id(value))
        return refuse(reading, reading->line,
                      "an aws_access_key_id is short, and without blanks, commas, slashes and "
                      "equal-signs");
    if (setting == &reading->profile.credential.secret && value.size > CREDENTIALS_SECRET_SIZE_MAX)
        return refuse(reading, reading->line, "the aws_secret_access_key is too long");
    *setting = value;
    return STATUS_OK;
}

static enum status read_setting(struct reading *reading, struct slice line)
{
    if (!reading->profile.is_open)
        return refuse(reading, reading->line, "a [profile] comes before its settings");
    const uint8_t *equal_sign = memchr(line.bytes, '=', line.size);
    if (equal_sign == NULL)
        return refuse(reading, reading->line, "a setting is written: name = value");
    size_t name_size = (size_t)(equal_sign - line.bytes);
    struct slice name = trim(slice_of(line.bytes, name_size));
    struct slice value = trim(slice_skip(line, name_size + 1));

    struct credential *credential = &reading->profile.credential;
    struct slice *setting = find_setting(credential, name);
    reading->is_nested = setting == NULL && value.size == 0;
    if (setting == NULL)
        return STATUS_OK;
    return read_key_part(reading, setting, value);
}

static enum status read_line(struct reading *reading)
{
    struct slice raw = take_line(&reading->rest);
    struct slice line = trim(raw);
    reading->line++;
    if (line.size == 0 || line.bytes[0] == '#' || line.bytes[0] == ';')
        return STATUS_OK;
    if (line.bytes[0] == '[')
        return read_section(reading, line);
    if (reading->is_nested && is_blank(raw.bytes[0]))
        return STATUS_OK;
    return read_setting(reading, line);
}

enum status credentials_parse(struct slice text, struct credentials_mistake *out_mistake,
                              struct credentials **out_credentials)
{
    OWNED(credentials)
    credentials = create(text.size > CREDENTIALS_TEXT_SIZE_MAX ? slice_of_text("") : text);
    struct reading reading = {
        .credentials = credentials,
        .rest = slice_of(credentials->text, credentials->text_size),
        .mistake = out_mistake,
    };
    if (text.size > CREDENTIALS_TEXT_SIZE_MAX)
        return refuse(&reading, 0, "the text is too long");
    while (reading.rest.size > 0)
        TRY(read_line(&reading));
    TRY(close_profile(&reading));
    if (hash_map_count(credentials->by_id) == 0)
        return refuse(&reading, 0, "no profile has an aws_access_key_id");
    *out_credentials = GIVE(credentials);
    return STATUS_OK;
}

void credentials_destroy(struct credentials *credentials)
{
    if (credentials == NULL)
        return;
    size_t position = 0;
    void *credential;
    while ((credential = hash_map_next(credentials->by_id, &position, NULL)) != NULL)
        memory_free(credential);
    hash_map_destroy(credentials->by_id);
    hash_map_destroy(credentials->profiles);
    if (credentials->text_size > 0)
        sodium_memzero(credentials->text, credentials->text_size);
    memory_free(credentials->text);
    memory_free(credentials);
}

bool credentials_accept_any(const struct credentials *credentials)
{
    return credentials->accepts_any;
}

const struct credential *credentials_find(const struct credentials *credentials,
                                          struct slice access_key_id)
{
    return hash_map_get(credentials->by_id, access_key_id);
}
