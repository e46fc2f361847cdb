/*
 * JSON reader: tells what a text holds as a stream of events; yajl with bounds.
 *
 * A text is one JSON value in well-formed UTF-8, with blanks around it and nothing else. Escaped
 * surrogates must come in pairs. Names may repeat within an object: whoever keeps them looks.
 *
 * Threads: a reader belongs to one thread; it keeps its memory from one text to the next.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"

enum {
    /* An item of 32 levels takes 68, and stands up to 6 deep in a request. */
    JSON_DEPTH_MAX = 256,
};

enum json_event {
    JSON_EVENT_NULL,
    JSON_EVENT_FALSE,
    JSON_EVENT_TRUE,
    JSON_EVENT_NUMBER,
    JSON_EVENT_STRING,
    JSON_EVENT_ARRAY_START,
    JSON_EVENT_ARRAY_END,
    JSON_EVENT_OBJECT_START,
    JSON_EVENT_NAME,
    JSON_EVENT_OBJECT_END,
};

/*
 * `text` is that of numbers, as written, and of strings and names, without their escapes. What
 * needed no unescaping lies within the text that is read; other text is gone with the next event.
 * Anything but STATUS_OK ends the reading.
 */
typedef enum status json_event_fn(void *context, enum json_event event, struct slice text);

struct json_reader;

struct json_reader *json_reader_create(void);
void json_reader_destroy(struct json_reader *reader);
DEFINE_CLEANUP(json_reader)

/*
 * STATUS_INVALID when the text is no JSON, STATUS_TOO_LARGE when it is larger than
 * LIMIT_REQUEST_SIZE or deeper than JSON_DEPTH_MAX; otherwise what `on_event` returned.
 */
MUST_USE enum status json_reader_read(struct json_reader *reader, struct slice text, void *context,
                                      json_event_fn *on_event);
