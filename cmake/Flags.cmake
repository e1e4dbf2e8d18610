# Compiler flags for every target. Asserts stay on in release builds, so NDEBUG is never defined.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_FLAGS_RELEASE "-O2 -g")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g -fno-omit-frame-pointer")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON) # the layers also become a shared library

add_compile_definitions(_GNU_SOURCE DNSCONFORM_VERSION="${PROJECT_VERSION}")
add_compile_options(
  -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
  -Wmissing-prototypes -Wvla -Werror)

if(DNSCONFORM_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()
if(DNSCONFORM_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
if(DNSCONFORM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
