#include "core/env/text_file_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MISTAKES_SIZE_MAX = 16 << 10, MISTAKE_SIZE_MAX = 512 };

static enum status descriptor_read(int descriptor, struct buffer *out_text)
{
    for (;;) {
        size_t room = TEXT_FILE_SIZE_MAX + 1 - out_text->size;
        ssize_t count = read(descriptor, buffer_reserve(out_text, room), room);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return STATUS_IO;
        out_text->size += (size_t)count;
        if (out_text->size > TEXT_FILE_SIZE_MAX)
            return STATUS_TOO_LARGE;
        if (count == 0)
            return STATUS_OK;
    }
}

enum status text_file_read(const char *path, struct buffer *out_text, bool *out_is_private)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;

    struct stat facts;
    enum status status = STATUS_IO;
    if (fstat(descriptor, &facts) == 0) {
        *out_is_private = (facts.st_mode & (S_IRWXG | S_IRWXO)) == 0;
        status = descriptor_read(descriptor, out_text);
    }
    (void)close(descriptor);
    return status;
}

void text_file_mistake(struct buffer *mistakes, const char *file, size_t line, const char *format,
                       ...)
{
    char text[MISTAKE_SIZE_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);

    if (mistakes->size > MISTAKES_SIZE_MAX)
        return;
    if (line == 0)
        buffer_append_format(mistakes, "%s: %s\n", file, text);
    else
        buffer_append_format(mistakes, "%s:%zu: %s\n", file, line, text);
}

bool text_file_next_line(struct slice *text, struct slice *out_line)
{
    if (text->size == 0)
        return false;
    const uint8_t *end = memchr(text->bytes, '\n', text->size);
    size_t size = end != NULL ? (size_t)(end - text->bytes) : text->size;
    *out_line = slice_of(text->bytes, size);
    *text = slice_skip(*text, end != NULL ? size + 1 : size);
    return true;
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

bool text_file_next_word(struct slice *line, struct slice *out_word)
{
    size_t start = 0;
    while (start < line->size && is_blank(line->bytes[start]))
        start++;
    size_t end = start;
    while (end < line->size && !is_blank(line->bytes[end]))
        end++;
    *out_word = slice_of(line->bytes + start, end - start);
    *line = slice_skip(*line, end);
    return end > start;
}
