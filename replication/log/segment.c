#include "replication/log/segment.h"

#include "core/base/byte_order.h"
#include "core/base/checksum.h"
#include "core/base/memory.h"
#include "core/env/env.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    FORMAT_VERSION = 1,
    CHECKED_SIZE = 40,
    GENERATION_DIGITS = 16,
    NAME_SIZE = GENERATION_DIGITS + sizeof ".spare",
};

static const char magic[8] = {'G', 'R', 'A', 'T', 'W', 'A', 'L', '\n'};

static const char *const suffixes[] = {
    [SEGMENT_NEW] = ".new",
    [SEGMENT_LOG] = ".log",
    [SEGMENT_SPARE] = ".spare",
};

void segment_header_encode(struct buffer *buffer, const struct segment_header *header)
{
    size_t start = buffer->size;
    buffer_append(buffer, slice_of(magic, sizeof magic));
    buffer_append_u64(buffer, FORMAT_VERSION);
    buffer_append_u64(buffer, header->generation);
    buffer_append_u64(buffer, header->salt);
    buffer_append_u64(buffer, header->size);
    buffer_append_u32(buffer, checksum_extend(0, slice_of(buffer->bytes + start, CHECKED_SIZE)));

    size_t rest = SEGMENT_HEADER_SIZE - (buffer->size - start);
    memset(buffer_reserve(buffer, rest), 0, rest);
    buffer->size += rest;
}

static bool size_is_sound(uint64_t size)
{
    return size > SEGMENT_HEADER_SIZE && size <= SEGMENT_SIZE_MAX && size % SEGMENT_PAGE_SIZE == 0;
}

enum status segment_header_decode(struct slice bytes, struct segment_header *out_header)
{
    struct byte_reader reader = byte_reader_of(bytes);
    struct slice checked = slice_of(bytes.bytes, bytes.size < CHECKED_SIZE ? 0 : CHECKED_SIZE);
    struct slice found_magic = byte_reader_bytes(&reader, sizeof magic);
    uint64_t version = byte_reader_u64(&reader);
    struct segment_header header = {0};
    header.generation = byte_reader_u64(&reader);
    header.salt = byte_reader_u64(&reader);
    header.size = byte_reader_u64(&reader);
    uint32_t checksum = byte_reader_u32(&reader);

    if (reader.has_failed || !slice_is_equal(found_magic, slice_of(magic, sizeof magic)) ||
        checksum_extend(0, checked) != checksum)
        return STATUS_CORRUPT;
    if (version != FORMAT_VERSION)
        return STATUS_UNSUPPORTED;
    if (header.generation == 0 || !size_is_sound(header.size))
        return STATUS_CORRUPT;
    *out_header = header;
    return STATUS_OK;
}

char *segment_path(const char *directory, uint64_t generation, enum segment_state state)
{
    size_t size = strlen(directory) + 1 + NAME_SIZE;
    char *path = memory_alloc(size);
    snprintf(path, size, "%s/%016" PRIx64 "%s", directory, generation, suffixes[state]);
    return path;
}

bool segment_name_parse(const char *name, uint64_t *out_generation, enum segment_state *out_state)
{
    uint64_t generation = 0;
    for (int i = 0; i < GENERATION_DIGITS; i++) {
        const char *digits = "0123456789abcdef";
        const char *digit = name[i] != '\0' ? strchr(digits, name[i]) : NULL;
        if (digit == NULL)
            return false;
        generation = generation << 4 | (uint64_t)(digit - digits);
    }
    for (int state = SEGMENT_NEW; state <= SEGMENT_SPARE; state++) {
        if (generation == 0 || strcmp(name + GENERATION_DIGITS, suffixes[state]) != 0)
            continue;
        *out_generation = generation;
        *out_state = (enum segment_state)state;
        return true;
    }
    return false;
}

static enum status rename_durably(struct env *env, const char *directory, const char *from,
                                  const char *to)
{
    TRY(env_file_rename(env, from, to));
    return env_directory_sync(env, directory);
}

static enum status header_write(struct env_file *file, const struct segment_header *header)
{
    SCOPED(buffer) buffer = {0};
    segment_header_encode(&buffer, header);
    TRY(env_file_write(file, 0, buffer_slice(&buffer)));
    return env_file_sync(file);
}

static enum status file_prepare(struct env_file *file, const struct segment_header *header)
{
    TRY(env_file_preallocate(file, header->size));
    return header_write(file, header);
}

/* Gives its room back. Should that fail too, the next log_open does it. */
static void remove_unfinished(struct env *env, const char *path)
{
    enum status ignored = env_file_remove(env, path);
    (void)ignored;
}

enum status segment_prepare(struct env *env, const char *directory,
                            const struct segment_header *header, uint64_t spare_generation,
                            struct env_file **out_file)
{
    bool is_new = spare_generation == 0;
    char *from = is_new ? segment_path(directory, header->generation, SEGMENT_NEW)
                        : segment_path(directory, spare_generation, SEGMENT_SPARE);
    char *to = segment_path(directory, header->generation, SEGMENT_LOG);
    struct env_file *file = NULL;
    enum status status =
        env_file_open(env, from, is_new ? ENV_OPEN_CREATE : ENV_OPEN_EXISTING, &file);
    if (status == STATUS_OK)
        status = file_prepare(file, header);
    if (status == STATUS_OK)
        status = rename_durably(env, directory, from, to);
    if (status == STATUS_OK)
        *out_file = GIVE(file);
    else if (is_new)
        remove_unfinished(env, from);
    env_file_close(file);
    memory_free(from);
    memory_free(to);
    return status;
}

enum status segment_retire(struct env *env, const char *directory, uint64_t generation)
{
    char *from = segment_path(directory, generation, SEGMENT_LOG);
    char *to = segment_path(directory, generation, SEGMENT_SPARE);
    enum status status = rename_durably(env, directory, from, to);
    memory_free(from);
    memory_free(to);
    return status;
}

enum status segment_remove(struct env *env, const char *directory, uint64_t generation,
                           enum segment_state state)
{
    char *path = segment_path(directory, generation, state);
    enum status status = env_file_remove(env, path);
    memory_free(path);
    return status;
}

static enum status header_read(struct env_file *file, uint64_t generation,
                               struct segment_header *out_header)
{
    uint8_t bytes[SEGMENT_SECTOR_SIZE];
    size_t size;
    TRY(env_file_read(file, 0, bytes, sizeof bytes, &size));
    struct segment_header header;
    TRY(segment_header_decode(slice_of(bytes, size), &header));
    if (header.generation != generation)
        return STATUS_CORRUPT;
    *out_header = header;
    return STATUS_OK;
}

enum status segment_open(struct env *env, const char *directory, uint64_t generation,
                         struct segment_header *out_header, struct env_file **out_file)
{
    char *path = segment_path(directory, generation, SEGMENT_LOG);
    struct env_file *file = NULL;
    enum status status = env_file_open(env, path, ENV_OPEN_EXISTING, &file);
    if (status == STATUS_OK)
        status = header_read(file, generation, out_header);
    if (status == STATUS_OK)
        *out_file = GIVE(file);
    env_file_close(file);
    memory_free(path);
    return status;
}

enum status segment_read(struct env_file *file, const struct segment_header *header,
                         struct buffer *buffer)
{
    size_t size;
    uint8_t *bytes = buffer_reserve(buffer, (size_t)header->size);
    TRY(env_file_read(file, 0, bytes, (size_t)header->size, &size));
    buffer->size += size;
    return STATUS_OK;
}
