/*
 * Fuzz target: what peers may say to an RPC client and an RPC server, over an env of no network
 * whose time the input moves.
 *
 * The input is a row of steps: frames as raw bytes or built from fields, calls, answers, time. What
 * opens as a frame opens to the same by way of protobuf-c, and is written the same. Each call is
 * answered once, by its deadline; the handler is called for requests of the server's own session
 * only; what it was handed, and no more, is answered.
 */
#include "core/base/byte_order.h"
#include "core/base/check.h"
#include "core/base/memory.h"
#include "core/env/env.h"
#include "proto/frame_codec.h"
#include "proto/rpc_client.h"
#include "proto/rpc_server.h"
#include "tests/unit/proto/frame_unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { SESSION = 0x0101010101010101, CALLS_MAX = 64, KEPT_MAX = 64, TIMEOUT_US_MAX = 1 << 20 };

/* --- An env whose network ends at the fuzzer --- */

struct env_listener {
    struct env_handle handle;
};

struct env_link {
    struct env_handle handle;
};

struct fuzz_env {
    struct env env;
    uint64_t now_us;
    struct timer_heap *timers;
    struct list tasks[ENV_PHASE_COUNT];
    struct env_listener listener;
    struct env_link link;
    env_frame_fn server_frame_fn;
    env_frame_fn client_frame_fn;
    void *server_context;
    void *client_context;
    enum status send_status;
    struct buffer last_sent; /* by the client */
};

static struct fuzz_env *fuzz_env_of(struct env *env)
{
    return (struct fuzz_env *)env;
}

static uint64_t time_us(struct env *env)
{
    return fuzz_env_of(env)->now_us;
}

static void fill_random(struct env *env, void *out_bytes, size_t size)
{
    (void)env;
    memset(out_bytes, 1, size);
}

static void timer_start(struct env *env, struct env_timer *timer, uint64_t delay_us)
{
    struct fuzz_env *fuzz = fuzz_env_of(env);
    timer_heap_add(fuzz->timers, &timer->timer, fuzz->now_us + delay_us);
}

static void timer_stop(struct env *env, struct env_timer *timer)
{
    timer_heap_remove(fuzz_env_of(env)->timers, &timer->timer);
}

static void defer(struct env *env, enum env_phase phase, struct env_task *task)
{
    list_append(&fuzz_env_of(env)->tasks[phase], &task->link);
}

static enum status listen(struct env *env, const char *address, env_frame_fn frame_fn,
                          void *context, struct env_listener **out_listener)
{
    (void)address;
    struct fuzz_env *fuzz = fuzz_env_of(env);
    fuzz->server_frame_fn = frame_fn;
    fuzz->server_context = context;
    fuzz->listener.handle.env = env;
    *out_listener = &fuzz->listener;
    return STATUS_OK;
}

static void listener_close(struct env_listener *listener)
{
    fuzz_env_of(listener->handle.env)->server_frame_fn = NULL;
}

static enum status listener_send(struct env_listener *listener, uint64_t peer, struct slice frame)
{
    (void)peer;
    OWNED(arena) arena = arena_create();
    CHECK(frame_unpack(frame, arena) != NULL);
    return fuzz_env_of(listener->handle.env)->send_status;
}

static enum status connect(struct env *env, const char *address, const char *peer_name,
                           env_frame_fn frame_fn, void *context, struct env_link **out_link)
{
    (void)address;
    (void)peer_name;
    struct fuzz_env *fuzz = fuzz_env_of(env);
    fuzz->client_frame_fn = frame_fn;
    fuzz->client_context = context;
    fuzz->link.handle.env = env;
    *out_link = &fuzz->link;
    return STATUS_OK;
}

static void link_close(struct env_link *link)
{
    fuzz_env_of(link->handle.env)->client_frame_fn = NULL;
}

static enum status link_send(struct env_link *link, struct slice frame)
{
    struct fuzz_env *fuzz = fuzz_env_of(link->handle.env);
    OWNED(arena) arena = arena_create();
    CHECK(frame_unpack(frame, arena) != NULL);
    if (fuzz->send_status == STATUS_OK) {
        buffer_clear(&fuzz->last_sent);
        buffer_append(&fuzz->last_sent, frame);
    }
    return fuzz->send_status;
}

static const struct env_ops fuzz_env_ops = {
    .wall_us = time_us,
    .boot_us = time_us,
    .random = fill_random,
    .timer_start = timer_start,
    .timer_stop = timer_stop,
    .defer = defer,
    .listen = listen,
    .listener_close = listener_close,
    .listener_send = listener_send,
    .connect = connect,
    .link_close = link_close,
    .link_send = link_send,
};

static void fuzz_env_init(struct fuzz_env *fuzz)
{
    *fuzz = (struct fuzz_env){.env.ops = &fuzz_env_ops, .timers = timer_heap_create()};
    for (int phase = 0; phase < ENV_PHASE_COUNT; phase++)
        list_init(&fuzz->tasks[phase]);
}

