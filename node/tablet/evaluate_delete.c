#include "node/tablet/evaluate.h"

void evaluate_delete(const struct write_request *request, struct stamp stamp,
                     struct effects *effects)
{
    effects_clear(effects, stamp.time);
    effects_delete(effects, request->row_key);
}
