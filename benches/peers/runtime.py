"""A client of Lambda's Runtime API: it asks for an event, calls the handler and sends the answer, again and again.

It has no logs and no contexts, so it is not slower than Lambda's own client.
"""

import http.client
import json
import os


def serve(handler):
    """`handler` takes an event and returns the text of the answer."""
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])

    def exchange(method, path, body=None):
        connection.request(method, "/2018-06-01/runtime/" + path, body)
        response = connection.getresponse()
        return response.headers, response.read()

    while True:
        headers, event = exchange("GET", "invocation/next")
        invocation = "invocation/" + headers["lambda-runtime-aws-request-id"]
        try:
            answer = handler(json.loads(event))
        except Exception as error:
            problem = {"errorType": type(error).__name__, "errorMessage": str(error)}
            exchange("POST", invocation + "/error", json.dumps(problem).encode())
        else:
            exchange("POST", invocation + "/response", answer.encode())
