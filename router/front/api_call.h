/*
 * API call: one request from its arrival to its answer.
 *
 * Steps of a call return STATUS_OK when it has been answered or will be, or STATUS_INVALID after
 * api_call_refuse, so that TRY leaves them; whoever began the step then answers the refusal.
 *
 * Ownership: a call lies in its request's arena, and is gone once it is answered.
 * Threads:   the loop thread.
 */
#pragma once

#include "core/base/list.h"
#include "core/base/random.h"
#include "core/env/env.h"
#include "router/api/shape.h"
#include "router/front/api_error.h"
#include "router/front/backend.h"
#include "router/front/content_encoding.h"
#include "router/front/request_id.h"
#include "router/front/side_work.h"
#include "router/http/answer_room.h"
#include "router/router.h"

/* The calls under way. */
struct api_calls {
    const struct backend *backend;
    struct list list;
    size_t count;
    size_t unpacked_bytes; /* what bodies that came compressed take */
    struct random random;  /* for request ids */
    struct side_works side_works;
    struct answer_room answer_room;

    /* Reads of calls that read many rows (answer_share.h). */
    size_t read_count; /* under way */
    size_t read_count_max;
    struct list read_line; /* of calls that want to send one more */
};

void api_calls_init(struct api_calls *calls, const struct backend *backend);

/* Calls under way are not answered any more. */
void api_calls_deinit(struct api_calls *calls);

struct api_call {
    struct list link;
    struct api_calls *calls;
    const struct backend *backend;
    const struct router_request *request;
    struct arena *arena;
    router_respond_fn respond_fn;
    void *context;
    char id[REQUEST_ID_SIZE + 1];
    uint64_t deadline_us; /* on the boot clock */

    struct slice content;   /* the request's body, or what it stands for */
    struct buffer unpacked; /* the content of a body that came compressed */
    size_t unpacked_bytes;  /* of it, that have been counted */
    bool is_unpacking;      /* on a worker, which then owns `unpacked` */

    const struct operation *operation;
    const struct json_node *members[SHAPE_MEMBER_COUNT_MAX]; /* as its shape has them */

    struct api_error error;
    const char *content_type; /* of the answer; NULL: none */
    struct buffer body;       /* of the answer */
    struct side_work side_work;
    bool is_finished;  /* the body is as it will be sent */
    bool is_packed;    /* in gzip */
    uint32_t checksum; /* of it as it is sent */

    size_t answer_share;   /* of the room for answers, that it takes */
    struct list read_link; /* in the line of those that want to read */
    enum status (*read_fn)(struct api_call *call);

    /* The operation's own, from one step to the next. */
    void *state;
    enum status (*then_fn)(struct api_call *call);
    struct catalog_change *catalog_change; /* of catalog_access.c, under way */
    void (*write_fn)(struct api_call *call);
    struct env_timer timer;
};

struct api_call *api_call_begin(struct api_calls *calls, const struct router_request *request,
                                router_respond_fn respond_fn, void *context);

/*
 * Reads a compressed body into `content`: for a worker. Refuses what is damaged, and what stands
 * for more than a request may have.
 */
MUST_USE enum status api_call_unpack(struct api_call *call, enum content_encoding encoding);

/* Back on the loop: refuses what does not fit beside the other calls' bodies. */
MUST_USE enum status api_call_count_unpacked(struct api_call *call);

/* Always STATUS_INVALID. The first takes a constant text, or one in the arena; NULL: none. */
MUST_USE enum status api_call_refuse(struct api_call *call, enum api_error_kind kind,
                                     const char *message);
MUST_USE enum status api_call_refuse_format(struct api_call *call, enum api_error_kind kind,
                                            const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Each ends the call: with its body, with what it was refused for, and with either of the two. */
void api_call_answer(struct api_call *call, unsigned status_code);
void api_call_answer_error(struct api_call *call);

/* Has `write_fn` write the body of the answer on a worker, then answers with 200. */
void api_call_answer_aside(struct api_call *call, void (*write_fn)(struct api_call *call));

/* How a step that was not called by the pipeline ends. */
void api_call_end_step(struct api_call *call, enum status status);

uint64_t api_call_time_left_us(const struct api_call *call);

/* Goes on with `then_fn` after a while. */
void api_call_wait(struct api_call *call, uint64_t delay_us,
                   enum status (*then_fn)(struct api_call *call));
