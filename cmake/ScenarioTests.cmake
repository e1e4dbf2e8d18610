# Run at build time: writes one ctest test for every scenario. A scenario with a mistake fails the
# build here, with its file, line and column.
#
#   cmake -D PROGRAM=… -D ROOT=… -D OUT=… -P ScenarioTests.cmake
execute_process(
  COMMAND ${PROGRAM} run scenarios --list
  WORKING_DIRECTORY ${ROOT}
  OUTPUT_VARIABLE files
  RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "dnsconform run scenarios --list ended with status ${status}")
endif()

set(text "# Written by cmake/ScenarioTests.cmake.\n")
string(REPLACE "\n" ";" files "${files}")
foreach(file IN LISTS files)
  if(file STREQUAL "")
    continue()
  endif()
  string(REGEX REPLACE "\\.ya?ml$" "" name "${file}")
  get_filename_component(folder "${file}" DIRECTORY)
  string(REPLACE "scenarios/" "" area "${folder}")
  string(APPEND text
    "add_test([==[${name}]==] [==[${PROGRAM}]==] run [==[${file}]==])\n"
    "set_tests_properties([==[${name}]==] PROPERTIES LABELS [==[scenario;${area}]==]"
    " WORKING_DIRECTORY [==[${ROOT}]==] TIMEOUT 60)\n")
endforeach()
file(WRITE ${OUT} "${text}")
