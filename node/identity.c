#include "node/identity.h"

#include "core/base/buffer.h"
#include "core/base/byte_order.h"
#include "core/base/checksum.h"
#include "core/env/env.h"

#include <stdio.h>

/*
 *     identity := version u8 . instance u64 . node id u64 . tablet count u32 . crc32c u32 of all
 * before
 */
enum { IDENTITY_VERSION = 1, IDENTITY_SIZE = 25, PATH_SIZE = 4096 };

static enum status path_make(const char *directory, const char *name, char path[PATH_SIZE])
{
    int size = snprintf(path, PATH_SIZE, "%s/%s", directory, name);
    return size > 0 && size < PATH_SIZE ? STATUS_OK : STATUS_TOO_LARGE;
}

static enum status identity_decode(struct slice bytes, struct identity *out_identity)
{
    struct byte_reader reader = byte_reader_of(bytes);
    if (byte_reader_u8(&reader) != IDENTITY_VERSION)
        return reader.has_failed ? STATUS_CORRUPT : STATUS_UNSUPPORTED;
    struct identity identity = {.instance = byte_reader_u64(&reader)};
    identity.node_id = byte_reader_u64(&reader);
    identity.tablet_count = byte_reader_u32(&reader);
    uint32_t checksum = byte_reader_u32(&reader);
    if (!byte_reader_is_done(&reader) ||
        checksum != checksum_extend(0, slice_of(bytes.bytes, bytes.size - sizeof checksum)))
        return STATUS_CORRUPT;
    *out_identity = identity;
    return STATUS_OK;
}

enum status identity_load(struct env *env, const char *directory, struct identity *out_identity)
{
    char path[PATH_SIZE];
    TRY(path_make(directory, "identity", path));
    struct env_file *file;
    enum status status = env_file_open(env, path, ENV_OPEN_EXISTING, &file);
    if (status == STATUS_NOT_FOUND) {
        struct identity identity = {.instance = env_random_u64(env) | 1};
        TRY(identity_save(env, directory, &identity));
        *out_identity = identity;
        return STATUS_OK;
    }
    TRY(status);
    uint8_t bytes[IDENTITY_SIZE + 1];
    size_t size = 0;
    status = env_file_read(file, 0, bytes, sizeof bytes, &size);
    env_file_close(file);
    TRY(status);
    return identity_decode(slice_of(bytes, size), out_identity);
}

static enum status file_write(struct env *env, const char *path, struct slice bytes)
{
    struct env_file *file;
    TRY(env_file_open(env, path, ENV_OPEN_CREATE, &file));
    enum status status = env_file_write(file, 0, bytes);
    if (status == STATUS_OK)
        status = env_file_sync(file);
    env_file_close(file);
    return status;
}

enum status identity_save(struct env *env, const char *directory, const struct identity *identity)
{
    char path[PATH_SIZE], new_path[PATH_SIZE];
    TRY(path_make(directory, "identity", path));
    TRY(path_make(directory, "identity.new", new_path));
    SCOPED(buffer) bytes;
    buffer_init(&bytes);
    buffer_append_u8(&bytes, IDENTITY_VERSION);
    buffer_append_u64(&bytes, identity->instance);
    buffer_append_u64(&bytes, identity->node_id);
    buffer_append_u32(&bytes, identity->tablet_count);
    buffer_append_u32(&bytes, checksum_extend(0, buffer_slice(&bytes)));
    TRY(file_write(env, new_path, buffer_slice(&bytes)));
    TRY(env_file_rename(env, new_path, path));
    return env_directory_sync(env, directory);
}
