#include "cluster/cli/settings_check.h"

#include "core/base/memory.h"
#include "core/catalog/ring.h"

#include <stdlib.h>
#include <string.h>

static bool is_port(const char *text, unsigned long port_min)
{
    char *end = NULL;
    unsigned long port = strtoul(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && port >= port_min &&
           port <= UINT16_MAX;
}

/* "host:port", and of IPv6 "[host]:port" */
static bool is_address(const char *text, unsigned long port_min)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || colon == text || !is_port(colon + 1, port_min))
        return false;
    bool has_brackets = text[0] == '[' && colon[-1] == ']';
    return strcspn(text, " \t/@") == strlen(text) && (has_brackets || strchr(text, ':') == colon);
}

static void check_address(const struct config *config, const char *key, unsigned long port_min,
                          struct buffer *mistakes)
{
    if (config_has(config, key) && !is_address(config_text(config, key), port_min))
        config_mistake(config, key, mistakes, "is not address:port");
}

static bool is_seed(const char *text)
{
    const char *at = strchr(text, '@');
    return at != NULL && at != text && is_address(at + 1, 1);
}

void settings_check_seeds(const struct config *config, struct buffer *mistakes)
{
    size_t count = config_list_count(config, "catalog");
    for (size_t i = 0; i < count; i++)
        if (!is_seed(config_list_item(config, "catalog", i)))
            config_mistake(config, "catalog", mistakes, "is not name@host:port");
    if (count > 1)
        config_mistake(config, "catalog", mistakes,
                       "names several nodes, but the catalog has one copy as yet");
}

static bool is_either(const char *text, const char *first, const char *second)
{
    return strcmp(text, first) == 0 || strcmp(text, second) == 0;
}

void settings_check_node(const struct config *config, struct buffer *mistakes)
{
    if (!is_either(config_text(config, "durability"), "sync", "relaxed"))
        config_mistake(config, "durability", mistakes, "is neither sync nor relaxed");
    if (!is_either(config_text(config, "compression"), "none", "snappy"))
        config_mistake(config, "compression", mistakes, "is neither none nor snappy");
    if (!ring_is_valid_count(config_integer(config, "tablets")))
        config_mistake(config, "tablets", mistakes, "is not a power of two");
    check_address(config, "listen", 1, mistakes);
    check_address(config, "advertise", 1, mistakes);
}

static void check_tls(const struct config *config, struct buffer *mistakes)
{
    bool has_certificate = config_has(config, "tls_certificate");
    if (has_certificate && !config_has(config, "tls_key"))
        config_mistake(config, "tls_certificate", mistakes, "needs a tls_key too");
    if (!has_certificate && config_has(config, "tls_key"))
        config_mistake(config, "tls_key", mistakes, "needs a tls_certificate too");
}

void settings_check_router(const struct config *config, struct buffer *mistakes)
{
    const char *account_id = config_text(config, "account_id");
    if (strlen(account_id) != 12 || strspn(account_id, "0123456789") != 12)
        config_mistake(config, "account_id", mistakes, "is not 12 digits");
    check_address(config, "http", 0, mistakes);
    check_address(config, "endpoint", 1, mistakes);
    check_tls(config, mistakes);
}
