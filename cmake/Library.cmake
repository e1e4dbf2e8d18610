# libfakedns: the layers below fakedns/ in one library. Only what fakedns.h declares can be seen of the shared
# one. Installed with a pkg-config file and a CMake package.
set(objects)
foreach(layer ${library_layers})
  list(APPEND objects $<TARGET_OBJECTS:fakedns_${layer}>)
endforeach()
set(libraries PkgConfig::LDNS PkgConfig::UV PkgConfig::YAML PkgConfig::JANSSON ${CMAKE_DL_LIBS})

foreach(kind SHARED STATIC)
  string(TOLOWER libfakedns_${kind} target)
  add_library(${target} ${kind} ${PROJECT_SOURCE_DIR}/fakedns/library/fakedns.c ${objects})
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME fakedns EXPORT_NAME fakedns LINKER_LANGUAGE C
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
  target_include_directories(${target}
    PRIVATE ${PROJECT_SOURCE_DIR} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target} PRIVATE ${libraries})
endforeach()
set(exported ${PROJECT_SOURCE_DIR}/fakedns/library/fakedns.map)
target_link_options(libfakedns_shared PRIVATE -Wl,--version-script=${exported})
set_target_properties(libfakedns_shared PROPERTIES LINK_DEPENDS ${exported})

include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fakedns)
configure_file(${PROJECT_SOURCE_DIR}/cmake/fakedns.pc.in fakedns.pc @ONLY)
write_basic_package_version_file(fakednsConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(TARGETS libfakedns_shared EXPORT fakednsConfig LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS libfakedns_static ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT fakednsConfig NAMESPACE fakedns:: DESTINATION ${package_dir})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/fakednsConfigVersion.cmake DESTINATION ${package_dir})
install(FILES ${PROJECT_SOURCE_DIR}/fakedns/library/fakedns.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/fakedns.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
