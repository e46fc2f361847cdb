#include "core/base/check.h"
#include "core/env/env_zmq_private.h"
#include "core/env/keys.h"

/*
 * ZAP 1.0 (https://rfc.zeromq.org/spec/27): libzmq asks, in the process, with the parts below; the
 * answer is version, request id, status code, status text, user id and metadata.
 */
enum zap_part {
    ZAP_VERSION,
    ZAP_REQUEST_ID,
    ZAP_DOMAIN,
    ZAP_ADDRESS,
    ZAP_IDENTITY,
    ZAP_MECHANISM,
    ZAP_PUBLIC_KEY,
    ZAP_PARTS,
};

struct question {
    zmq_msg_t parts[ZAP_PARTS];
    int count;
};

static bool question_take(struct frame_socket *trust, struct question *out_question)
{
    out_question->count = 0;
    if (!frame_socket_take(trust, &out_question->parts[0]))
        return false;
    zmq_msg_t *last = &out_question->parts[0];
    for (out_question->count = 1; zmq_msg_more(last) && out_question->count < ZAP_PARTS;) {
        last = &out_question->parts[out_question->count++];
        CHECK(frame_socket_take(trust, last));
    }
    (void)frame_socket_drop_rest(trust, last); /* Other mechanisms have more parts. */
    return true;
}

static struct slice question_part(struct question *question, enum zap_part part)
{
    if ((int)part >= question->count)
        return slice_of(NULL, 0);
    zmq_msg_t *message = &question->parts[part];
    return slice_of(zmq_msg_data(message), zmq_msg_size(message));
}

/* The name of whoever asks to come in; NULL: nobody known. */
static const char *question_judge(struct question *question, const struct env_keys *keys)
{
    struct slice key = question_part(question, ZAP_PUBLIC_KEY);
    if (!slice_is_text(question_part(question, ZAP_VERSION), "1.0") ||
        !slice_is_text(question_part(question, ZAP_MECHANISM), "CURVE") || key.size != ENV_KEY_SIZE)
        return NULL;
    return env_keys_name_of(keys, key.bytes);
}

/*
 * 300, "try again", and not 400: to that libzmq's other side would answer by never connecting
 * again, even when its key has become known.
 */
static void question_answer(struct frame_socket *trust, struct question *question, const char *name)
{
    const struct slice answer[] = {
        slice_of_text("1.0"),
        question_part(question, ZAP_REQUEST_ID),
        slice_of_text(name != NULL ? "200" : "300"),
        slice_of_text(name != NULL ? "OK" : "unknown key"),
        slice_of_text(name != NULL ? name : ""),
        slice_of_text(""),
    };
    size_t count = sizeof answer / sizeof answer[0];
    for (size_t i = 0; i < count; i++)
        if (frame_socket_put(trust, answer[i], i + 1 < count) != STATUS_OK)
            return;
}

static bool on_question(void *owner)
{
    struct env_zmq *zmq = owner;
    struct question question;
    if (!question_take(zmq->trust, &question))
        return false;
    const char *name = question_judge(&question, zmq->env->options.keys);
    question_answer(zmq->trust, &question, name);
    for (int i = 0; i < question.count; i++)
        CHECK(zmq_msg_close(&question.parts[i]) == 0);
    return true;
}

struct frame_socket *frame_trust_open(struct env_zmq *zmq)
{
    struct frame_socket *trust = frame_socket_create(zmq, ZMQ_REP, on_question, zmq);
    CHECK(zmq_bind(trust->socket, "inproc://zeromq.zap.01") == 0);
    frame_socket_watch(trust);
    return trust;
}
