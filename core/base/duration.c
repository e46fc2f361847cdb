#include "core/base/duration.h"

#include "core/base/quantity.h"

enum status duration_parse(struct slice text, uint64_t *out_us)
{
    static const struct quantity_unit units[] = {
        {"us", 1},
        {"ms", 1000},
        {"s", 1000000},
        {"m", UINT64_C(60) * 1000000},
        {"h", UINT64_C(3600) * 1000000},
        {"d", UINT64_C(86400) * 1000000},
    };
    return quantity_parse(text, units, sizeof units / sizeof units[0], out_us);
}
