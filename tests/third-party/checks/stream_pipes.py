"""The pipes of `template.yaml` and of docs/streams.md, as cfn-lint reads them.

The argument is the command `cfn-lint`.
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import lines

# What the page leaves to its reader.
OTHERS = """
  OrdersTable:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
  ShippedOrdersMachine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
"""


def lint(template):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "template.yaml")
        file.write_text(template, encoding="utf-8")
        command = [CFN_LINT, "--regions", "eu-central-1", "--", str(file)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


class StreamPipes(unittest.TestCase):
    def setUp(self):
        self.template = pathlib.Path("template.yaml").read_text(encoding="utf-8")
        page = pathlib.Path("docs/streams.md").read_text(encoding="utf-8")
        self.resources = page.partition("```yaml\n")[2].partition("```")[0]

    def linted(self, old, new):
        self.assertIn(old, self.template)
        return lint(self.template.replace(old, new, 1))

    def test_the_pipe_of_the_template_and_that_of_the_page_are_valid(self):
        done = self.linted("\nResources:\n", f"\nResources:\n{self.resources}{OTHERS}\n")
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_the_linter_knows_what_a_pipe_is(self):
        done = self.linted("          StartingPosition: LATEST\n", "          StartingPosition: NOW\n")
        self.assertIn("'NOW' is not one of", done.stdout)


if __name__ == "__main__":
    CFN_LINT = sys.argv[1]
    lines.main()
