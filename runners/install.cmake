# What an installed Crosstalk consists of, and its Debian package: `cmake --install build/release --prefix DIR`, or
# `cmake --build --preset release --target deb`, which .ci/package tries. The report's page is inside the tool.
include(GNUInstallDirs)

# Manual pages and completion are told by the tool itself, from its table of options.
set(told ${CMAKE_BINARY_DIR}/told)
add_custom_command(OUTPUT ${told}/stamp
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${told}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${told}/man1
  COMMAND crosstalk manual --all ${told}/man1
  COMMAND crosstalk completion bash > ${told}/crosstalk
  COMMAND crosstalk completion zsh > ${told}/_crosstalk
  COMMAND ${CMAKE_COMMAND} -E touch ${told}/stamp
  DEPENDS crosstalk VERBATIM)
add_custom_target(manual_and_completion ALL DEPENDS ${told}/stamp)

install(TARGETS crosstalk crosstalk_gtest RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS crosstalk-agent RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/crosstalk)
set(data ${CMAKE_INSTALL_DATADIR}/crosstalk)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/runners/cases ${CMAKE_SOURCE_DIR}/runners/expectations DESTINATION ${data})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/runners/targets DESTINATION ${data} FILES_MATCHING PATTERN *.toml)
install(PROGRAMS ${CMAKE_SOURCE_DIR}/runners/targets/fetch-kernel ${CMAKE_SOURCE_DIR}/runners/targets/mkinitrd
        DESTINATION ${data}/targets)
install(FILES ${CMAKE_SOURCE_DIR}/reports/schema.json DESTINATION ${data})
install(DIRECTORY ${told}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${told}/crosstalk DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${told}/_crosstalk DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/runners/guides DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME crosstalk)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Crosstalk <crosstalk@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "conformance and fault-injection tests of inter-process communication")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Drives the IPC of a POSIX or Linux system with random programs, makes things go\n"
    "wrong on purpose, and judges what happened against an executable specification\n"
    "in which each sentence cites the document that promises it.")
string(REPLACE ";" "" CPACK_DEBIAN_PACKAGE_DESCRIPTION "${CPACK_DEBIAN_PACKAGE_DESCRIPTION}")
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "qemu-system-x86, bubblewrap, runsc, qemu-user")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/package)
include(CPack)
# CPack's own target, `package`, would build the tests too.
add_custom_target(deb COMMAND ${CMAKE_CPACK_COMMAND} -G DEB
                  DEPENDS crosstalk crosstalk-agent crosstalk_gtest manual_and_completion VERBATIM)
