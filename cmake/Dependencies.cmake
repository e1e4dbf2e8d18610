# Debian and Ubuntu ship no CMake config files for these libraries: pkg-config finds them.
find_package(PkgConfig REQUIRED)
pkg_search_module(LDNS REQUIRED IMPORTED_TARGET ldns libldns)
pkg_check_modules(UV REQUIRED IMPORTED_TARGET libuv>=1.44)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto>=3.0)
pkg_check_modules(IDN2 REQUIRED IMPORTED_TARGET libidn2>=2.0.5)
pkg_check_modules(CUNIT REQUIRED IMPORTED_TARGET cunit)
