"""A proxy that misbehaves on request: it refuses, loses or changes answers, and counts what is under way at once."""

import http.client
import http.server
import json
import threading
import urllib.parse


class Fault:
    """What happens to the next calls that match. `left` counts down."""

    def __init__(self, operation, times, matches, act):
        self.operation, self.left, self.matches, self.act = operation, times, matches, act
        self.met = 0


class Meeting:
    """Calls that wait for one another, to count how many come at once."""

    def __init__(self, operation, expected):
        self.operation, self.expected = operation, expected
        self.inside = self.most = 0
        self.changed = threading.Condition()

    def __enter__(self):
        with self.changed:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.changed.notify_all()
            # Waits for all that are expected, and then a moment for one too many.
            if self.most < self.expected:
                self.changed.wait_for(lambda: self.most >= self.expected, 10)
                self.changed.wait_for(lambda: self.most > self.expected, 0.5)

    def __exit__(self, *_):
        with self.changed:
            self.inside -= 1


class Wire:
    """A proxy on loopback. An operation is `PutItem` in front of DynamoDB and `create-item` in front of Lambda."""

    def __init__(self, upstream, port=0):
        self.upstream = urllib.parse.urlsplit(upstream).netloc
        self.faults, self.meeting, self.lock = [], None, threading.Lock()
        wire = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                wire.serve(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def fault(self, operation, times, act, matches=lambda _: True):
        """`act` takes a function that forwards the call. It returns the answer, or None to close the connection."""
        fault = Fault(operation, times, matches, act)
        with self.lock:
            self.faults.append(fault)
        return fault

    def meet(self, operation, expected):
        self.meeting = Meeting(operation, expected)
        return self.meeting

    def heal(self):
        """Removes all faults, for the next test."""
        with self.lock:
            self.faults, self.meeting = [], None

    def serve(self, request):
        body = request.rfile.read(int(request.headers.get("content-length", 0)))
        target = request.headers.get("x-amz-target")
        if target:
            operation = target.rpartition(".")[2]
        else:
            operation = urllib.parse.unquote(request.path).split("/functions/")[-1].split("/")[0].rpartition(":")[2]
        with self.lock:
            fault = next((f for f in self.faults if f.left and f.operation == operation and f.matches(body)), None)
            if fault:
                fault.left -= 1
                fault.met += 1

        def forward():
            if self.meeting and self.meeting.operation == operation:
                with self.meeting:
                    return self.forward(request, body)
            return self.forward(request, body)

        answer = fault.act(forward) if fault else forward()
        if answer is None:
            request.close_connection = True
            request.connection.close()
            return
        status, headers, payload = answer
        request.send_response(status)
        for name, value in headers:
            request.send_header(name, value)
        request.send_header("content-length", str(len(payload)))
        request.end_headers()
        request.wfile.write(payload)

    def forward(self, request, body):
        connection = http.client.HTTPConnection(self.upstream, timeout=60)
        # The signature covers these headers, Host included.
        connection.request("POST", request.path, body, dict(request.headers.items()))
        answer = connection.getresponse()
        payload = answer.read()
        connection.close()
        hop = {"content-length", "transfer-encoding", "connection"}
        return answer.status, [pair for pair in answer.getheaders() if pair[0].lower() not in hop], payload


def refuse(code, status=400):
    """DynamoDB's refusal."""
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "refused on request"})
    headers = [("content-type", "application/x-amz-json-1.0"), ("x-amzn-requestid", "REFUSED")]
    return lambda _: (status, headers, body.encode())


def fail(error_type):
    """The answer of Lambda's API when a function failed."""
    body = json.dumps({"errorType": error_type, "errorMessage": "failed on request"})
    headers = [("x-amz-function-error", "Unhandled"), ("x-amzn-requestid", "FAILED"), ("content-type", "application/json")]
    return lambda _: (200, headers, body.encode())


def lose(forward):
    """Forwards the call and drops the answer."""
    forward()


def change(edit):
    """Forwards the call and edits the answer."""

    def act(forward):
        status, headers, payload = forward()
        value = json.loads(payload)
        edit(value)
        # The checksum no longer fits.
        return status, [pair for pair in headers if pair[0].lower() != "x-amz-crc32"], json.dumps(value).encode()

    return act
