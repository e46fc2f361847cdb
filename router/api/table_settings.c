#include "router/api/table_settings.h"

#include "core/catalog/table_change.h"
#include "core/catalog/table_tags.h"
#include "router/api/table_refusal.h"

#include <ctype.h>
#include <inttypes.h>

/* --- Throughput ------------------------------------------------------------------------------ */

static enum status check_units(struct api_call *call, int64_t units, const char *name)
{
    if (units <= TABLE_SETTINGS_UNITS_MAX)
        return STATUS_OK;
    return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                  "Given value %" PRId64 " for %s is out of bounds", units, name);
}

static enum status read_units(struct api_call *call, const struct json_node *throughput,
                              const char *name, uint64_t *out_units)
{
    int64_t units = shape_integer(json_node_find(throughput, name));
    TRY(check_units(call, units, name));
    *out_units = (uint64_t)units;
    return STATUS_OK;
}

enum status table_settings_read_units(struct api_call *call, const struct json_node *throughput,
                                      uint64_t *out_read_units, uint64_t *out_write_units)
{
    TRY(read_units(call, throughput, "ReadCapacityUnits", out_read_units));
    return read_units(call, throughput, "WriteCapacityUnits", out_write_units);
}

enum status table_settings_check_billing(struct api_call *call, enum table_billing billing,
                                         const struct json_node *throughput)
{
    if (billing == TABLE_BILLING_ON_DEMAND && throughput != NULL)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               TABLE_REFUSAL_INVALID
                               "Neither ReadCapacityUnits nor WriteCapacityUnits can be "
                               "specified when BillingMode is PAY_PER_REQUEST");
    if (billing == TABLE_BILLING_PROVISIONED && throughput == NULL)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               TABLE_REFUSAL_INVALID
                               "ReadCapacityUnits and WriteCapacityUnits must both be "
                               "specified when BillingMode is PROVISIONED");
    return STATUS_OK;
}

enum status table_settings_read_bound(struct api_call *call, const struct json_node *throughput,
                                      const char *name, bool may_be_removed, uint64_t *out_bound)
{
    const struct json_node *node = throughput != NULL ? json_node_find(throughput, name) : NULL;
    *out_bound = 0;
    if (node == NULL || node->kind == JSON_NULL)
        return STATUS_OK;
    int64_t bound = shape_integer(node);
    if (bound < 1 && !(may_be_removed && bound == -1))
        return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                      TABLE_REFUSAL_INVALID
                                      "%s for OnDemandThroughput must be at least 1%s",
                                      name, may_be_removed ? ", or -1 to remove it" : "");
    TRY(check_units(call, bound, name));
    *out_bound = bound == -1 ? TABLE_CHANGE_NO_BOUND : (uint64_t)bound;
    return STATUS_OK;
}

/* --- Tags ------------------------------------------------------------------------------------ */

enum status table_settings_refuse_tags(struct api_call *call)
{
    return api_call_refuse_format(
        call, API_ERROR_VALIDATION,
        TABLE_REFUSAL_INVALID "The number of tags of a resource cannot exceed %d", TABLE_TAGS_MAX);
}

static bool is_reserved(struct slice key)
{
    static const char prefix[] = {'a', 'w', 's', ':'};
    size_t matched = 0;
    while (matched < sizeof prefix && matched < key.size &&
           tolower(key.bytes[matched]) == prefix[matched])
        matched++;
    return matched == sizeof prefix;
}

static enum status check_key(struct api_call *call, struct slice key)
{
    if (!is_reserved(key))
        return STATUS_OK;
    return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                  TABLE_REFUSAL_INVALID
                                  "Tag keys that begin with aws: are reserved: %.*s",
                                  (int)key.size, (const char *)key.bytes);
}

static enum status put_tags(struct api_call *call, const struct json_node *list,
                            struct buffer *tags)
{
    for (const struct json_node *node = list->first; node != NULL; node = node->next) {
        if (node->kind == JSON_NULL)
            continue;
        struct table_tag tag = {.key = json_node_find(node, "Key")->text,
                                .value = json_node_find(node, "Value")->text};
        size_t count = table_tags_count(buffer_slice(tags));
        TRY(check_key(call, tag.key));
        table_tags_put(tags, tag);
        if (table_tags_count(buffer_slice(tags)) == count)
            return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                          TABLE_REFUSAL_INVALID
                                          "Tag keys must be unique, but this one is repeated: %.*s",
                                          (int)tag.key.size, (const char *)tag.key.bytes);
    }
    return STATUS_OK;
}

enum status table_settings_read_tags(struct api_call *call, const struct json_node *list,
                                     struct slice *out_tags)
{
    SCOPED(buffer) tags;
    buffer_init(&tags);
    *out_tags = (struct slice){0};
    if (list == NULL)
        return STATUS_OK;
    if (list->count > TABLE_TAGS_MAX)
        return table_settings_refuse_tags(call);
    TRY(put_tags(call, list, &tags));
    *out_tags = arena_copy(call->arena, buffer_slice(&tags));
    return STATUS_OK;
}
