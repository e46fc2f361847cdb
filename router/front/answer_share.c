#include "router/front/answer_share.h"

#include "core/base/check.h"

enum {
    /* JSON is longer than the item: base64 by a third, names and escapes by what they are. */
    JSON_PERCENT = 170,
    /* Of a call, for which there is always room. */
    SMALL_SHARE_MAX = SIDE_WORK_BYTES_MIN,
};

static size_t share_of(size_t size)
{
    return size + size * JSON_PERCENT / 100;
}

bool answer_share_fits(struct api_call *call, size_t size)
{
    bool is_small = call->answer_share + size <= SMALL_SHARE_MAX;
    return is_small || answer_room_fits(&call->calls->answer_room, share_of(size));
}

void answer_share_take_anyway(struct api_call *call, size_t size)
{
    size_t share = share_of(size);
    call->answer_share += share;
    answer_room_take(&call->calls->answer_room, share);
}

bool answer_share_take(struct api_call *call, size_t size)
{
    if (!answer_share_fits(call, size))
        return false;
    answer_share_take_anyway(call, size);
    return true;
}

void answer_share_give(struct api_call *call)
{
    answer_room_give(&call->calls->answer_room, call->answer_share);
    call->answer_share = 0;
}

enum status answer_share_refuse(struct api_call *call)
{
    return api_call_refuse(call, API_ERROR_THROTTLING,
                           "Too many large answers are under way in this router; try again "
                           "shortly.");
}

bool answer_share_begin_read(struct api_call *call, enum status (*then_fn)(struct api_call *call))
{
    struct api_calls *calls = call->calls;
    /* One that stands in line already keeps its place. */
    if (!list_is_empty(&call->read_link))
        return false;
    if (calls->read_count < calls->read_count_max) {
        calls->read_count++;
        return true;
    }
    call->read_fn = then_fn;
    list_append(&calls->read_line, &call->read_link);
    return false;
}

/* One that finds nothing to send leaves its turn to the next. */
void answer_share_end_read(struct api_calls *calls)
{
    CHECK(calls->read_count > 0);
    calls->read_count--;
    struct list *link;
    while (calls->read_count < calls->read_count_max &&
           (link = list_take_first(&calls->read_line)) != NULL) {
        struct api_call *call = LIST_ELEMENT(link, struct api_call, read_link);
        api_call_end_step(call, call->read_fn(call));
    }
}

void answer_share_leave_line(struct api_call *call)
{
    list_remove(&call->read_link);
}
