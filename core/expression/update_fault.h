/*
 * Update faults: why an item cannot be updated as an expression says, which only the item shows.
 * A condition too may take too much work.
 */
#pragma once

/* On the wire: never renumber, append only. */
#define UPDATE_FAULT_LIST(X)                                                                       \
    X(NONE, 0, "")                                                                                 \
    X(PATH, 1, "The document path provided in the update expression is invalid for update")        \
    X(MISSING, 2,                                                                                  \
      "The provided expression refers to an attribute that does not exist in the item")            \
    X(TYPE, 3, "An operand in the update expression has an incorrect data type")                   \
    X(NUMBER_OVERFLOW, 4,                                                                          \
      "Number overflow. Attempting to store a number with magnitude larger than supported range")  \
    X(NUMBER_UNDERFLOW, 5,                                                                         \
      "Number underflow. Attempting to store a number with magnitude smaller than supported "      \
      "range")                                                                                     \
    X(NUMBER_DIGITS, 6, "Attempting to store more than 38 significant digits in a Number")         \
    X(DEPTH, 7, "Nesting Levels have exceeded supported limits")                                   \
    X(SIZE, 8, "Item size to update has exceeded the maximum allowed size")                        \
    X(WORK, 9,                                                                                     \
      "Graticule: the expressions of this request take more work on the item than one request "    \
      "may")

#define UPDATE_FAULT_ENTRY(name, number, text) UPDATE_FAULT_##name = (number),
enum update_fault { UPDATE_FAULT_LIST(UPDATE_FAULT_ENTRY) UPDATE_FAULT_COUNT };
#undef UPDATE_FAULT_ENTRY

/* What the API answers; empty for UPDATE_FAULT_NONE. The fault is below UPDATE_FAULT_COUNT. */
const char *update_fault_text(enum update_fault fault);
