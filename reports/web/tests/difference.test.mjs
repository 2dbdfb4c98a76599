// The pages that judge nothing themselves: two runs compared, claims answered, families of clauses counted.
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, file_of, opened } from "./browser.mjs";
import { answered, compared } from "./made.mjs";

test("two runs compared: the verdict, both sides, and only the cells that changed", async (context) => {
  const { page, calm } = await opened(context, file_of("compared", compared()));
  assert.match(await page.innerText(".verdict"), /WORSE\s+in 2 of 3 changes/);
  assert.match(await page.innerText("main"), /The two versions draw differently/);
  assert.equal(await page.locator(".changes a.cell").count(), 1);
  assert.match(await page.locator(".changes a.cell").textContent(), /✓ → ✗|→ ✗pipe\/atomicity\/interruption: \S+, then regression, worse/);
  assert.match(await page.innerText("main"), /met in 7 of 9\s+p = 0.0001: a change/);
  await page.getByRole("button", { name: "all", exact: true }).click();
  assert.equal(await page.locator(".changes a.cell").count(), 31);
  await page.keyboard.press("/");
  await page.keyboard.type("property:order");
  assert.equal(await page.locator(".changes a.cell").count(), 3);
  calm();
});

test("from a change the way leads into the run that it is about, and each run keeps its own pages", async (context) => {
  const url = file_of("compared", compared());
  const { page, calm } = await opened(context, url);
  await page.locator("a", { hasText: "7f3a91c20be4" }).click();
  assert.match(await page.innerText("h1"), /7f3a91c20be4/);
  await page.goto(`${url}#/overview`);
  assert.match(await page.innerText(".verdict"), /FAILED/);
  await page.getByRole("button", { name: /^before: / }).click();
  assert.match(await page.innerText(".verdict"), /PASSED/);
  await page.getByRole("link", { name: "Difference" }).click();
  assert.match(await page.innerText(".verdict"), /WORSE/);
  calm();
});

test("equal runs say so", async (context) => {
  const none = { verdict: "SAME", worse: false, cautions: [], method: "", cells: [], clauses: [], findings: [] };
  const { page, calm } = await opened(context, file_of("same", compared(none)));
  assert.match(await page.innerText(".verdict"), /SAME/);
  assert.match(await page.innerText("main"), /No cell changed/);
  assert.equal(await page.locator(".badge.regression").count(), 0);
  calm();
});

test("each claim has its answer, the reason where there is one, and the clauses that decide it", async (context) => {
  const { page, calm } = await opened(context, file_of("claims", answered));
  await page.getByRole("link", { name: "Claims" }).click();
  const rows = await page.locator(".claims tbody tr").allInnerTexts();
  assert.equal(rows.length, 3);
  assert.match(rows[0], /refuted[\s\S]*PIPE-CREATE-1 1,200[\s\S]*and 1 more/);
  assert.match(rows[1], /undecided\s+its mechanism is not in this version\s+PIPE-\*/);
  assert.match(rows[2], /PIPE-CREATE-6 3, too little evidence/);
  await page.locator("summary").click();
  assert.equal(await page.locator("a", { hasText: "PIPE-CREATE-5" }).isVisible(), true);
  calm();
});

test("a report without claims has no such page", async (context) => {
  const { page } = await opened(context, file_of("pass.jsonl"));
  assert.equal(await page.getByRole("link", { name: "Claims" }).count(), 0);
});

test("families tell what is judged, what of it has evidence, and why the rest is not", async (context) => {
  const { page, calm } = await opened(context, `${file_of("findings.jsonl")}#/coverage`);
  const cells = (await page.locator(".families tbody tr").first().locator("th, td.n").allInnerTexts()).map((text) => text.trim());
  assert.equal(cells[0], "PIPE");
  const [all, judged, evidenced, needs, not_testable] = cells.slice(1).map(Number);
  assert.equal(all, judged + needs + not_testable);
  assert.ok(evidenced < judged, "PIPE-CREATE-6 has no evidence in the sample");
  await page.locator(".families summary").first().click();
  assert.match(await page.locator(".families .beyond").first().innerText(), /PIPE-CREATE-7 needs/);
  await page.locator(".families th a").first().click();
  assert.match(page.url(), /#\/clauses\?filter=clause:PIPE-/);
  calm();
});

for (const colorScheme of ["light", "dark"])
  test(`these pages pass axe in ${colorScheme}`, async (context) => {
    for (const [name, records, route] of [["compared", compared(), "#/"], ["claims", answered, "#/claims"], ["claims", answered, "#/coverage"]]) {
      const { page, calm } = await opened(context, file_of(name, records) + route, { colorScheme });
      await accessible(page, `${name} ${route} ${colorScheme}`);
      calm();
    }
  });
