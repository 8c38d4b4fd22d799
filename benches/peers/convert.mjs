// The conversion alone: from the body of DynamoDB's response to the text of the answer.
// `node convert.mjs FORMAT FILE TIMES` prints a line for each conversion: nanoseconds and the length of the answer.
import { readFileSync } from "node:fs";
import { plain, text } from "./values.mjs";

const [format, file, times] = process.argv.slice(2);
const body = readFileSync(file);
for (let time = 0; time < Number(times); time += 1) {
  const start = process.hrtime.bigint();
  const page = JSON.parse(body);
  const answer = Buffer.from(text({ data: format === "plain" ? { ...page, Items: plain(page.Items) } : page }));
  console.log(`${process.hrtime.bigint() - start} ${answer.length}`);
}
