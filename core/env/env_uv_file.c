#include "core/base/check.h"
#include "core/env/env_uv_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ZEROS_SIZE = 64 << 10 };

static const uint8_t zeros[ZEROS_SIZE];

struct env_file {
    struct env_handle handle;
    int descriptor;
};

enum status uv_file_status(int error_number)
{
    switch (error_number) {
    case 0:
        return STATUS_OK;
    case ENOENT:
        return STATUS_NOT_FOUND;
    case ENOSPC:
    case EDQUOT:
        return STATUS_DISK_FULL;
    default:
        return STATUS_IO;
    }
}

enum status uv_file_open(struct env *env, const char *path, enum env_open mode,
                         struct env_file **out_file)
{
    int flags = O_RDWR | O_CLOEXEC | (mode == ENV_OPEN_CREATE ? O_CREAT : 0);
    int descriptor = open(path, flags, 0600);
    if (descriptor < 0)
        return uv_file_status(errno);
    struct env_file *file = memory_alloc(sizeof *file);
    file->handle.env = env;
    file->descriptor = descriptor;
    *out_file = file;
    return STATUS_OK;
}

void uv_file_close(struct env_file *file)
{
    /* What matters has been synced; nothing is left to fail. */
    (void)close(file->descriptor);
    memory_free(file);
}

enum status uv_file_write(struct env_file *file, uint64_t offset, struct slice bytes)
{
    while (bytes.size > 0) {
        ssize_t written = pwrite(file->descriptor, bytes.bytes, bytes.size, (off_t)offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? uv_file_status(errno) : STATUS_IO;
        bytes = slice_skip(bytes, (size_t)written);
        offset += (uint64_t)written;
    }
    return STATUS_OK;
}

enum status uv_file_read(struct env_file *file, uint64_t offset, void *out_bytes, size_t size,
                         size_t *out_size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t count = pread(file->descriptor, (uint8_t *)out_bytes + done, size - done,
                              (off_t)(offset + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return uv_file_status(errno);
        if (count == 0)
            break;
        done += (size_t)count;
    }
    *out_size = done;
    return STATUS_OK;
}

enum status uv_file_size(struct env_file *file, uint64_t *out_size)
{
    struct stat facts;
    if (fstat(file->descriptor, &facts) != 0)
        return uv_file_status(errno);
    *out_size = (uint64_t)facts.st_size;
    return STATUS_OK;
}

enum status uv_file_sync(struct env_file *file)
{
    /* Not repeated after a failure: the kernel reports one only once and then forgets the pages. */
    return fdatasync(file->descriptor) == 0 ? STATUS_OK : uv_file_status(errno);
}

static enum status zeros_write(struct env_file *file, uint64_t from, uint64_t to)
{
    while (from < to) {
        size_t size = to - from < ZEROS_SIZE ? (size_t)(to - from) : ZEROS_SIZE;
        TRY(uv_file_write(file, from, slice_of(zeros, size)));
        from += size;
    }
    return fsync(file->descriptor) == 0 ? STATUS_OK : uv_file_status(errno);
}

/* Blocks that were only reserved would turn from unwritten to written at the first sync after. */
enum status uv_file_preallocate(struct env_file *file, uint64_t size)
{
    uint64_t old_size;
    TRY(uv_file_size(file, &old_size));
    if (old_size >= size)
        return STATUS_OK;

    enum status status = zeros_write(file, old_size, size);
    if (status != STATUS_OK && ftruncate(file->descriptor, (off_t)old_size) != 0)
        return STATUS_IO;
    return status;
}

enum status uv_file_rename(struct env *env, const char *from, const char *to)
{
    (void)env;
    return rename(from, to) == 0 ? STATUS_OK : uv_file_status(errno);
}

enum status uv_file_remove(struct env *env, const char *path)
{
    (void)env;
    return unlink(path) == 0 ? STATUS_OK : uv_file_status(errno);
}
