#include "tests/scenario/script.h"

struct reading {
    struct arena *arena;
    struct script_scenario head; /* before the first scenario: its lines are the preamble */
    struct script_scenario *scenario;
    bool is_behind_blank;
    unsigned number;
};

static void comment_take(struct reading *reading, struct slice line)
{
    struct slice text = slice_skip(line, line.size > 1 ? 2 : 1);
    if (!reading->is_behind_blank) {
        struct script_scenario *scenario = reading->scenario;
        if (scenario != &reading->head && scenario->lines == NULL)
            scenario->rule = arena_format(reading->arena, "%s %.*s", scenario->rule, (int)text.size,
                                          (const char *)text.bytes);
        return;
    }
    struct script_scenario *scenario = arena_alloc_zeroed(reading->arena, sizeof *scenario);
    scenario->rule = arena_copy_text(reading->arena, text);
    scenario->number = reading->number;
    reading->scenario->next = scenario;
    reading->scenario = scenario;
}

static void statement_take(struct reading *reading, struct slice line)
{
    struct script_scenario *scenario = reading->scenario;
    if (line.bytes[0] == ' ' && scenario->last != NULL) {
        struct script_line *last = scenario->last;
        last->text = arena_format(reading->arena, "%s\n%.*s", last->text, (int)line.size,
                                  (const char *)line.bytes);
        return;
    }
    struct script_line *taken = arena_alloc_zeroed(reading->arena, sizeof *taken);
    taken->text = arena_copy_text(reading->arena, line);
    taken->number = reading->number;
    if (scenario->last == NULL)
        scenario->lines = taken;
    else
        scenario->last->next = taken;
    scenario->last = taken;
}

static void line_take(struct reading *reading, struct slice line)
{
    reading->number++;
    bool is_blank = true;
    for (size_t i = 0; i < line.size; i++)
        is_blank = is_blank && line.bytes[i] == ' ';
    if (!is_blank && line.bytes[0] == '#')
        comment_take(reading, line);
    else if (!is_blank)
        statement_take(reading, line);
    reading->is_behind_blank = is_blank;
}

enum status script_parse(struct arena *arena, struct slice text, struct script *out,
                         const char **out_mistake)
{
    struct reading reading = {.arena = arena, .is_behind_blank = true};
    reading.scenario = &reading.head;
    while (text.size > 0) {
        const uint8_t *end = memchr(text.bytes, '\n', text.size);
        size_t size = end != NULL ? (size_t)(end - text.bytes) : text.size;
        line_take(&reading, slice_of(text.bytes, size));
        text = slice_skip(text, end != NULL ? size + 1 : size);
    }
    *out = (struct script){.preamble = reading.head.lines, .scenarios = reading.head.next};
    for (struct script_scenario *each = out->scenarios; each != NULL; each = each->next)
        if (each->lines == NULL) {
            *out_mistake = arena_format(arena, "line %u: a rule without statements", each->number);
            return STATUS_INVALID;
        }
    if (out->scenarios != NULL)
        return STATUS_OK;
    *out_mistake = "no scenario: each begins with a comment";
    return STATUS_INVALID;
}
