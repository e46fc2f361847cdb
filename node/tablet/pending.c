#include "node/tablet/pending.h"

#include "core/base/check.h"

#include <string.h>

struct waiting {
    struct list link;
    struct pending pending;
    uint8_t item[];
};

void pending_init(struct pending_queue *queue)
{
    list_init(&queue->answers);
    queue->count = 0;
}

void pending_deinit(struct pending_queue *queue)
{
    struct list *link;
    while ((link = list_take_first(&queue->answers)) != NULL)
        memory_free(LIST_ELEMENT(link, struct waiting, link));
    queue->count = 0;
}

void pending_add(struct pending_queue *queue, const struct pending *pending)
{
    if (!list_is_empty(&queue->answers))
        CHECK(LIST_ELEMENT(queue->answers.previous, struct waiting, link)->pending.index <=
              pending->index);
    struct waiting *waiting = memory_alloc(sizeof *waiting + pending->verdict.item.size);
    waiting->pending = *pending;
    if (pending->verdict.item.size > 0)
        memcpy(waiting->item, pending->verdict.item.bytes, pending->verdict.item.size);
    waiting->pending.verdict.item.bytes = waiting->item;
    list_append(&queue->answers, &waiting->link);
    queue->count++;
}

static struct waiting *first_take(struct pending_queue *queue, uint64_t index)
{
    if (list_is_empty(&queue->answers))
        return NULL;
    struct waiting *first = LIST_ELEMENT(queue->answers.next, struct waiting, link);
    if (first->pending.index > index)
        return NULL;
    list_remove(&first->link);
    queue->count--;
    return first;
}

void pending_commit(struct pending_queue *queue, uint64_t index)
{
    struct waiting *waiting;
    while ((waiting = first_take(queue, index)) != NULL) {
        struct tablet_answer answer = {
            .outcome = RPC_EXECUTED,
            .verdict = waiting->pending.verdict,
        };
        waiting->pending.fn(waiting->pending.context, &answer);
        memory_free(waiting);
    }
}

void pending_fail(struct pending_queue *queue)
{
    struct waiting *waiting;
    while ((waiting = first_take(queue, UINT64_MAX)) != NULL) {
        struct tablet_answer answer = {
            .outcome = waiting->pending.is_write ? RPC_UNKNOWN : RPC_NOT_EXECUTED,
            .reason = RPC_REASON_NOT_LEADER,
        };
        waiting->pending.fn(waiting->pending.context, &answer);
        memory_free(waiting);
    }
}