static void tasks_run(struct fuzz_env *fuzz)
{
    for (int phase = 0; phase < ENV_PHASE_COUNT; phase++) {
        struct list *link;
        while ((link = list_take_first(&fuzz->tasks[phase])) != NULL) {
            struct env_task *task = LIST_ELEMENT(link, struct env_task, link);
            task->fn(task->context);
        }
    }
}

static void time_pass(struct fuzz_env *fuzz, uint64_t duration_us)
{
    uint64_t until_us = fuzz->now_us + duration_us;
    struct timer *first;
    while ((first = timer_heap_first(fuzz->timers)) != NULL && first->due_us <= until_us) {
        struct env_timer *timer = (struct env_timer *)first;
        if (fuzz->now_us < first->due_us)
            fuzz->now_us = first->due_us;
        timer_heap_remove(fuzz->timers, first);
        timer->fire_fn(timer->context);
        tasks_run(fuzz);
    }
    fuzz->now_us = until_us;
}

/* --- What stands on it --- */

struct seen_call {
    struct fuzz_env *fuzz;
    uint64_t deadline_us;
    size_t answer_count;
};

struct run {
    struct fuzz_env fuzz;
    struct rpc_client *client;
    struct rpc_server *server;
    struct byte_reader input;
    struct seen_call calls[CALLS_MAX];
    size_t call_count;
    struct rpc_call *kept[KEPT_MAX];
    size_t kept_count;
    bool may_be_handed; /* the frame being delivered is of the server's session */
};

static void answer_take(void *context, const struct rpc_result *result)
{
    struct seen_call *call = context;
    CHECK(++call->answer_count == 1);
    CHECK(call->fuzz->now_us <= call->deadline_us);
    CHECK(result->outcome >= RPC_EXECUTED && result->outcome <= RPC_UNKNOWN);
}

static void call_handle(void *context, struct rpc_call *call)
{
    struct run *run = context;
    CHECK(run->may_be_handed);
    CHECK(rpc_call_deadline_us(call) > run->fuzz.now_us);
    if (run->kept_count < KEPT_MAX)
        run->kept[run->kept_count++] = call;
    else
        rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, rpc_call_body(call));
}

/* --- Frames --- */

static void check_part(const struct frame_part *part, struct frame_part expected)
{
    CHECK(part->id == expected.id);
    CHECK(part->code == expected.code);
    CHECK(part->detail == expected.detail);
    CHECK(slice_is_equal(part->body, expected.body));
}

/* Compares what was opened with protobuf-c's tree, and writes it again. */
static void parts_rewrite(const struct frame *frame, const Graticule__Wire__Frame *tree,
                          struct buffer *out)
{
    struct frame_part part;
    struct frame_cursor requests = frame_cursor(frame, FRAME_REQUEST);
    for (size_t i = 0; frame_cursor_next(&requests, &part); i++) {
        const Graticule__Wire__Request *request = tree->requests[i];
        check_part(&part, (struct frame_part){request->id, request->method, request->time_left_ms,
                                              frame_slice(request->body)});
        frame_add_part(out, FRAME_REQUEST, &part);
    }
    struct frame_cursor responses = frame_cursor(frame, FRAME_RESPONSE);
    for (size_t i = 0; frame_cursor_next(&responses, &part); i++) {
        const Graticule__Wire__Response *response = tree->responses[i];
        check_part(&part, (struct frame_part){response->id, response->outcome, response->reason,
                                              frame_slice(response->body)});
        frame_add_part(out, FRAME_RESPONSE, &part);
    }
}

static void check_round_trip(struct slice bytes)
{
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) written = {0};
    SCOPED(buffer) packed = {0};
    struct frame frame;
    struct hello hello;
    if (!frame_open(bytes, &frame) || (frame.has_hello && !frame_read_hello(frame.hello, &hello)))
        return;
    Graticule__Wire__Frame *tree = frame_unpack(bytes, arena);
    CHECK(tree != NULL);
    CHECK(tree->session == frame.session);
    CHECK(tree->n_requests == frame.request_count);
    CHECK(tree->n_responses == frame.response_count);
    frame_begin(&written, frame.session);
    parts_rewrite(&frame, tree, &written);
    tree = frame_unpack(buffer_slice(&written), arena);
    CHECK(tree != NULL);
    frame_pack(&tree->base, &packed);
    CHECK(slice_is_equal(buffer_slice(&written), buffer_slice(&packed)));
}

static void deliver(struct run *run, bool is_to_server, struct slice bytes)
{
    OWNED(arena) arena = arena_create();
    const Graticule__Wire__Frame *frame = frame_unpack(bytes, arena);
    run->may_be_handed = frame != NULL && frame->session == (uint64_t)SESSION;
    if (is_to_server)
        run->fuzz.server_frame_fn(run->fuzz.server_context, 1 + byte_reader_u8(&run->input) % 3,
                                  bytes);
    else
        run->fuzz.client_frame_fn(run->fuzz.client_context, 0, bytes);
    run->may_be_handed = false;
    tasks_run(&run->fuzz);
}

