// A client of Lambda's Runtime API: it asks for an event, calls the handler and sends the answer, again and again.
// It has no logs and no contexts, so it is not slower than Lambda's own client.
import { Agent, request } from "node:http";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function exchange(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": "application/json", "content-length": body.length };
    const call = request({ agent, host, port, method, path: `/2018-06-01/runtime/${path}`, headers }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(parts) }));
      response.on("error", reject);
    });
    call.on("error", reject);
    call.end(body);
  });
}

// `handler` takes an event and returns the text of the answer.
export async function serve(handler) {
  for (;;) {
    const next = await exchange("GET", "invocation/next");
    const id = next.headers["lambda-runtime-aws-request-id"];
    try {
      const answer = await handler(JSON.parse(next.body));
      await exchange("POST", `invocation/${id}/response`, Buffer.from(answer));
    } catch (error) {
      const problem = { errorType: error.name, errorMessage: error.message };
      await exchange("POST", `invocation/${id}/error`, Buffer.from(JSON.stringify(problem)));
    }
  }
}
