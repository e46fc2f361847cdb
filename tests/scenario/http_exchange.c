#define _GNU_SOURCE /* memmem */

#include "tests/scenario/http_exchange.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int connect_to(const char *host, uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    const struct timeval timeout = {.tv_sec = HTTP_EXCHANGE_TIMEOUT_S};
    int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
    if (socket_fd < 0)
        return -1;
    setsockopt(socket_fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(socket_fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1 ||
        connect(socket_fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(socket_fd);
        return -1;
    }
    return socket_fd;
}

/* A server may refuse, and close, before all was sent: what it answered says more. */
static void send_all(int socket_fd, struct slice bytes)
{
    while (bytes.size > 0) {
        ssize_t size = send(socket_fd, bytes.bytes, bytes.size, MSG_NOSIGNAL);
        if (size <= 0)
            return;
        bytes = slice_skip(bytes, (size_t)size);
    }
}

static enum status receive_all(int socket_fd, struct buffer *out)
{
    enum { CHUNK_SIZE = 1 << 16 };
    while (out->size < HTTP_EXCHANGE_SIZE_MAX) {
        ssize_t size = recv(socket_fd, buffer_reserve(out, CHUNK_SIZE), CHUNK_SIZE, 0);
        if (size <= 0)
            return out->size > 0 ? STATUS_OK : STATUS_IO;
        out->size += (size_t)size;
    }
    return STATUS_TOO_LARGE;
}

enum status http_exchange(const char *host, uint16_t port, struct slice request, struct buffer *out)
{
    int socket_fd = connect_to(host, port);
    if (socket_fd < 0)
        return STATUS_IO;
    send_all(socket_fd, request);
    enum status status = receive_all(socket_fd, out);
    close(socket_fd);
    return status;
}

bool http_answer_header(const struct http_answer *answer, const char *name, struct slice *out)
{
    size_t name_size = strlen(name);
    struct slice left = answer->head;
    while (left.size > 0) {
        const uint8_t *end = memmem(left.bytes, left.size, "\r\n", 2);
        size_t size = end != NULL ? (size_t)(end - left.bytes) : left.size;
        if (size > name_size + 1 && left.bytes[name_size] == ':' &&
            strncasecmp((const char *)left.bytes, name, name_size) == 0) {
            size_t start = name_size + 1;
            while (start < size && left.bytes[start] == ' ')
                start++;
            *out = slice_of(left.bytes + start, size - start);
            return true;
        }
        left = slice_skip(left, end != NULL ? size + 2 : size);
    }
    return false;
}

enum status http_answer_parse(struct slice text, struct http_answer *out)
{
    static const char version[] = "HTTP/1.1 ", gap[] = "\r\n\r\n";
    const uint8_t *end = memmem(text.bytes, text.size, gap, strlen(gap));
    if (end == NULL || !slice_has_prefix(text, slice_of_text(version)))
        return STATUS_INVALID;
    *out = (struct http_answer){.head = slice_of(text.bytes, (size_t)(end - text.bytes))};
    out->status_code = (unsigned)strtoul((const char *)text.bytes + strlen(version), NULL, 10);
    out->body = slice_skip(text, out->head.size + strlen(gap));
    struct slice length;
    if (!http_answer_header(out, "Content-Length", &length))
        return STATUS_INVALID;
    /* The digits end at the line's end. */
    return strtoul((const char *)length.bytes, NULL, 10) == out->body.size ? STATUS_OK
                                                                           : STATUS_INVALID;
}
