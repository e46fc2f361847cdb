#include "router/api/table_record.h"

#include "router/api/catalog_access.h"
#include "router/api/shapes.h"
#include "router/api/table_name.h"

enum { TABLE_NAME };

static const struct shape_member members[] = {
    [TABLE_NAME] = SHAPE_MEMBER("TableName", shape_table_name, .is_required = true),
};

const struct shape table_record_input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

struct table_reading {
    struct slice name;
    const struct table_record_answer *answer;
};

static enum status tell(struct api_call *call)
{
    const struct table_reading *reading = call->state;
    const struct table_record_answer *answer = reading->answer;
    const struct table *table = catalog_access_find(call, reading->name);
    if (table == NULL)
        return answer->missing_fn(call, reading->name);
    if (answer->check_fn != NULL)
        TRY(answer->check_fn(call, table));
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    answer->write_fn(call, table, &writer);
    json_writer_object_end(&writer);
    api_call_answer(call, 200);
    return STATUS_OK;
}

enum status table_record_start(struct api_call *call, const struct table_record_answer *answer)
{
    struct slice name;
    TRY(table_name_read(call, TABLE_NAME, &name));
    return table_record_tell(call, name, answer);
}

enum status table_record_tell(struct api_call *call, struct slice name,
                              const struct table_record_answer *answer)
{
    struct table_reading *reading = arena_alloc(call->arena, sizeof *reading);
    *reading = (struct table_reading){.name = name, .answer = answer};
    call->state = reading;
    catalog_access_refresh(call, tell);
    return STATUS_OK;
}
