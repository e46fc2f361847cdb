#include "tests/scenario/statement.h"

#include "tests/scenario/clauses.h"

#include <string.h>

static const char *text_of(struct notation *notation, struct slice text)
{
    return arena_copy_text(notation->arena, text);
}

static void set_text(struct notation *notation, struct tree *object, const char *name,
                     struct slice text)
{
    tree_set(object, name, tree_of_text(notation->arena, TREE_STRING, text));
}

/* The table's name, in a body that is new. */
static void take_table(struct notation *notation, struct statement *out)
{
    notation_skip_blanks(notation);
    struct slice name = *notation->at == '"' ? notation_string(notation) : notation_word(notation);
    out->awaited_table = text_of(notation, name);
    out->body = tree_create(notation->arena, TREE_OBJECT);
    set_text(notation, out->body, "TableName", name);
}

/* --- Operations on items --------------------------------------------------------------------- */

static const struct verb {
    const char *word;
    const char *operation;
    const char *item;   /* the parameter that holds the item or the key; NULL: none */
    const char *result; /* the member that an expected item is compared with */
} verbs[] = {
    {"put", "PutItem", "Item", "Attributes"},
    {"get", "GetItem", "Key", "Item"},
    {"update", "UpdateItem", "Key", "Attributes"},
    {"delete", "DeleteItem", "Key", "Attributes"},
    {"query", "Query", NULL, "Items"},
    {"scan", "Scan", NULL, "Items"},
};

static void item_verb_parse(struct notation *notation, const struct verb *verb,
                            struct statement *out)
{
    out->operation = verb->operation;
    out->result = verb->result;
    out->is_result_unordered = strcmp(verb->operation, "Scan") == 0;
    take_table(notation, out);
    out->awaited_table = NULL;
    if (verb->item != NULL) {
        struct tree *item = notation_item(notation);
        if (item == NULL)
            return;
        tree_set(out->body, verb->item, item);
    }
    clauses_take(notation, out->body);
}

/* batch-get T [KEY, ...] */
static void batch_get_parse(struct notation *notation, struct statement *out)
{
    struct arena *arena = notation->arena;
    struct slice table = notation_word(notation);
    out->operation = "BatchGetItem";
    out->result = arena_format(arena, "Responses.%s", text_of(notation, table));
    out->is_result_unordered = true;
    if (!notation_take(notation, "[")) {
        notation_fail(notation, "a list of keys should stand here");
        return;
    }
    struct tree *keys = notation_items(notation);
    struct tree *request = tree_create(arena, TREE_OBJECT);
    out->body = tree_create(arena, TREE_OBJECT);
    if (keys == NULL)
        return;
    tree_set(request, "Keys", keys);
    /* Its clauses are of the table, but for one. */
    clauses_take(notation, request);
    struct tree *tables = tree_create(arena, TREE_OBJECT);
    tree_add_member(tables, table, request);
    tree_set(out->body, "RequestItems", tables);
}

static void add_writes(struct notation *notation, const char *kind, const char *member,
                       struct tree *writes)
{
    struct arena *arena = notation->arena;
    if (!notation_take(notation, "[")) {
        notation_fail(notation, "a list of items should stand here");
        return;
    }
    struct tree *items = notation_items(notation);
    for (struct tree *item = items != NULL ? items->first : NULL; item != NULL; item = item->next) {
        struct tree *request = tree_create(arena, TREE_OBJECT);
        struct tree *write = tree_create(arena, TREE_OBJECT);
        tree_set(request, member, tree_share(arena, item));
        tree_set(write, kind, request);
        tree_add(writes, write);
    }
}

/* batch-write T put [ITEM, ...] delete [KEY, ...] */
static void batch_write_parse(struct notation *notation, struct statement *out)
{
    struct arena *arena = notation->arena;
    struct slice table = notation_word(notation);
    out->operation = "BatchWriteItem";
    struct tree *writes = tree_create(arena, TREE_ARRAY);
    if (notation_take_word(notation, "put"))
        add_writes(notation, "PutRequest", "Item", writes);
    if (notation_take_word(notation, "delete"))
        add_writes(notation, "DeleteRequest", "Key", writes);
    struct tree *tables = tree_create(arena, TREE_OBJECT);
    tree_add_member(tables, table, writes);
    out->body = tree_create(arena, TREE_OBJECT);
    tree_set(out->body, "RequestItems", tables);
    clauses_take(notation, out->body);
}

/* --- Tables ---------------------------------------------------------------------------------- */

static void add_key(struct notation *notation, struct slice name, struct slice type,
                    struct tree *body)
{
    struct arena *arena = notation->arena;
    struct tree *definitions = tree_find(body, slice_of_text("AttributeDefinitions"));
    struct tree *schema = tree_find(body, slice_of_text("KeySchema"));
    struct tree *definition = tree_create(arena, TREE_OBJECT);
    set_text(notation, definition, "AttributeName", name);
    set_text(notation, definition, "AttributeType", type);
    tree_add(definitions, definition);
    struct tree *key = tree_create(arena, TREE_OBJECT);
    set_text(notation, key, "AttributeName", name);
    set_text(notation, key, "KeyType", slice_of_text(schema->count == 0 ? "HASH" : "RANGE"));
    tree_add(schema, key);
}

