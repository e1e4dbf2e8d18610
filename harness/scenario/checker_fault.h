// The finding id of a checker that can say that something is wrong, but not what.
#pragma once

#define DC_CHECKER_FAULT "checker/fault"
