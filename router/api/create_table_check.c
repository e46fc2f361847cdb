#include "router/api/create_table.h"
#include "router/api/request.h"
#include "router/api/table_name.h"
#include "router/api/table_refusal.h"
#include "router/api/table_settings.h"

#define INVALID_TEXT TABLE_REFUSAL_INVALID

/* --- What is not served yet ------------------------------------------------------------------ */

/* Lists of indexes may be left out, but not be empty. */
static enum status check_index_list(struct api_call *call, size_t member, const char *name)
{
    const struct json_node *list = request_member(call, member);
    if (list == NULL)
        return STATUS_OK;
    if (list->count == 0)
        return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                      INVALID_TEXT "List of %s is empty", name);
    return request_refuse_not_served(call, slice_of_text(name));
}

static bool is_true(const struct json_node *structure, const char *member)
{
    const struct json_node *node = structure != NULL ? json_node_find(structure, member) : NULL;
    return node != NULL && node->kind == JSON_TRUE;
}

static enum status check_features(struct api_call *call)
{
    const struct json_node *sse = request_member(call, CREATE_SSE_SPECIFICATION);
    TRY(check_index_list(call, CREATE_LOCAL_SECONDARY_INDEXES, "LocalSecondaryIndexes"));
    TRY(check_index_list(call, CREATE_GLOBAL_SECONDARY_INDEXES, "GlobalSecondaryIndexes"));
    if (is_true(request_member(call, CREATE_STREAM_SPECIFICATION), "StreamEnabled"))
        return request_refuse_not_served(call, slice_of_text("StreamSpecification"));
    if (is_true(sse, "Enabled") || (sse != NULL && (json_node_find(sse, "SSEType") != NULL ||
                                                    json_node_find(sse, "KMSMasterKeyId") != NULL)))
        return request_refuse_not_served(call, slice_of_text("SSESpecification"));
    return STATUS_OK;
}

/* --- Throughput ------------------------------------------------------------------------------ */

static enum status read_bounds(struct api_call *call, struct table *table)
{
    const struct json_node *bounds = request_member(call, CREATE_ON_DEMAND_THROUGHPUT);
    bool is_provisioned = table->billing == TABLE_BILLING_PROVISIONED;
    TRY(table_settings_read_bound(call, bounds, "MaxReadRequestUnits", is_provisioned,
                                  &table->read_units_max));
    TRY(table_settings_read_bound(call, bounds, "MaxWriteRequestUnits", is_provisioned,
                                  &table->write_units_max));
    if (!is_provisioned || (table->read_units_max == 0 && table->write_units_max == 0))
        return STATUS_OK;
    return api_call_refuse_format(
        call, API_ERROR_VALIDATION,
        INVALID_TEXT "%s for OnDemandThroughput cannot be specified when table BillingMode is "
                     "PROVISIONED.",
        table->read_units_max != 0 ? "MaxReadRequestUnits" : "MaxWriteRequestUnits");
}

static enum status read_billing(struct api_call *call, struct table *table)
{
    const struct json_node *throughput = request_member(call, CREATE_PROVISIONED_THROUGHPUT);
    bool is_named = request_member(call, CREATE_BILLING_MODE) != NULL;
    bool is_on_demand = request_is(call, CREATE_BILLING_MODE, "PAY_PER_REQUEST");
    table->billing = is_on_demand ? TABLE_BILLING_ON_DEMAND : TABLE_BILLING_PROVISIONED;
    TRY(table_settings_check_billing(call, is_named ? table->billing : 0, throughput));
    if (!is_on_demand && throughput == NULL)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "No provisioned throughput specified for the table");
    if (throughput != NULL)
        TRY(table_settings_read_units(call, throughput, &table->read_units, &table->write_units));
    return read_bounds(call, table);
}

/* --- Keys ------------------------------------------------------------------------------------ */

static struct slice name_of(const struct json_node *element)
{
    return json_node_find(element, "AttributeName")->text;
}

static bool is_of_key_type(const struct json_node *element, const char *type)
{
    return slice_is_text(json_node_find(element, "KeyType")->text, type);
}

