/*
 * Answer share: what a call takes of the room for answers while it gathers one: what it keeps of
 * items, and the JSON that will be written of them.
 *
 * Calls that read many rows send a bounded number of reads at a time between them, as each may
 * bring a large item; who finds too many under way waits in line.
 *
 * A call of which the first few kilobytes are all always has room, so that small requests are
 * served however many large answers there are.
 *
 * Threads: the loop thread.
 */
#pragma once

#include "router/front/api_call.h"

/* Whether there is room for bytes of items that the call would like to keep. */
bool answer_share_fits(struct api_call *call, size_t size);

/* Counts them, as the call is going to keep them; false: it must not, there is no room. */
bool answer_share_take(struct api_call *call, size_t size);

/* The same where it is too late to refuse. */
void answer_share_take_anyway(struct api_call *call, size_t size);

/* Gives all of it back; whoever sends the answer counts its bytes from now on. */
void answer_share_give(struct api_call *call);

/* Always STATUS_INVALID. */
MUST_USE enum status answer_share_refuse(struct api_call *call);

/*
 * Whether the call may send one more read, which then is under way until `answer_share_end_read`.
 * If not, it stands in line, and `then_fn` is called as a step when there may be one to send.
 */
bool answer_share_begin_read(struct api_call *call, enum status (*then_fn)(struct api_call *call));
void answer_share_end_read(struct api_calls *calls);

/* It wants to send no more, also if it stands in line. */
void answer_share_leave_line(struct api_call *call);
