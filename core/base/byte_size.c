#include "core/base/byte_size.h"

#include "core/base/quantity.h"

enum status byte_size_parse(struct slice text, uint64_t *out_size)
{
    static const struct quantity_unit units[] = {
        {"B", 1},
        {"KB", UINT64_C(1) << 10},
        {"MB", UINT64_C(1) << 20},
        {"GB", UINT64_C(1) << 30},
        {"TB", UINT64_C(1) << 40},
    };
    return quantity_parse(text, units, sizeof units / sizeof units[0], out_size);
}
