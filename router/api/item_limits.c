#include "router/api/item_limits.h"

#include "core/base/limits.h"
#include "core/model/item.h"

/* Goes as deep as the item does, which is LIMIT_ITEM_DEPTH at most. */
static bool has_long_name(struct value_cursor cursor)
{
    struct slice name;
    struct value value;
    while (value_cursor_next(&cursor, &name, &value))
        if (name.size > LIMIT_ATTRIBUTE_NAME_SIZE || has_long_name(value_cursor(value)))
            return true;
    return false;
}

static enum status refuse_size(struct api_call *call)
{
    return api_call_refuse(call, API_ERROR_VALIDATION,
                           "Item size has exceeded the maximum allowed size");
}

static enum status check_names(struct api_call *call, struct value_cursor cursor)
{
    if (has_long_name(cursor))
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Attribute name is too large, must be less than 65536 bytes");
    return STATUS_OK;
}

enum status item_limits_check_value(struct api_call *call, struct value value)
{
    if (value.payload.size <= LIMIT_ATTRIBUTE_NAME_SIZE)
        return STATUS_OK;
    return check_names(call, value_cursor(value));
}

enum status item_limits_check(struct api_call *call, struct slice item, size_t *out_size)
{
    /* Hundreds of thousands of nearly empty sets take more bytes than they count; and what is far
     * too large is not looked through on the loop. */
    if (item.size > LIMIT_ITEM_BYTES)
        return refuse_size(call);
    if (item.size > LIMIT_ATTRIBUTE_NAME_SIZE)
        TRY(check_names(call, item_cursor(item)));
    *out_size = item_size(item);
    return *out_size > LIMIT_ITEM_SIZE ? refuse_size(call) : STATUS_OK;
}