static enum status read_key_schema(struct api_call *call, struct table *table)
{
    const struct json_node *first = request_member(call, CREATE_KEY_SCHEMA)->first;
    const struct json_node *second = first->next;
    if (!is_of_key_type(first, "HASH"))
        return api_call_refuse(
            call, API_ERROR_VALIDATION,
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
    table->partition_key.name = name_of(first);
    table->has_sort_key = second != NULL;
    if (second == NULL)
        return STATUS_OK;
    if (!is_of_key_type(second, "RANGE"))
        return api_call_refuse(
            call, API_ERROR_VALIDATION,
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
    table->sort_key.name = name_of(second);
    if (slice_is_equal(table->partition_key.name, table->sort_key.name))
        return api_call_refuse(
            call, API_ERROR_VALIDATION,
            "Both the Hash Key and the Range Key element in the KeySchema have the same name");
    return STATUS_OK;
}

/* [a, b], of objects with an AttributeName */
static void append_names(struct buffer *text, const struct json_node *list)
{
    for (const struct json_node *element = list->first; element != NULL; element = element->next) {
        buffer_append_text(text, element == list->first ? "[" : ", ");
        buffer_append(text, name_of(element));
    }
    buffer_append_text(text, list->first == NULL ? "[]" : "]");
}

static enum status refuse_undefined(struct api_call *call, const struct json_node *keys,
                                    const struct json_node *definitions)
{
    SCOPED(buffer) text;
    buffer_init(&text);
    if (definitions->count < keys->count)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Invalid KeySchema: Some index key attribute have no definition");
    buffer_append_text(&text, INVALID_TEXT "Some index key attributes are not defined in "
                                           "AttributeDefinitions. Keys: ");
    append_names(&text, keys);
    buffer_append_text(&text, ", AttributeDefinitions: ");
    append_names(&text, definitions);
    call->error = (struct api_error){
        .kind = API_ERROR_VALIDATION,
        .message = arena_copy(call->arena, buffer_slice(&text)),
    };
    return STATUS_INVALID;
}

static const struct json_node *find_definition(const struct json_node *definitions,
                                               struct slice name)
{
    const struct json_node *definition = definitions->first;
    while (definition != NULL && !slice_is_equal(name_of(definition), name))
        definition = definition->next;
    return definition;
}

static enum value_type type_of(const struct json_node *definition)
{
    return value_type_of_name(json_node_find(definition, "AttributeType")->text);
}

static enum status check_repeated(struct api_call *call, const struct json_node *definitions)
{
    const struct json_node *definition = definitions->first;
    for (; definition != NULL; definition = definition->next)
        if (find_definition(definitions, name_of(definition)) != definition)
            return api_call_refuse_format(
                call, API_ERROR_VALIDATION,
                INVALID_TEXT "Duplicate AttributeName in AttributeDefinitions: %.*s",
                (int)name_of(definition).size, (const char *)name_of(definition).bytes);
    return STATUS_OK;
}

static enum status read_definitions(struct api_call *call, struct table *table)
{
    const struct json_node *keys = request_member(call, CREATE_KEY_SCHEMA);
    const struct json_node *definitions = request_member(call, CREATE_ATTRIBUTE_DEFINITIONS);
    const struct json_node *partition = find_definition(definitions, table->partition_key.name);
    const struct json_node *sort =
        table->has_sort_key ? find_definition(definitions, table->sort_key.name) : NULL;
    if (partition == NULL || (table->has_sort_key && sort == NULL))
        return refuse_undefined(call, keys, definitions);
    if (definitions->count > keys->count)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               INVALID_TEXT "Number of attributes in KeySchema does not exactly "
                                            "match number of attributes defined in "
                                            "AttributeDefinitions");
    TRY(check_repeated(call, definitions));
    table->partition_key.type = type_of(partition);
    if (sort != NULL)
        table->sort_key.type = type_of(sort);
    table->is_sort_key_defined_first = sort == definitions->first;
    return STATUS_OK;
}

enum status create_table_read(struct api_call *call, struct table *out_table)
{
    *out_table = (struct table){.class = TABLE_CLASS_STANDARD};
    TRY(table_name_read(call, CREATE_TABLE_NAME, &out_table->name));
    TRY(check_features(call));
    TRY(read_billing(call, out_table));
    TRY(read_key_schema(call, out_table));
    TRY(read_definitions(call, out_table));
    TRY(table_settings_read_tags(call, request_member(call, CREATE_TAGS), &out_table->tags));
    out_table->is_protected = request_flag(call, CREATE_DELETION_PROTECTION_ENABLED, false);
    out_table->has_class = request_member(call, CREATE_TABLE_CLASS) != NULL;
    if (request_is(call, CREATE_TABLE_CLASS, "STANDARD_INFREQUENT_ACCESS"))
        out_table->class = TABLE_CLASS_INFREQUENT_ACCESS;
    return STATUS_OK;
}