/* table T NAME:TYPE [NAME:TYPE] */
static void table_parse(struct notation *notation, struct statement *out)
{
    struct arena *arena = notation->arena;
    out->operation = "CreateTable";
    take_table(notation, out);
    out->awaited_status = "ACTIVE";
    tree_set(out->body, "AttributeDefinitions", tree_create(arena, TREE_ARRAY));
    tree_set(out->body, "KeySchema", tree_create(arena, TREE_ARRAY));
    notation_skip_blanks(notation);
    const char *before = notation->at;
    for (struct slice name = notation_word(notation); name.size > 0 && *notation->at == ':';
         name = notation_word(notation)) {
        notation->at++;
        add_key(notation, name, notation_word(notation), out->body);
        notation_skip_blanks(notation);
        before = notation->at;
    }
    notation->at = before;
    clauses_take(notation, out->body);
    if (tree_find(out->body, slice_of_text("BillingMode")) == NULL &&
        tree_find(out->body, slice_of_text("ProvisionedThroughput")) == NULL)
        set_text(notation, out->body, "BillingMode", slice_of_text("PAY_PER_REQUEST"));
}

static void drop_parse(struct notation *notation, struct statement *out)
{
    out->operation = "DeleteTable";
    take_table(notation, out);
    clauses_take(notation, out->body);
}

static void wait_parse(struct notation *notation, struct statement *out)
{
    out->kind = STATEMENT_WAIT;
    take_table(notation, out);
    if (!notation_take_word(notation, "gone"))
        out->awaited_status = text_of(notation, notation_word(notation));
}

/* --- Everything else ------------------------------------------------------------------------- */

static void restart_parse(struct notation *notation, struct statement *out)
{
    (void)notation;
    out->kind = STATEMENT_RESTART;
}

static void call_parse(struct notation *notation, struct statement *out)
{
    out->operation = text_of(notation, notation_word(notation));
    out->body = notation_json(notation);
}

static void let_parse(struct notation *notation, struct statement *out)
{
    out->kind = STATEMENT_LET;
    out->name = notation_word(notation);
    if (!notation_take(notation, "="))
        notation_fail(notation, "= should stand here");
    out->path = notation_word(notation);
}

static const char *http_text_of(struct notation *notation)
{
    notation_skip_blanks(notation);
    return text_of(notation,
                   *notation->at == '"' ? notation_string(notation) : notation_word(notation));
}

static void http_body_take(struct notation *notation, struct region_request *request)
{
    notation_skip_blanks(notation);
    if (*notation->at == '"') {
        request->body = notation_string(notation);
        return;
    }
    struct tree *tree = notation_json(notation);
    if (tree == NULL)
        return;
    SCOPED(buffer) text;
    buffer_init(&text);
    tree_write(tree, &text);
    request->body = arena_copy(notation->arena, buffer_slice(&text));
}

static void http_header_take(struct notation *notation, struct region_request *request)
{
    char *name = arena_copy_text(notation->arena, notation_string(notation));
    char *colon = strstr(name, ": ");
    if (colon == NULL) {
        notation_fail(notation, "a header is \"Name: value\"");
        return;
    }
    *colon = '\0';
    request->header_name = name;
    request->header_value = colon + 2;
}

static bool http_clause_take(struct notation *notation, struct region_request *request)
{
    const struct {
        const char *name;
        const char **place;
    } texts[] = {
        {"query=", &request->query},        {"date=", &request->date},
        {"method=", &request->method},      {"type=", &request->content_type},
        {"target=", &request->target},      {"authorization=", &request->authorization},
        {"key=", &request->access_key_id},  {"secret=", &request->secret},
        {"region=", &request->region_name}, {"service=", &request->service},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (notation_take(notation, texts[i].name)) {
            *texts[i].place = http_text_of(notation);
            return true;
        }
    if (notation_take(notation, "body="))
        http_body_take(notation, request);
    else if (notation_take(notation, "header="))
        http_header_take(notation, request);
    else if (notation_take(notation, "age=-"))
        request->age_s = -(int64_t)notation_number(notation);
    else if (notation_take(notation, "age="))
        request->age_s = (int64_t)notation_number(notation);
    else
        return false;
    return true;
}

static void http_parse(struct notation *notation, struct statement *out)
{
    out->kind = STATEMENT_HTTP;
    notation_skip_blanks(notation);
    while (notation->mistake == NULL && *notation->at != '\0' &&
           strncmp(notation->at, "->", 2) != 0) {
        if (!http_clause_take(notation, &out->http))
            notation_fail(notation, "no clause of http begins like this");
        notation_skip_blanks(notation);
    }
}

static const struct {
    const char *word;
    void (*parse)(struct notation *notation, struct statement *out);
} others[] = {
    {"batch-get", batch_get_parse}, {"batch-write", batch_write_parse},
    {"table", table_parse},         {"drop", drop_parse},
    {"wait", wait_parse},           {"restart", restart_parse},
    {"call", call_parse},           {"let", let_parse},
    {"http", http_parse},
};

static void verb_parse(struct notation *notation, struct statement *out)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (notation_take_word(notation, verbs[i].word)) {
            item_verb_parse(notation, &verbs[i], out);
            return;
        }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (notation_take_word(notation, others[i].word)) {
            others[i].parse(notation, out);
            return;
        }
    notation_fail(notation, "no verb begins like this");
}

bool statement_parse(struct notation *notation, struct statement *out)
{
    *out = (struct statement){.kind = STATEMENT_CALL};
    out->takes_all_pages = notation_take_word(notation, "all");
    verb_parse(notation, out);
    notation_skip_blanks(notation);
    if (*notation->at != '\0' && strncmp(notation->at, "->", 2) != 0)
        notation_fail(notation, "an arrow should stand here, or the end");
    return notation->mistake == NULL;
}
