// Where the lines of a literal block stand in the file.
#pragma once

#include "fakedns/yaml/place.h"

struct fdns_node;

// Sets literal_line and literal_indent of a literal scalar; place is that of its |.
void fdns_literal_locate(struct fdns_node *node, struct fdns_place place);
