#include "router/front/api_call.h"

#include "core/base/check.h"
#include "core/base/limits.h"
#include "router/front/answer_share.h"
#include "router/front/cross_origin.h"

#include <libdeflate.h>
#include <stdarg.h>
#include <stdio.h>

enum {
    UNPACKED_BYTES_MAX = 256 << 20, /* of all calls */
    GZIP_SIZE_MIN = 1 << 10,        /* smaller answers gain nothing */
    READ_COUNT_MAX = 128,           /* of calls that read many rows; 52 MB */
    OWN_FIELDS_MAX = 5,             /* besides those for other origins */
};

void api_calls_init(struct api_calls *calls, const struct backend *backend)
{
    *calls = (struct api_calls){
        .backend = backend,
        .random = random_of_seed(env_random_u64(backend->env)),
        .read_count_max = READ_COUNT_MAX,
    };
    list_init(&calls->list);
    list_init(&calls->read_line);
    answer_room_init(&calls->answer_room, 0);
    side_works_init(&calls->side_works, backend->env);
}

static void unlink_call(struct api_call *call)
{
    env_timer_stop(call->backend->env, &call->timer);
    list_remove(&call->link);
    list_remove(&call->read_link);
    answer_share_give(call);
    call->calls->count--;
    call->calls->unpacked_bytes -= call->unpacked_bytes;
    if (!call->is_unpacking || call->backend->env->is_over)
        buffer_deinit(&call->unpacked);
}

/* A body that a worker is writing is its own until it is done. */
void api_calls_deinit(struct api_calls *calls)
{
    side_works_deinit(&calls->side_works);
    while (!list_is_empty(&calls->list)) {
        struct api_call *call = LIST_ELEMENT(calls->list.next, struct api_call, link);
        unlink_call(call);
        if (call->write_fn == NULL || calls->backend->env->is_over)
            buffer_deinit(&call->body);
    }
    CHECK(calls->count == 0);
}

struct api_call *api_call_begin(struct api_calls *calls, const struct router_request *request,
                                router_respond_fn respond_fn, void *context)
{
    struct api_call *call = arena_alloc_zeroed(request->arena, sizeof *call);
    call->calls = calls;
    call->backend = calls->backend;
    call->request = request;
    call->arena = request->arena;
    call->content = request->auth.body;
    call->respond_fn = respond_fn;
    call->context = context;
    call->deadline_us = env_boot_us(calls->backend->env) + calls->backend->timeout_us;
    request_id_make(&calls->random, call->id);
    list_init(&call->link);
    list_init(&call->read_link);
    list_append(&calls->list, &call->link);
    calls->count++;
    return call;
}

enum status api_call_unpack(struct api_call *call, enum content_encoding encoding)
{
    enum status status = content_encoding_inflate(encoding, call->request->auth.body,
                                                  LIMIT_REQUEST_SIZE, &call->unpacked);
    if (status == STATUS_TOO_LARGE)
        return api_call_refuse(call, API_ERROR_TOO_LARGE, NULL);
    if (status != STATUS_OK)
        return api_call_refuse(call, API_ERROR_SERIALIZATION, NULL);
    call->content = buffer_slice(&call->unpacked);
    return STATUS_OK;
}

enum status api_call_count_unpacked(struct api_call *call)
{
    struct api_calls *calls = call->calls;
    if (calls->unpacked_bytes + call->unpacked.size > UNPACKED_BYTES_MAX)
        return api_call_refuse(call, API_ERROR_THROTTLING,
                               "Too many compressed requests are under way in this router; try "
                               "again shortly.");
    call->unpacked_bytes = call->unpacked.size;
    calls->unpacked_bytes += call->unpacked_bytes;
    return STATUS_OK;
}

enum status api_call_refuse(struct api_call *call, enum api_error_kind kind, const char *message)
{
    call->error = (struct api_error){.kind = kind};
    if (message != NULL)
        call->error.message = slice_of_text(message);
    return STATUS_INVALID;
}

