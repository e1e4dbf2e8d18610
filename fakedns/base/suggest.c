#include "fakedns/base/suggest.h"

#include <string.h>

enum { LONGEST = 64 };

static int fold(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

// Insertions, deletions, replacements and swaps of neighbours that lead from a to b, regardless of
// case: optimal string alignment, row by row. Both are at most LONGEST octets.
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b_len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t replaced = fold(a[i - 1]) == fold(b[j - 1]) ? 0 : 1;
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + replaced);
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
                fold(a[i - 2]) == fold(b[j - 1])) {
                row[j] = least(row[j], two_above[j - 2] + 1);
            }
        }
    }
    return rows[a_len % 3][b_len];
}

const char *fdns_suggest(const char *word, const char *const *words, size_t n)
{
    size_t len = strlen(word);
    size_t limit = len / 3 > 1 ? len / 3 : 1;
    const char *nearest = NULL;
    if (len > LONGEST) {
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        size_t other_len = strlen(words[i]);
        if (other_len > LONGEST) {
            continue;
        }
        size_t d = distance(word, len, words[i], other_len);
        // A word of which nothing is left is no suggestion: "x" does not mean "y".
        if (d <= limit && (d < len || d < other_len)) {
            nearest = words[i];
            limit = d - (d > 0 ? 1 : 0);
            if (d == 0) {
                break;
            }
        }
    }
    return nearest;
}
