#include "node/tablet/evaluate.h"

#include "core/expression/condition.h"
#include "core/expression/tree_codec.h"

void evaluate_scratch_init(struct evaluate_scratch *scratch)
{
    scratch->arena = arena_create();
    scratch->item = item_builder_create();
    scratch->image = item_builder_create();
}

void evaluate_scratch_deinit(struct evaluate_scratch *scratch)
{
    arena_destroy(scratch->arena);
    item_builder_destroy(scratch->item);
    item_builder_destroy(scratch->image);
}

void evaluate_tell(struct verdict *verdict, struct slice item)
{
    verdict->is_found = item.size > 0;
    verdict->item = item;
}

void evaluate_refuse(struct verdict *verdict, enum update_fault fault)
{
    verdict->result = WRITE_REFUSED;
    verdict->fault = fault;
}

static enum status check_condition(const struct write_request *request, struct item_reader *before,
                                   struct arena *arena, bool *out_holds)
{
    struct condition condition;
    *out_holds = true;
    if (request->condition.size == 0)
        return STATUS_OK;
    TRY(tree_decode_condition(request->condition, arena, &condition));
    *out_holds = condition_holds(&condition, before->item, before->work);
    return STATUS_OK;
}

enum status evaluate_write(const struct write_request *request, struct slice before,
                           struct stamp stamp, struct evaluate_scratch *scratch,
                           struct effects *effects, struct verdict *out_verdict)
{
    bool holds;
    struct work work = work_of_request();
    struct item_reader reader = item_reader_of(before, &work);
    *out_verdict = (struct verdict){0};
    arena_reset(scratch->arena);
    TRY(check_condition(request, &reader, scratch->arena, &holds));
    if (work_is_over(&work)) {
        evaluate_refuse(out_verdict, UPDATE_FAULT_WORK);
        return STATUS_OK;
    }
    if (request->wants_sizes && before.size > 0)
        out_verdict->size_before = item_size(before);
    if (!holds) {
        out_verdict->result = WRITE_CONDITION_FAILED;
        if (request->wants_item_on_failure)
            evaluate_tell(out_verdict, before);
        return STATUS_OK;
    }
    if (request->kind == WRITE_UPDATE)
        return evaluate_update(request, &reader, stamp, scratch, effects, out_verdict);
    if (request->returned == WRITE_RETURNS_BEFORE)
        evaluate_tell(out_verdict, before);
    out_verdict->has_effects = true;
    if (request->kind == WRITE_PUT)
        evaluate_put(request, stamp, effects);
    else
        evaluate_delete(request, stamp, effects);
    return STATUS_OK;
}