enum status api_call_refuse_format(struct api_call *call, enum api_error_kind kind,
                                   const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    CHECK(size >= 0);

    char *message = arena_alloc(call->arena, (size_t)size + 1);
    va_start(arguments, format);
    vsnprintf(message, (size_t)size + 1, format, arguments);
    va_end(arguments);
    return api_call_refuse(call, kind, message);
}

enum { U32_TEXT_SIZE = 11 };

/* In decimal digits: snprintf takes longer than the checksum that it prints. */
static const char *print_u32(uint32_t number, char room[U32_TEXT_SIZE])
{
    char *at = room + U32_TEXT_SIZE - 1;
    *at = '\0';
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return at;
}

static bool wants_gzip(const struct api_call *call)
{
    return call->body.size >= GZIP_SIZE_MIN && content_encoding_accepts_gzip(&call->request->auth);
}

/* The SDKs verify the checksum, of the body as it is sent. */
static void body_finish(struct api_call *call)
{
    call->is_packed = wants_gzip(call);
    if (call->is_packed)
        content_encoding_gzip(&call->body);
    call->checksum = libdeflate_crc32(0, call->body.bytes, call->body.size);
    call->is_finished = true;
}

static void write_nothing(struct api_call *call)
{
    (void)call;
}

void api_call_answer(struct api_call *call, unsigned status_code)
{
    char room[U32_TEXT_SIZE];
    /* No other answer is that large. */
    bool is_long = call->body.size > SIDE_WORK_BYTES_MIN && status_code == 200;
    if (!call->is_finished && is_long && wants_gzip(call)) {
        api_call_answer_aside(call, write_nothing);
        return;
    }
    if (!call->is_finished)
        body_finish(call);
    const char *checksum = print_u32(call->checksum, room);
    struct router_field fields[OWN_FIELDS_MAX + CROSS_ORIGIN_FIELDS_MAX] = {
        {"Server", "Server"},
        {"x-amzn-RequestId", call->id},
        {"x-amz-crc32", checksum},
    };
    size_t count = 3;
    if (call->content_type != NULL)
        fields[count++] = (struct router_field){"Content-Type", call->content_type};
    if (call->is_packed)
        fields[count++] = (struct router_field){"Content-Encoding", "gzip"};
    count += cross_origin_fields(&call->request->auth, call->arena, &fields[count]);
    /* The call is gone when its answer is: what is left of the body must not lie in it. */
    SCOPED(buffer) body = call->body;
    struct router_response response = {
        .status_code = status_code,
        .fields = fields,
        .field_count = count,
        .body = &body,
    };
    unlink_call(call);
    call->respond_fn(call->context, &response);
}

static void write_aside(void *context)
{
    struct api_call *call = context;
    call->write_fn(call);
    body_finish(call);
}

static void answer_written(void *context)
{
    struct api_call *call = context;
    call->write_fn = NULL;
    if (call->side_work.works == NULL)
        buffer_deinit(&call->body);
    else
        api_call_answer(call, 200);
}

void api_call_answer_aside(struct api_call *call, void (*write_fn)(struct api_call *call))
{
    call->write_fn = write_fn;
    side_work_start(&call->calls->side_works, &call->side_work, write_aside, answer_written, call);
}

void api_call_answer_error(struct api_call *call)
{
    buffer_clear(&call->body);
    api_error_write(&call->error, &call->body);
    api_call_answer(call, api_error_status(call->error.kind));
}

void api_call_end_step(struct api_call *call, enum status status)
{
    if (status != STATUS_OK)
        api_call_answer_error(call);
}

uint64_t api_call_time_left_us(const struct api_call *call)
{
    uint64_t now_us = env_boot_us(call->backend->env);
    return call->deadline_us > now_us ? call->deadline_us - now_us : 0;
}

static void end_wait(void *context)
{
    struct api_call *call = context;
    api_call_end_step(call, call->then_fn(call));
}

void api_call_wait(struct api_call *call, uint64_t delay_us,
                   enum status (*then_fn)(struct api_call *call))
{
    call->then_fn = then_fn;
    env_timer_start(call->backend->env, &call->timer, delay_us, end_wait, call);
}
