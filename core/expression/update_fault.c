#include "core/expression/update_fault.h"

#include "core/base/check.h"

const char *update_fault_text(enum update_fault fault)
{
#define UPDATE_FAULT_TEXT(name, number, text) [number] = (text),
    static const char *const texts[] = {UPDATE_FAULT_LIST(UPDATE_FAULT_TEXT)};
#undef UPDATE_FAULT_TEXT
    CHECK((unsigned)fault < UPDATE_FAULT_COUNT);
    return texts[fault];
}
