#include "router/api/request.h"

#include "core/base/check.h"
#include "core/base/utf8.h"
#include "router/api/operation.h"

static enum status refuse_fault(struct api_call *call, struct json_fault fault)
{
    bool is_validation = fault.kind == JSON_FAULT_VALIDATION;
    call->error = (struct api_error){
        .kind = is_validation ? API_ERROR_VALIDATION : API_ERROR_SERIALIZATION,
        .message = fault.message,
    };
    return STATUS_INVALID;
}

/* Items and values from the one on that broke a rule are empty; goes as deep as a document may. */
static bool has_faulty(const struct json_node *node)
{
    if (node->kind == JSON_ITEM || node->kind == JSON_VALUE)
        return node->text.size == 0;
    for (const struct json_node *child = node->first; child != NULL; child = child->next)
        if (has_faulty(child))
            return true;
    return false;
}

/* The entry of ExpressionAttributeValues that broke a rule; NULL: something else did. */
static const struct json_node *find_faulty_value(const struct json_node *root)
{
    const struct json_node *member = root->first;
    while (member != NULL && !has_faulty(member))
        member = member->next;
    bool is_there = member != NULL && slice_is_text(member->name, "ExpressionAttributeValues");
    const struct json_node *value = is_there ? member->first : NULL;
    while (value != NULL && !has_faulty(value))
        value = value->next;
    return value;
}

enum { NAME_ECHO_MAX = 255 };

static enum status refuse_values(struct api_call *call, const struct json_request *parsed)
{
    const struct json_node *value = find_faulty_value(parsed->root);
    struct slice message = parsed->fault.message;
    if (value == NULL || parsed->fault.kind != JSON_FAULT_VALIDATION)
        return refuse_fault(call, parsed->fault);
    struct slice name = utf8_prefix(value->name, NAME_ECHO_MAX);
    return api_call_refuse_format(
        call, API_ERROR_VALIDATION,
        "ExpressionAttributeValues contains invalid value: %.*s for key %.*s", (int)message.size,
        (const char *)message.bytes, (int)name.size, (const char *)name.bytes);
}

enum status request_refuse_not_served(struct api_call *call, struct slice what)
{
    return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                  "%.*s is not supported yet by this version of Graticule",
                                  (int)what.size, (const char *)what.bytes);
}

static enum status check_support(struct api_call *call, const struct shape *shape)
{
    for (size_t i = 0; i < shape->member_count; i++)
        if (call->members[i] != NULL && shape->members[i].support == SHAPE_NOT_SERVED)
            return request_refuse_not_served(call, shape->members[i].name);
    return STATUS_OK;
}

enum status request_check(struct api_call *call, const struct json_request *parsed)
{
    const struct shape *shape = call->operation->input;
    if (parsed->root == NULL)
        return refuse_fault(call, parsed->fault);
    shape_find_members(shape, parsed->root, call->members);
    struct json_fault fault = shape_check_types(shape, call->members, call->arena);
    if (fault.kind != JSON_FAULT_NONE)
        return refuse_fault(call, fault);
    struct slice message;
    if (shape_check_constraints(shape, call->members, call->arena, &message) != STATUS_OK) {
        call->error = (struct api_error){.kind = API_ERROR_VALIDATION, .message = message};
        return STATUS_INVALID;
    }
    if (parsed->fault.kind != JSON_FAULT_NONE)
        return refuse_values(call, parsed);
    return check_support(call, shape);
}

struct slice request_item(const struct api_call *call, size_t member)
{
    const struct json_node *node = call->members[member];
    CHECK(node != NULL);
    CHECK(node->kind == JSON_ITEM);
    return node->text;
}

bool request_is(const struct api_call *call, size_t member, const char *text)
{
    return slice_is_text(request_text(call, member), text);
}

bool request_flag(const struct api_call *call, size_t member, bool otherwise)
{
    const struct json_node *node = call->members[member];
    return node != NULL ? node->kind == JSON_TRUE : otherwise;
}

int64_t request_integer(const struct api_call *call, size_t member, int64_t otherwise)
{
    const struct json_node *node = call->members[member];
    return node != NULL ? shape_integer(node) : otherwise;
}
