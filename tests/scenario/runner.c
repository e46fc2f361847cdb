#include "tests/scenario/runner.h"

#include "tests/scenario/session.h"

#include <string.h>

enum { SHOWN_SIZE_MAX = 2000 };

struct run {
    struct session session;
    const char *path;
    struct tree *variables;
    struct answer last;
    FILE *out;
};

static bool tell(const struct run *run, const struct script_line *line, const char *what)
{
    fprintf(run->out, "%s:%u: %s\n    %s\n", run->path, line->number, what, line->text);
    return false;
}

static bool tell_mistake(const struct run *run, const struct script_line *line,
                         const struct notation *notation)
{
    tell(run, line, notation->mistake);
    fprintf(run->out, "  at: %.60s\n", *notation->at != '\0' ? notation->at : "(the end)");
    return false;
}

static void tell_answer(const struct run *run, const struct answer *got)
{
    struct slice text = got->text;
    fprintf(run->out, "  got:      %u %.*s%s\n", got->status_code,
            (int)(text.size < SHOWN_SIZE_MAX ? text.size : SHOWN_SIZE_MAX),
            (const char *)text.bytes, text.size > SHOWN_SIZE_MAX ? " ..." : "");
}

static bool tell_difference(const struct run *run, const struct script_line *line,
                            const char *expected)
{
    tell(run, line, "another answer than expected");
    fprintf(run->out, "  expected: %s\n", *expected != '\0' ? expected + strlen("-> ") : "ok");
    tell_answer(run, &run->last);
    return false;
}

static bool let(struct run *run, const struct script_line *line, const struct statement *statement)
{
    const struct tree *found = tree_at(run->last.body, statement->path);
    if (found == NULL)
        return tell_difference(run, line, "-> an answer with such a member");
    tree_set(run->variables, arena_copy_text(run->session.arena, statement->name),
             tree_share(run->session.arena, found));
    return true;
}

static bool await(struct run *run, const struct script_line *line,
                  const struct statement *statement)
{
    return session_wait(&run->session, statement->awaited_table, statement->awaited_status) ||
           tell(run, line, "waited in vain");
}

static void send(struct run *run, const struct statement *statement)
{
    struct session *session = &run->session;
    if (statement->kind == STATEMENT_HTTP)
        run->last = session_send(session, &statement->http);
    else if (statement->takes_all_pages)
        run->last = session_call_all(session, statement->operation, statement->body);
    else
        run->last = session_call(session, statement->operation, statement->body);
}

static bool request(struct run *run, const struct script_line *line,
                    const struct statement *statement, struct notation *notation)
{
    const char *expected = notation->at;
    send(run, statement);
    if (run->session.mistake != NULL) {
        tell(run, line, run->session.mistake);
        tell_answer(run, &run->last);
        return false;
    }
    if (!expectation_check(notation, statement, &run->last))
        return notation->mistake != NULL ? tell_mistake(run, line, notation)
                                         : tell_difference(run, line, expected);
    bool waits = statement->awaited_table != NULL && run->last.status_code == 200;
    return !waits || await(run, line, statement);
}

static bool run_statement(struct run *run, const struct script_line *line,
                          struct notation *notation)
{
    struct statement statement;
    if (!statement_parse(notation, &statement))
        return tell_mistake(run, line, notation);
    switch (statement.kind) {
    case STATEMENT_LET:
        return let(run, line, &statement);
    case STATEMENT_WAIT:
        return await(run, line, &statement);
    case STATEMENT_RESTART:
        return session_restart(&run->session) || tell(run, line, "the servers do not come back");
    case STATEMENT_CALL:
    case STATEMENT_HTTP:
        break;
    }
    return request(run, line, &statement, notation);
}

static struct notation notation_of(const struct run *run, const struct script_line *line)
{
    return (struct notation){
        .arena = run->session.arena,
        .at = line->text,
        .variables = run->variables,
    };
}

/* Can a line be read? Asked of all before the first is made, so that no mistake hides behind a
 * failure. */
static bool rehearse_line(const struct run *run, const struct script_line *line)
{
    struct notation notation = notation_of(run, line);
    struct statement statement;
    const struct answer none = {0};
    notation.is_rehearsed = true;
    if (notation_take_word(&notation, "repeat"))
        notation_number(&notation);
    if (statement_parse(&notation, &statement))
        (void)expectation_check(&notation, &statement, &none);
    return notation.mistake == NULL || tell_mistake(run, line, &notation);
}

static bool rehearse_lines(const struct run *run, const struct script_line *lines)
{
    bool is_understood = true;
    for (const struct script_line *line = lines; line != NULL; line = line->next)
        is_understood = rehearse_line(run, line) && is_understood;
    return is_understood;
}

/* `repeat N STATEMENT` makes it so often, with $i from 0. */
static bool run_line(struct run *run, const struct script_line *line)
{
    struct notation notation = notation_of(run, line);
    uint64_t count = notation_take_word(&notation, "repeat") ? notation_number(&notation) : 1;
    if (notation.mistake != NULL)
        return tell_mistake(run, line, &notation);
    for (uint64_t i = 0; i < count; i++) {
        struct notation own = notation;
        own.index = i;
        if (!run_statement(run, line, &own))
            return false;
    }
    return true;
}

static bool run_lines(struct run *run, const struct script_line *lines)
{
    for (const struct script_line *line = lines; line != NULL; line = line->next)
        if (!run_line(run, line))
            return false;
    return true;
}

bool runner_run(const struct backend *backend, const char *path, const struct script *script,
                const struct script_scenario *scenario, FILE *out)
{
    OWNED(arena) arena = arena_create();
    struct run run = {
        .session = {.backend = backend, .arena = arena},
        .path = path,
        .variables = tree_create(arena, TREE_OBJECT),
        .out = out,
    };
    bool is_kept = rehearse_lines(&run, script->preamble) &&
                   rehearse_lines(&run, scenario->lines) && run_lines(&run, script->preamble) &&
                   run_lines(&run, scenario->lines);
    const char *mistake = session_clear(&run.session) ? NULL : "its tables cannot be deleted";
    if (is_kept && run.session.mistake != NULL)
        mistake = run.session.mistake;
    if (mistake == NULL)
        return is_kept;
    fprintf(out, "%s:%u: %s\n", path, scenario->number, mistake);
    return false;
}
