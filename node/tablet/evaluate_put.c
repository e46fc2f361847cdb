#include "node/tablet/evaluate.h"

void evaluate_put(const struct write_request *request, struct stamp stamp, struct effects *effects)
{
    struct row row = {.stamp = stamp};
    effects_clear(effects, stamp.time);
    uint64_t value_number = effects_add_value(effects, request->item);
    effects_put_row(effects, request->row_key, &row, value_number);
}
