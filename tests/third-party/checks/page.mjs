// The page in a browser. SAMPLES_URL is a page with an empty database, PAGE_URL one with the tour's tables. Screenshots go
// to SCREENSHOTS, and what is taken away to TAKEN, for page_take_away.py.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

import { REBOUND, answer, assertAccessible, check, press, runAll, withPage } from "./page_browser.mjs";

const { SAMPLES_URL, PAGE_URL, MINISTACK_URL, FUNCTION_URL, SCREENSHOTS, TAKEN } = process.env;

/** Tables come first and go last, and items exist in between. */
const ORDER = ["create-table", "create-item", "", "delete-item", "delete-table"];

function samples() {
  const names = readdirSync("events").filter((name) => name.endsWith(".json") && name !== "env.json");
  const rank = (name) => {
    const place = ORDER.indexOf(name.split(".")[0]);
    return place < 0 ? ORDER.indexOf("") : place;
  };
  return names.map((name) => name.slice(0, -5)).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function form(base, sample) {
  return `${base}/functions/${sample.split(".")[0]}?sample=${sample}`;
}

/** The samples have the key pair of `serve`. Secrets are not taken over. */
async function typeSecrets(page) {
  if (await page.locator("#outcome", { hasText: "is not taken over" }).count()) {
    await page.locator('[id="connection.secretAccessKey"]').fill("local");
  }
}

check("every sample runs through its form", async () => {
  await withPage({}, async (page) => {
    for (const sample of samples()) {
      await page.goto(form(SAMPLES_URL, sample));
      await typeSecrets(page);
      await press(page, "run");
      const told = await answer(page);
      assert.ok(told.data ?? told.result ?? told.length, sample);
      await page.screenshot({ path: `${SCREENSHOTS}/sample-${sample}.png` });
    }
  });
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with the script" : "without the script";

  check(`an error is marked at its field and what was typed is kept, ${how}`, async () => {
    await withPage({ javaScriptEnabled }, async (page) => {
      await page.goto(`${PAGE_URL}/functions/create-item`);
      await page.locator("#tableName").selectOption("Customers");
      await page.getByLabel("Item, name of row 1").fill("customerId");
      await page.getByLabel("Item, value of row 1").fill("C-9");
      await press(page, "add item");
      await page.getByLabel("Item, name of row 2").fill("age");
      await page.getByLabel("Item, value of row 2").fill("many");
      await page.getByLabel("Item, type of row 2").selectOption("N");
      await press(page, "run");
      assert.match(await page.locator("#outcome").innerText(), /Failed: InvalidInput/);
      const wrong = page.locator("[aria-invalid]");
      assert.equal(await wrong.count(), 1);
      assert.equal(await wrong.getAttribute("aria-label"), "Item, value of row 2");
      assert.equal(await wrong.inputValue(), "many");
      assert.match(await page.locator('[id="item.1.value-problem"]').innerText(), /item\.age/);
      await page.screenshot({ path: `${SCREENSHOTS}/error-${javaScriptEnabled}.png` });
      await wrong.fill("42");
      await press(page, "run");
      await answer(page);
    });
  });

  check(`a page is turned, ${how}`, async () => {
    await withPage({ javaScriptEnabled }, async (page) => {
      await page.goto(form(PAGE_URL, "query-items"));
      await page.locator("#other-inputs > summary").click();
      await page.locator("#limit").fill("1");
      await press(page, "run");
      const first = (await answer(page)).data;
      await press(page, "next");
      const second = (await answer(page)).data;
      assert.deepEqual([first.Items[0].orderId, second.Items[0].orderId], [1001, 1002]);
      assert.deepEqual(await page.locator("#outcome .table").first().locator("tbody tr").count(), 1);
    });
  });

  check(`broken JSON has the place of its fault, ${how}`, async () => {
    await withPage({ javaScriptEnabled }, async (page) => {
      await page.goto(form(PAGE_URL, "query-items"));
      await page.locator("#other-inputs > summary").click();
      await page.locator("#queryParameters").fill('{\n  "Limit": é\n}');
      await press(page, "run");
      assert.match(await page.locator("#queryParameters-problem").innerText(), /line 2 column 12/);
      assert.equal(await page.locator("mark").innerText(), "é");
      assert.equal(await page.locator("#queryParameters").inputValue(), '{\n  "Limit": é\n}');
      if (javaScriptEnabled) {
        const selected = "[...document.querySelectorAll('textarea[data-line]')].map((e) => e.value.slice(e.selectionStart, e.selectionEnd))";
        assert.deepEqual(await page.evaluate(selected), ["é"]);
      }
    });
  });
}

check("a secret stays in its field with the script and is never in a page", async () => {
  for (const javaScriptEnabled of [true, false]) {
    await withPage({ javaScriptEnabled }, async (page) => {
      const bodies = [];
      page.on("response", async (response) => bodies.push(response.text().catch(() => "")));
      await page.goto(`${PAGE_URL}/functions/list-tables`);
      await page.locator("#connection > summary").click();
      await page.locator('[id="connection.accessKeyId"]').fill("somebody");
      const secret = page.locator('[id="connection.secretAccessKey"]');
      await secret.fill("MARKED");
      await press(page, "run");
      await answer(page);
      assert.equal(await secret.inputValue(), javaScriptEnabled ? "MARKED" : "");
      assert.ok(!(await Promise.all(bodies)).join("").includes("MARKED"));
      const text = await page.locator("#take-away").textContent();
      assert.ok(text.includes('"secretAccessKey": "<secretAccessKey>"'), text);
    });
  }
});

check("the tables to pick from follow the region", async () => {
  await withPage({}, async (page) => {
    await page.goto(`${PAGE_URL}/functions/get-item`);
    const tables = page.locator("#tableName option");
    assert.ok((await tables.allInnerTexts()).includes("Customers"));
    const region = page.locator('[id="awsRegion.other"]');
    await region.fill("no region!");
    await region.blur();
    await page.getByText("The list cannot be loaded.").waitFor();
    assert.ok(!(await tables.allInnerTexts()).includes("Customers"));
    await region.fill("eu-central-1");
    await region.blur();
    await page.locator("#tableName option[value=Customers]").waitFor({ state: "attached" });
  });
});

check("the list of functions is searched while typing", async () => {
  await withPage({}, async (page) => {
    await page.goto(PAGE_URL);
    await page.getByLabel("Search").pressSequentially("rawreq");
    assert.deepEqual(await page.locator(".functions li:visible strong").allInnerTexts(), ["Raw Request"]);
    await page.getByLabel("Search").fill("nonsense");
    assert.equal(await page.locator(".nothing").innerText(), "No function has these words.");
  });
});

check("the keyboard alone is enough", async () => {
  await withPage({}, async (page) => {
    const focused = (expression) => page.evaluate(`document.activeElement?.${expression}`);
    const tabTo = async (expression, value) => {
      for (let presses = 0; presses < 100; presses += 1) {
        if ((await focused(expression)) === value) {
          return;
        }
        await page.keyboard.press("Tab");
      }
      assert.fail(`Tab never reaches ${expression} = ${value}`);
    };
    await page.goto(PAGE_URL);
    await tabTo("getAttribute('href')", "/functions/get-item");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/functions/get-item");
    await page.keyboard.press("Tab");
    assert.equal(await focused("textContent"), "Skip to the content");
    await page.keyboard.press("Enter");
    await tabTo("id", "tableName");
    await page.keyboard.type("Cust");
    await tabTo("id", "hashKeyValue");
    await page.keyboard.type("C-1");
    await tabTo("textContent", "Run");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#outcome h2");
    assert.equal((await answer(page)).data.found, true);
    assert.equal(await focused("id"), "outcome");
    await page.keyboard.press("Tab");
    const visible = await page.evaluate("document.activeElement.matches(':focus-visible')");
    assert.equal(visible, true);
  });
});

check("a page of another site can neither send a form nor read one", async () => {
  const evil = "evil.example";
  await withPage({ visits: [evil, `${REBOUND}:${new URL(PAGE_URL).port}`] }, async (page) => {
    const attack = `<form method="post" action="${PAGE_URL}/functions/delete-table">
      <input name="page.do" value="run"><input name="tableName" value="Customers"><button>Win</button></form>`;
    await page.route(`http://${evil}/`, (route) => route.fulfill({ contentType: "text/html", body: attack }));
    await page.goto(`http://${evil}/`);
    const answered = page.waitForResponse((response) => response.url().startsWith(PAGE_URL));
    await page.getByRole("button").click();
    assert.equal((await answered).status(), 403);
    const rebound = await page.goto(`${PAGE_URL.replace("127.0.0.1", REBOUND)}/functions/get-item`);
    assert.equal(rebound.status(), 403);
    assert.ok(!(await page.content()).includes("Get Item"));
    await page.goto(`${PAGE_URL}/functions/describe-table`);
    await page.locator("#tableName").selectOption("Customers");
    await press(page, "run");
    await answer(page);
  });
});

for (const [width, height] of [
  [390, 844],
  [1440, 900],
]) {
  for (const colorScheme of ["light", "dark"]) {
    check(`axe-core finds nothing at ${width} pixels, ${colorScheme}`, async () => {
      await withPage({ viewport: { width, height }, colorScheme }, async (page) => {
        const look = async (name) => {
          await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true");
          await assertAccessible(page, name);
          await page.screenshot({ path: `${SCREENSHOTS}/${name}-${width}-${colorScheme}.png`, fullPage: true });
        };
        await page.goto(PAGE_URL);
        const functions = await page.locator(".functions a").evaluateAll((links) => links.map((link) => link.pathname));
        assert.ok(functions.length > 10, functions);
        await look("functions");
        for (const path of functions) {
          await page.goto(PAGE_URL + path);
          await look(path.split("/").at(-1));
        }
        await page.goto(form(PAGE_URL, "query-items"));
        await press(page, "run");
        await answer(page);
        await page.evaluate("scrollTo(0, 0)");
        await page.screenshot({ path: `${SCREENSHOTS}/page-${width}-${colorScheme}.png` });
        await look("query-items-answer");
        await page.locator("#queryParameters").fill("{");
        await page.locator('[id="expressionAttributeValues.0.name"]').fill("");
        await press(page, "run");
        assert.equal(await page.locator("[aria-invalid]").count(), 2);
        await look("query-items-problems");
        await page.locator("#queryParameters").fill("");
        await press(page, "json expressionAttributeNames");
        await page.goto(`${PAGE_URL}/nothing`);
        await look("no-such-page");
      });
    });
  }
}

/** Saves what the page gives away for the form as it is. */
async function take(page, name) {
  for (const [kind, ending] of [
    ["event", "event.json"],
    ["task", "task.json"],
    ["aws-cli", "aws-cli.sh"],
    ["curl", "curl.sh"],
    ["policy", "policy.json"],
    ["caller-policy", "caller-policy.json"],
  ]) {
    writeFileSync(`${TAKEN}/${name}.${ending}`, await page.locator(`#take-${kind}`).textContent());
  }
}

check("what is taken away is copied and saved", async () => {
  await withPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    for (const sample of ["get-item", "query-items", "create-item", "update-item", "raw-request", "test-connection"]) {
      await page.goto(form(PAGE_URL, sample));
      await typeSecrets(page);
      await press(page, "take-away");
      await take(page, sample);
    }
    await page.goto(form(PAGE_URL, "query-items"));
    await press(page, "take-away");
    await page.getByRole("button", { name: "Copy Step Functions task" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate("navigator.clipboard.readText()");
    assert.equal(copied, readFileSync(`${TAKEN}/query-items.task.json`, "utf8"));
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save the event" }).click();
    const download = await downloading;
    assert.equal(download.suggestedFilename(), "query-items.json");
    await download.saveAs(`${TAKEN}/query-items.download.json`);
    const saved = readFileSync(`${TAKEN}/query-items.download.json`, "utf8");
    assert.equal(saved, `${readFileSync(`${TAKEN}/query-items.event.json`, "utf8")}\n`);
    // The same for a function elsewhere.
    const to = async (endpoint, url, name) => {
      await page.locator("#target > summary").click();
      await page.getByLabel("Endpoint of Lambda's API").fill(endpoint);
      await page.getByLabel("Function URL").fill(url);
      await press(page, "take-away");
      await take(page, name);
    };
    await to(MINISTACK_URL, "", "query-items-in-account");
    await to("", FUNCTION_URL, "query-items-by-url");
  });
});

await runAll();
