"""Runs a module's `unittest` tests, and prints for each the line that `tests/third-party/run` counts."""

import os
import sys
import traceback
import unittest


class Lines(unittest.TestResult):
    def addSuccess(self, test):
        super().addSuccess(test)
        self._line("passed", test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        # The message is enough, without the traceback.
        self._line("failed", test, str(err[1]))

    def addError(self, test, err):
        super().addError(test, err)
        self._line("failed", test, "".join(traceback.format_exception(*err)))

    def _line(self, outcome, test, detail=None):
        name = test.id().rpartition(".")[2].removeprefix("test_").replace("_", " ")
        line = f"{outcome}: {os.environ['PART']}: {name}"
        print(line, flush=True)
        if detail:
            print("    " + detail.strip().replace("\n", "\n    "), flush=True)
        with open(os.environ["THIRD_PARTY_RESULTS"], "a", encoding="utf-8") as results:
            print(line, file=results)


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = Lines()
    suite.run(result)
    sys.exit(not result.wasSuccessful())
