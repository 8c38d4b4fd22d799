// The conversion alone: a response's body to an answer's text. `node convert.mjs FORMAT FILE TIMES` prints the
// nanoseconds of each.
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
