"""`selectRegion` lists the regions that AWS's own endpoint data have DynamoDB in, with AWS's names for them.

Takes the file with the function's answer. botocore's data: https://github.com/boto/botocore
"""

import json
import pathlib
import sys
import unittest

import botocore

import lines

ENDPOINTS = pathlib.Path(botocore.__file__).parent / "data" / "endpoints.json"


def aws():
    """Region → label, by AWS. Endpoints that are no regions (`us-east-1-fips`, `local`) are left out."""
    labels = {}
    for partition in json.loads(ENDPOINTS.read_text(encoding="utf-8"))["partitions"]:
        endpoints = partition["services"].get("dynamodb", {}).get("endpoints", {})
        for region, about in partition["regions"].items():
            if region in endpoints:
                labels[region] = f"{about['description']} — {region}"
    return labels


class Regions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.result = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))["result"]
        cls.ours = {choice["key"]: choice["label"] for choice in cls.result}
        cls.aws = aws()
        print(f"botocore {botocore.__version__}: {len(cls.aws)} regions", flush=True)

    def test_every_region_of_aws_is_listed(self):
        # Fewer would mean that the data has another form now.
        self.assertGreater(len(self.aws), 30)
        self.assertEqual(sorted(self.aws.keys() - self.ours.keys()), [], "only AWS has them")

    def test_no_region_is_listed_that_aws_does_not_have(self):
        self.assertEqual(sorted(self.ours.keys() - self.aws.keys()), [], "only we have them")

    def test_each_label_is_the_name_that_aws_gives(self):
        common = self.ours.keys() & self.aws.keys()
        wrong = {region: (self.ours[region], self.aws[region]) for region in common}
        wrong = {region: labels for region, labels in wrong.items() if labels[0] != labels[1]}
        self.assertEqual(wrong, {}, "ours and AWS's")

    def test_no_region_is_listed_twice(self):
        self.assertEqual(len(self.ours), len(self.result))


if __name__ == "__main__":
    lines.main()