/* A frame built from fields: most of what mutated bytes alone would seldom reach. */
static void deliver_built(struct run *run, bool is_to_server)
{
    enum { COUNT_MAX = 4 };
    Graticule__Wire__Hello hello;
    Graticule__Wire__Request requests[COUNT_MAX], *request_pointers[COUNT_MAX];
    Graticule__Wire__Response responses[COUNT_MAX], *response_pointers[COUNT_MAX];
    Graticule__Wire__Frame frame = GRATICULE__WIRE__FRAME__INIT;
    struct byte_reader *input = &run->input;
    uint8_t flags = byte_reader_u8(input);
    frame.version = FRAME_VERSION;
    frame.session = flags & 1 ? (uint64_t)SESSION : flags >> 4;
    frame_init_hello(&hello, "fuzz", flags & 2);
    hello.version_lowest += (flags >> 3) & 1;
    if (flags & 4)
        frame.hello = &hello;
    frame.requests = request_pointers;
    frame.responses = response_pointers;
    for (size_t count = byte_reader_u8(input) % (COUNT_MAX + 1), i = 0; i < count; i++) {
        uint8_t use = byte_reader_u8(input);
        uint64_t id = (uint64_t)(use >> 4) << 32 | (use & 15);
        graticule__wire__request__init(&requests[i]);
        graticule__wire__response__init(&responses[i]);
        requests[i].id = responses[i].id = id;
        requests[i].time_left_ms = byte_reader_u8(input);
        responses[i].outcome = byte_reader_u8(input) % 5;
        request_pointers[i] = &requests[i];
        response_pointers[i] = &responses[i];
        frame.n_requests = is_to_server ? i + 1 : 0;
        frame.n_responses = is_to_server ? 0 : i + 1;
    }
    SCOPED(buffer) bytes = {0};
    frame_pack(&frame.base, &bytes);
    deliver(run, is_to_server, buffer_slice(&bytes));
}

static void deliver_raw(struct run *run, bool is_to_server)
{
    struct slice bytes = byte_reader_sized(&run->input);
    check_round_trip(bytes);
    deliver(run, is_to_server, bytes);
}

/* --- Steps --- */

static void call_make(struct run *run)
{
    if (run->call_count == CALLS_MAX)
        return;
    uint64_t timeout_us = (uint64_t)byte_reader_u8(&run->input) << 12;
    struct seen_call *call = &run->calls[run->call_count++];
    *call = (struct seen_call){.fuzz = &run->fuzz, .deadline_us = run->fuzz.now_us + timeout_us};
    rpc_client_call(run->client, RPC_WRITE, slice_of_text("body"), timeout_us, answer_take, call);
    tasks_run(&run->fuzz);
}

static void call_answer(struct run *run)
{
    if (run->kept_count == 0)
        return;
    size_t position = byte_reader_u8(&run->input) % run->kept_count;
    struct rpc_call *call = run->kept[position];
    run->kept[position] = run->kept[--run->kept_count];
    rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, rpc_call_body(call));
    tasks_run(&run->fuzz);
}

static void step(struct run *run)
{
    uint8_t kind = byte_reader_u8(&run->input);
    bool is_to_server = kind & 0x80;
    switch (kind % 7) {
    case 0:
        deliver_raw(run, is_to_server);
        break;
    case 1:
        deliver_built(run, is_to_server);
        break;
    case 2:
        call_make(run);
        break;
    case 3:
        call_answer(run);
        break;
    case 4:
        time_pass(&run->fuzz, (uint64_t)byte_reader_u8(&run->input) << 10);
        break;
    case 5:
        run->fuzz.send_status = is_to_server ? STATUS_BUSY : STATUS_OK;
        break;
    case 6:
        /* What the client said last reaches a server that understands it. */
        deliver(run, true, buffer_slice(&run->fuzz.last_sent));
        break;
    }
}

static size_t unanswered_count(const struct run *run)
{
    size_t count = 0;
    for (size_t i = 0; i < run->call_count; i++)
        count += run->calls[i].answer_count == 0;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    check_round_trip(slice_of(bytes, size));
    struct run run = {.input = byte_reader_of(slice_of(bytes, size))};
    fuzz_env_init(&run.fuzz);
    struct env *env = &run.fuzz.env;
    CHECK(rpc_server_create(env, "a", "server", call_handle, &run, &run.server) == STATUS_OK);
    run.client = rpc_client_create(env, "a", "server", "client");

    while (!byte_reader_is_done(&run.input) && !run.input.has_failed) {
        step(&run);
        CHECK(rpc_client_call_count(run.client) == unanswered_count(&run));
    }
    time_pass(&run.fuzz, TIMEOUT_US_MAX);
    CHECK(unanswered_count(&run) == 0);
    CHECK(rpc_client_call_count(run.client) == 0);

    rpc_client_destroy(run.client);
    rpc_server_destroy(run.server);
    CHECK(timer_heap_first(run.fuzz.timers) == NULL);
    timer_heap_destroy(run.fuzz.timers);
    buffer_deinit(&run.fuzz.last_sent);
    return 0;
}
