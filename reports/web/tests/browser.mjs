// Debian's Chromium with a report open in it: no error is logged, nothing but the file itself is asked for, and axe finds
// nothing serious or critical. Each file of tests that imports this has a browser of its own.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";

import { chromium } from "playwright-core";

import { browser_options, page_of, sample } from "./page.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "crosstalk-report-"));
let browser;
before(async () => { browser = await chromium.launch(browser_options); });
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

export function file_of(name, records = sample(name)) {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, page_of(records, `<p id="plain">summary of ${name}</p>`));
  return `file://${path}`;
}

// A page that fails the test at its end if anything was logged as an error or asked for.
export async function opened(context, url, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1320, height: 900 }, colorScheme: "light", ...options });
  const complaints = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => { if (!/^(file:|data:)/.test(request.url())) complaints.push(`asked for ${request.url()}`); });
  page.on("request", (request) => { if (request.url().startsWith("file:") && request.url().split("#")[0] !== url.split("#")[0]) complaints.push(`opened ${request.url()}`); });
  context.after(() => page.close());
  await page.goto(url);
  return { page, calm: () => assert.deepEqual(complaints, []) };
}

export async function accessible(page, where) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const bad = found.violations.filter((violation) => ["serious", "critical"].includes(violation.impact));
  assert.deepEqual(bad.map((violation) => `${where}: ${violation.id}: ${violation.nodes[0]?.html.slice(0, 160)}`), []);
}
