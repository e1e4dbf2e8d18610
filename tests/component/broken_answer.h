// Plans that no world file can ask for yet: the tests' programs are linked so that serving calls
// this in place of fdns_answer. The first label of the name asked for says what is done to the
// plan:
//
//   raw-…       the reply as octets without its length
//   half-…      half a frame, then the connection is closed
//   reset-…     the connection is reset after the reply
//   close-…     the connection is closed after the reply
//   stall-…     the reply, and nothing is read any more
//   twice-…     the reply comes twice, the second one a second later
//   wrongid-…   a reply with another id, then the right one
//   shuffle-…   the reply comes after as many milliseconds as the name has octets
#pragma once
