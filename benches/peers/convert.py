"""The conversion alone: from the body of DynamoDB's response to the text of the answer.

`python convert.py FORMAT FILE TIMES` prints a line for each conversion: nanoseconds and the length of the answer.
"""

import json
import pathlib
import sys
import time

from values import plain, text

form, file, times = sys.argv[1:]
body = pathlib.Path(file).read_bytes()
for _ in range(int(times)):
    start = time.perf_counter_ns()
    page = json.loads(body)
    if form == "plain":
        page["Items"] = [plain(item) for item in page["Items"]]
    answer = text({"data": page}).encode()
    print(time.perf_counter_ns() - start, len(answer))
