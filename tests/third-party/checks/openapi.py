"""schemathesis against the functions of `cargo run -- serve`, whose Lambda API is at LAMBDA_URL, behind the HTTP events that a
function URL sends. LOGS is a folder for what schemathesis says.

It makes requests out of `schemas/openapi.json`, right ones and wrong ones. No response may be a 5xx, have a status or a
content type that the description does not have, or break its schema; and what breaks the schema of an event must be refused.

- Requests have no `connection`: there is no AWS to ask for an identity, and such a failure is rightly a 502.
- Another method than POST reaches a function by its URL only, where it is as good as POST.
"""

import copy
import http.server
import json
import os
import pathlib
import subprocess
import threading
import unittest
import urllib.error
import urllib.request

import lines

LOGS = pathlib.Path(os.environ["LOGS"])
DESCRIPTION = json.loads(pathlib.Path("schemas/openapi.json").read_text(encoding="utf-8"))
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
]


class FunctionUrl(http.server.BaseHTTPRequestHandler):
    """Answers a request as a function URL does: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html"""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path, _, query = self.path.partition("?")
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "requestContext": {"http": {"method": self.command, "path": path, "protocol": "HTTP/1.1"}},
            "body": body.decode("utf-8", "replace"),
            "isBase64Encoded": False,
        }
        url = f"{os.environ['LAMBDA_URL']}/2015-03-31/functions/{path.strip('/')}/invocations"
        request = urllib.request.Request(url, data=json.dumps(event).encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                answer = json.loads(response.read())
                failed = response.headers.get("X-Amz-Function-Error")
        except urllib.error.HTTPError as error:
            # schemathesis looks whether there is a server at all, at a path that no function has.
            print(self.command, self.path, error, flush=True)
            failed, answer = None, {"statusCode": error.code}
        if failed:
            # Behind HTTP, a function never fails.
            answer = {"statusCode": 599, "headers": {}, "body": json.dumps(answer)}
        sent = answer.get("body", "").encode()
        self.send_response(answer["statusCode"])
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(sent)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(sent)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_QUERY = answer

    def log_message(self, *_):
        pass


def without_identities(description):
    description = copy.deepcopy(description)
    # A function URL's signature is AWS's to check.
    del description["security"]
    for schema in description["components"]["schemas"].values():
        # The event of a function that takes a list is one of several.
        for one in [schema, *schema.get("anyOf", [])]:
            for name in ("connection", "awsConnection"):
                one.get("properties", {}).pop(name, None)
    return description


class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FunctionUrl)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.url = f"http://127.0.0.1:{cls.server.server_port}"

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()

    def exercise(self, name, description, *options):
        """What schemathesis says, and whether it is content."""
        file = LOGS / f"{name}.json"
        file.write_text(json.dumps(description), encoding="utf-8")
        command = ["schemathesis", "run", str(file), "--url", self.url, "--checks", ",".join(CHECKS), "--no-color"]
        command += ["--seed", "1", "--continue-on-failure", "--request-timeout", "60", *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=3000, check=False, cwd=LOGS)
        (LOGS / f"{name}.log").write_text(done.stdout + done.stderr, encoding="utf-8")
        return done.stdout + done.stderr, done.returncode == 0

    def test_no_response_breaks_the_description(self):
        said, content = self.exercise(
            "openapi", without_identities(DESCRIPTION), "--phases", "examples,coverage,fuzzing", "--max-examples", "15"
        )
        self.assertTrue(content, said[-8000:])
        operations = len(DESCRIPTION["paths"])
        self.assertIn(f"Tested: {operations}\n", said)

    def test_a_description_that_is_wrong_is_found(self):
        wrong = without_identities(DESCRIPTION)
        wrong["paths"] = {"/list-tables": wrong["paths"]["/list-tables"]}
        wrong["components"]["schemas"]["listTablesAnswer"]["required"].append("nonsense")
        said, content = self.exercise("wrong", wrong, "--phases", "examples", "--max-examples", "5")
        self.assertFalse(content)
        self.assertIn("nonsense", said)


if __name__ == "__main__":
    lines.main()
