// Worlds that the component tests play on.
#pragma once

// Three servers of one zone, and rules for names that begin with a word. ns3 is for TCP faults.
extern const char world_of_behaviours[];
