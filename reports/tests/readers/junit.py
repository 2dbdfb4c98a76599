# Counts what junitparser reads in a JUnit file: "tests failed broken skipped" over its cases, not its attributes; an
# attribute that says otherwise is an error. Nested names are printed for no one: schema and order are xmllint's matter.
import sys

from junitparser import Error, Failure, JUnitXml, Skipped

kinds = {Failure: 0, Error: 0, Skipped: 0}
tests = 0
for suite in JUnitXml.fromfile(sys.argv[1]):
    cases = list(suite)
    tests += len(cases)
    own = {kind: sum(isinstance(result, kind) for case in cases for result in case.result) for kind in kinds}
    if (suite.tests, suite.failures, suite.errors, suite.skipped) != (len(cases), *own.values()):
        sys.exit(f"{suite.name}: its attributes do not count its cases")
    for kind, times in own.items():
        kinds[kind] += times
print(tests, *kinds.values())
