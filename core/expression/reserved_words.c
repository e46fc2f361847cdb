#include "core/expression/reserved_words.h"

enum { WORD_SIZE_MAX = 16 };

#define RESERVED_WORD(word) #word,
static const char *const words[] = {
#include "core/expression/reserved_words.def"
};
#undef RESERVED_WORD

#define RESERVED_WORD(word)                                                                        \
    _Static_assert(sizeof #word <= WORD_SIZE_MAX + 1, "a word fits the room for its capitals");
#include "core/expression/reserved_words.def"
#undef RESERVED_WORD

size_t reserved_words_count(void)
{
    return sizeof words / sizeof words[0];
}

static size_t write_capitals(struct slice word, uint8_t *capitals)
{
    for (size_t i = 0; i < word.size; i++) {
        uint8_t letter = word.bytes[i];
        capitals[i] = letter >= 'a' && letter <= 'z' ? (uint8_t)(letter - 'a' + 'A') : letter;
    }
    return word.size;
}

bool reserved_words_contain(struct slice word)
{
    uint8_t capitals[WORD_SIZE_MAX];
    if (word.size > sizeof capitals)
        return false;
    struct slice wanted = slice_of(capitals, write_capitals(word, capitals));
    size_t first = 0;
    size_t end = reserved_words_count();
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        int order = slice_compare(wanted, slice_of_text(words[middle]));
        if (order == 0)
            return true;
        if (order < 0)
            end = middle;
        else
            first = middle + 1;
    }
    return false;
}
