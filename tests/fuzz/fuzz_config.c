/*
 * Whatever a settings file says, it is refused with a mistake told, or understood: and then every
 * setting lies within its bounds.
 */
#include "core/base/check.h"
#include "core/env/config.h"

#include <string.h>

static const struct config_setting settings[] = {
    {.key = "a", .type = CONFIG_TEXT, .help = "A."},
    {.key = "b", .type = CONFIG_LIST, .help = "B."},
    {.key = "s.c", .type = CONFIG_INTEGER, .preset = "1", .maximum = 9, .help = "C."},
    {.key = "s.d", .type = CONFIG_DURATION, .preset = "1s", .help = "D."},
    {.key = "s.e", .type = CONFIG_SIZE, .help = "E."},
    {.key = "s.f", .type = CONFIG_BOOL, .help = "F."},
};
static const struct config_table table = {settings, sizeof settings / sizeof settings[0]};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    SCOPED(buffer) mistakes = {0};
    OWNED(config) config = NULL;
    enum status status = config_of_text("x", slice_of(bytes, size), &table, &mistakes, &config);
    CHECK((status == STATUS_OK) == (mistakes.size == 0));
    if (status != STATUS_OK)
        return 0;

    CHECK(config_integer(config, "s.c") <= 9);
    CHECK(!config_has(config, "a") || strlen(config_text(config, "a")) > 0);
    for (size_t i = 0; i < config_list_count(config, "b"); i++)
        CHECK(strlen(config_list_item(config, "b", i)) > 0);
    return 0;
}
