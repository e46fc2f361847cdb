#include "tests/scenario/session.h"

#include "tests/scenario/crc32.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_request_id(const char *text)
{
    enum { REQUEST_ID_SIZE = 52 };
    size_t size = 0;
    while (isupper((unsigned char)text[size]) || isdigit((unsigned char)text[size]))
        size++;
    return size == REQUEST_ID_SIZE && text[size] == '\0';
}

static void check_every_answer(struct session *session, const struct region_answer *answer)
{
    uint32_t checksum = crc32_of(slice_of(answer->body, answer->body_size));
    if (!is_request_id(answer->request_id))
        session->mistake = "the answer has no request id of 52 letters and digits";
    else if (strtoul(answer->checksum, NULL, 10) != checksum || *answer->checksum == '\0')
        session->mistake = "x-amz-crc32 is not the checksum of the answer";
}

struct answer session_send(struct session *session, const struct region_request *request)
{
    const struct backend *backend = session->backend;
    const struct region_answer *got = backend->send(backend->context, request);
    if (got == NULL) {
        session->mistake = "there was no answer";
        return (struct answer){0};
    }
    check_every_answer(session, got);
    struct answer answer = {
        .status_code = got->status_code,
        .text = arena_copy(session->arena, slice_of(got->body, got->body_size)),
    };
    struct tree *body;
    if (tree_parse(session->arena, answer.text, &body) == STATUS_OK)
        answer.body = body;
    return answer;
}

struct answer session_call(struct session *session, const char *operation, const struct tree *body)
{
    const char *prefix = strchr(operation, '.') != NULL ? "" : "DynamoDB_20120810.";
    SCOPED(buffer) text;
    buffer_init(&text);
    tree_write(body, &text);
    return session_send(session,
                        &(struct region_request){
                            .target = arena_format(session->arena, "%s%s", prefix, operation),
                            .body = buffer_slice(&text),
                        });
}

/* --- Pages ----------------------------------------------------------------------------------- */

struct pages {
    struct tree *items;
    uint64_t page_count;
    uint64_t item_count;
    uint64_t scanned_count;
};

static uint64_t count_of(const struct tree *body, const char *name)
{
    return tree_count(tree_find(body, slice_of_text(name)));
}

static void add_page(struct session *session, const struct tree *body, struct pages *pages)
{
    const struct tree *items = tree_find(body, slice_of_text("Items"));
    for (const struct tree *item = items != NULL ? items->first : NULL; item != NULL;
         item = item->next)
        tree_add(pages->items, tree_share(session->arena, item));
    pages->page_count++;
    pages->item_count += count_of(body, "Count");
    pages->scanned_count += count_of(body, "ScannedCount");
}

/* All pages of one segment. */
static struct answer call_pages(struct session *session, const char *operation, struct tree *body,
                                struct pages *pages)
{
    for (;;) {
        struct answer answer = session_call(session, operation, body);
        if (answer.status_code != 200)
            return answer;
        add_page(session, answer.body, pages);
        const struct tree *last = tree_find(answer.body, slice_of_text("LastEvaluatedKey"));
        if (last == NULL || pages->page_count > SESSION_PAGE_COUNT_MAX)
            return answer;
        tree_set(body, "ExclusiveStartKey", tree_share(session->arena, last));
    }
}

static struct answer answer_of_pages(struct session *session, const struct pages *pages)
{
    struct tree *body = tree_create(session->arena, TREE_OBJECT);
    tree_set(body, "Items", pages->items);
    tree_set(body, "Count", tree_of_count(session->arena, pages->item_count));
    tree_set(body, "ScannedCount", tree_of_count(session->arena, pages->scanned_count));
    tree_set(body, "Pages", tree_of_count(session->arena, pages->page_count));
    SCOPED(buffer) text;
    buffer_init(&text);
    tree_write(body, &text);
    return (struct answer){
        .status_code = 200,
        .text = arena_copy(session->arena, buffer_slice(&text)),
        .body = body,
    };
}

/* The request, without a page to begin at. */
static struct tree *body_of_segment(struct session *session, const struct tree *body,
                                    uint64_t segment)
{
    struct tree *own = tree_create(session->arena, TREE_OBJECT);
    for (const struct tree *member = body->first; member != NULL; member = member->next)
        tree_add_member(own, member->name, tree_share(session->arena, member));
    if (tree_find(body, slice_of_text("TotalSegments")) != NULL)
        tree_set(own, "Segment", tree_of_count(session->arena, segment));
    return own;
}

struct answer session_call_all(struct session *session, const char *operation, struct tree *body)
{
    struct pages pages = {.items = tree_create(session->arena, TREE_ARRAY)};
    uint64_t segment_count = count_of(body, "TotalSegments");
    for (uint64_t i = 0; i == 0 || i < segment_count; i++) {
        struct tree *own = body_of_segment(session, body, i);
        struct answer answer = call_pages(session, operation, own, &pages);
        if (answer.status_code != 200)
            return answer;
    }
    return answer_of_pages(session, &pages);
}

/* --- Tables ---------------------------------------------------------------------------------- */

static struct tree *table_body(struct session *session, struct slice table)
{
    struct tree *body = tree_create(session->arena, TREE_OBJECT);
    tree_set(body, "TableName", tree_of_text(session->arena, TREE_STRING, table));
    return body;
}

bool session_wait(struct session *session, const char *table, const char *status)
{
    struct tree *body = table_body(session, slice_of_text(table));
    for (unsigned i = 0; i < SESSION_WAIT_MS_MAX; i++) {
        struct answer answer = session_call(session, "DescribeTable", body);
        const struct tree *got = tree_at(answer.body, slice_of_text("Table.TableStatus"));
        bool is_there = answer.status_code == 200 && got != NULL;
        if (status == NULL ? answer.status_code == 400
                           : is_there && slice_is_text(got->text, status))
            return true;
        session->backend->pass_time(session->backend->context);
    }
    return false;
}

bool session_restart(struct session *session)
{
    const struct backend *backend = session->backend;
    const struct tree *nothing = tree_create(session->arena, TREE_OBJECT);
    if (!backend->restart(backend->context))
        return false;
    /* Whoever did not see it end may take its connections for good, once. */
    for (unsigned i = 0; i < SESSION_WAIT_MS_MAX; i++) {
        if (session_call(session, "ListTables", nothing).status_code == 200)
            return true;
        backend->pass_time(backend->context);
    }
    return false;
}

/* Protected ones too. */
static bool delete_table(struct session *session, struct slice table)
{
    struct tree *body = table_body(session, table);
    const char *name = arena_copy_text(session->arena, table);
    for (unsigned i = 0; i < SESSION_WAIT_MS_MAX; i++) {
        struct answer answer = session_call(session, "DeleteTable", body);
        if (answer.status_code == 200)
            return session_wait(session, name, NULL);
        struct tree *update = table_body(session, table);
        tree_set(update, "DeletionProtectionEnabled", tree_create(session->arena, TREE_FALSE));
        (void)session_call(session, "UpdateTable", update);
        session->backend->pass_time(session->backend->context);
    }
    return false;
}

bool session_clear(struct session *session)
{
    const struct tree *nothing = tree_create(session->arena, TREE_OBJECT);
    for (;;) {
        struct answer answer = session_call(session, "ListTables", nothing);
        const struct tree *names = tree_find(answer.body, slice_of_text("TableNames"));
        if (names == NULL)
            return false;
        if (names->first == NULL)
            return true;
        for (const struct tree *name = names->first; name != NULL; name = name->next)
            if (!delete_table(session, name->text))
                return false;
    }
}
