// A browser for the checks of the page, and the lines that tests/third-party/run counts.

import assert from "node:assert/strict";
import { appendFileSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const modules = createRequire(`${process.env.NODE_MODULES}/`);
const { chromium } = modules("playwright-core");
const axe = readFileSync(modules.resolve("axe-core/axe.min.js"), "utf8");

/** A host name that leads to this machine, as an attacker's would. */
export const REBOUND = "rebound.example";

export const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`,
  ],
});

const checks = [];

/** Adds a check. */
export function check(name, run) {
  checks.push([name, run]);
}

/** Runs all checks, one after the other, or those whose names contain the argument. */
export async function runAll() {
  let status = 0;
  for (const [name, run] of checks.filter(([name]) => name.includes(process.argv[2] ?? ""))) {
    let outcome = "passed";
    let detail = "";
    try {
      await run();
    } catch (error) {
      [outcome, status, detail] = ["failed", 1, `    ${String(error.stack).replaceAll("\n", "\n    ")}`];
    }
    const line = `${outcome}: ${process.env.PART}: ${name}`;
    console.log(line);
    if (detail) {
      console.log(detail);
    }
    appendFileSync(process.env.THIRD_PARTY_RESULTS, `${line}\n`);
  }
  await browser.close();
  process.exit(status);
}

/** Opens a window and closes it after `use`. What the page must never do in it is an error. */
export async function withPage(options, use) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    // A refused request is one. So is a header for HTTPS, on a host that is not this machine's own.
    const isExpected = /status of 4\d\d/.test(message.text()) || (options.visits && /untrustworthy/.test(message.text()));
    if (message.type() === "error" && !isExpected) {
      faults.push(message.text());
    }
  });
  page.on("request", (request) => {
    const { host, protocol } = new URL(request.url());
    if (!host.startsWith("127.0.0.1:") && protocol !== "blob:" && !options.visits?.includes(host)) {
      faults.push(`it asked ${request.url()}`);
    }
  });
  try {
    await use(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(faults, []);
}

/** Presses a button of the form and waits for what comes back. */
export async function press(page, button) {
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.locator(`button[name="page.do"][value="${button}"]:not(.default)`).click();
  await (await answered).finished();
  await page.waitForFunction(() => document.querySelector("main:not([aria-busy]) #outcome"));
}

/** Asserts that a run succeeded, and returns its answer. */
export async function answer(page) {
  const heading = await page.locator("#outcome h2").first().innerText();
  assert.equal(heading, "Answer", await page.locator("#outcome").innerText());
  return JSON.parse(await page.locator("#outcome details.answer pre").textContent());
}

/** Asserts that axe-core finds nothing, and that nothing is cut off at the side. */
export async function assertAccessible(page, what) {
  const found = await page.evaluate(`${axe}; axe.run({ resultTypes: ["violations"] }).then((found) => found.violations)`);
  const told = found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 150)).join(" | ")}`);
  assert.deepEqual(told, [], what);
  const [width, room] = await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]");
  assert.ok(width <= room, `${what}: ${width} pixels in a window of ${room}`);
}
