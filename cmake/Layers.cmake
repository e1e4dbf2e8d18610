# dc_layer(FOLDER LINK libs…) makes one static library of the sources in a folder and the folders
# below it, so that a new source file needs no edit here.
function(dc_layer folder)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.c)
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
endfunction()

# dc_program(NAME FOLDER-OR-FILE LINK libs…) makes a program of a file or of a folder's sources.
function(dc_program name source)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${source})
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${source}/*.c)
  else()
    set(sources ${PROJECT_SOURCE_DIR}/${source})
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
endfunction()

# dc_module(FOLDER NAME LINK libs…) makes a module, NAME.so beside the programs, that a program loads
# when it is asked for. It includes no other layer.
function(dc_module folder name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.c)
  add_library(${name} MODULE ${sources})
  set_target_properties(${name} PROPERTIES PREFIX "" C_VISIBILITY_PRESET hidden)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
endfunction()
