// Opens reports from file:// in Debian's Chromium, as a reader would: light and dark, by keyboard, by link. Each page
// must be free of console errors, of any request but the file itself, and of axe's serious and critical findings.
// CROSSTALK_REPORT=FILE adds a report that the tool wrote. Run by: npm ci && npm test
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, file_of, opened } from "./browser.mjs";
import { sample } from "./page.mjs";

const routes = ["#/", "#/?fault=all", "#/?filter=property:order", "#/cell/pipe/atomicity", "#/cell/pipe/atomicity/interruption", "#/finding/7f3a91c20be4", "#/finding/e90d11f6c583", "#/clauses", "#/clause/PIPE-ATOMIC-1", "#/clause/PIPE-CREATE-7", "#/coverage", "#/nowhere"];

for (const colorScheme of ["light", "dark"])
  test(`every page is quiet, asks for nothing and passes axe in ${colorScheme}`, async (context) => {
    const url = file_of("findings.jsonl");
    const { page, calm } = await opened(context, url, { colorScheme });
    for (const route of routes) {
      await page.goto(url + route);
      await page.waitForSelector("main > *");
      await accessible(page, `${route} ${colorScheme}`);
    }
    calm();
  });

test("the overview tells the verdict, the facts and the findings worst first", async (context) => {
  const { page, calm } = await opened(context, file_of("findings.jsonl"));
  assert.match(await page.innerText(".verdict"), /FAILED/);
  assert.match(await page.innerText(".facts"), /18446744073709551557/, "a seed of 64 bits is not rounded");
  const order = await page.locator(".findings tbody .badge").allInnerTexts();
  assert.deepEqual(order.map((text) => text.replace(/^\S+ /, "")), ["regression", "regression", "regression", "flaky", "known"]);
  assert.equal(await page.locator(".grid a.cell").count(), 31);
  assert.match(await page.locator('.grid a.cell[href$="atomicity/interruption"]').textContent(), /regression/);
  calm();
});

test("a clause's page tells under which faults, sizes and actors it carried weight, hollow where it did not", async (context) => {
  const url = file_of("findings.jsonl");
  const { page, calm } = await opened(context, url);
  await page.goto(url + "#/clause/PIPE-ATOMIC-1");
  assert.match(await page.innerText('table[aria-label="cases by actors"]'), /2 actors\s+\d/);
  assert.ok((await page.locator('table[aria-label="cases by bytes asked of one call"] tbody tr').count()) > 6);
  await page.goto(url + "#/clause/PIPE-CREATE-7");
  assert.equal(await page.locator('table[aria-label="cases by actors"]').count(), 0, "not judged: nothing is shown");
  calm();
});

test("a slash focuses the filter, and what is typed there stands in the address", async (context) => {
  const { page, calm } = await opened(context, file_of("findings.jsonl"));
  await page.keyboard.press("/");
  await page.keyboard.type("property:order !fault:none");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "filter");
  assert.match(page.url(), /#\/\?filter=property:order\+!fault:none$/);
  assert.equal(await page.locator(".grid a.cell").count(), 2);
  assert.match(await page.innerText("#filter-state"), /2 of 31 cells/);
  await page.fill("#filter", "pipe/order/*");
  assert.equal(await page.locator(".grid a.cell").count(), 3);
  await page.fill("#filter", "colour:red");
  assert.match(await page.innerText("#filter-state"), /unknown key colour/);
  const again = await opened(context, `${page.url().split("#")[0]}#/?filter=outcome:regression`);
  assert.equal(await again.page.locator(".grid a.cell").count(), 3, "a link carries the filter");
  calm();
});

test("arrow keys move in the grid and Enter opens the cell", async (context) => {
  const { page, calm } = await opened(context, file_of("findings.jsonl"));
  const at = () => page.evaluate(() => document.activeElement?.getAttribute("href"));
  await page.locator('.grid a.cell[href="#/cell/pipe/order/none"]').focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await at(), "#/cell/pipe/order/interruption");
  await page.keyboard.press("ArrowRight");
  assert.equal(await at(), "#/cell/pipe/transfer/interruption");
  await page.keyboard.press("ArrowDown");
  assert.equal(await at(), "#/cell/pipe/transfer/full-buffer", "holes are jumped over");
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: "pipe/transfer/full-buffer" }).waitFor();  // the page follows the address, in its own time
  calm();
});

// Tab until the link has the focus; no mouse, and no script that moves it.
async function tab_to(page, href) {
  for (let presses = 0; presses < 300; ++presses) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement?.getAttribute("href"))) === href) return;
  }
  assert.fail(`no Tab leads to ${href}`);
}

const at_address = (page, end) => page.waitForFunction((wanted) => location.hash === wanted, end);

test("every page is entered and left by the keyboard alone, and back stands where one was", async (context) => {
  const { page, calm } = await opened(context, file_of("findings.jsonl"));
  for (const href of ["#/clauses", "#/coverage", "#/cell/pipe/atomicity/interruption", "#/finding/02c9d5e7aa10"]) {
    await tab_to(page, href);
    await page.keyboard.press("Enter");
    await at_address(page, href);
    await page.keyboard.press("u");
    await page.waitForFunction(() => ["", "#/"].includes(location.hash));
    await page.locator(".verdict").waitFor();
    if (/cell|finding/.test(href)) await page.waitForFunction((wanted) => document.activeElement?.getAttribute("href") === wanted, href);
  }
  calm();
});

test("back goes one page at a time, over a filter too, and never out of the report", async (context) => {
  const { page, calm } = await opened(context, `${file_of("findings.jsonl")}#/finding/7f3a91c20be4`);
  await tab_to(page, "#/clause/PIPE-ATOMIC-1");
  await page.keyboard.press("Enter");
  await at_address(page, "#/clause/PIPE-ATOMIC-1");
  await page.reload();
  await page.keyboard.press("u");
  await at_address(page, "#/finding/7f3a91c20be4");
  await page.keyboard.press("u");
  await at_address(page, "#/");
  await page.locator(".verdict").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("fault:u");
  assert.match(page.url(), /filter=fault:u$/, "in a field u is a letter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("u");
  await at_address(page, "#/finding/7f3a91c20be4");
  await page.keyboard.press("Control+u");
  assert.match(page.url(), /7f3a91c20be4$/);
  assert.match(await page.innerText("footer.keys"), /u\s+back/);
  calm();
});

test("coverage tells which calls each fault struck, and in words which never", async (context) => {
  const { page, calm } = await opened(context, `${file_of("findings.jsonl")}#/coverage`);
  const table = page.getByRole("region", { name: "Faults fired by call, pipe" });
  assert.deepEqual((await table.locator("thead th").allInnerTexts()).slice(1), ["interruption", "killed-peer", "full-buffer", "descriptor-limit"]);
  assert.deepEqual(await table.locator("tr", { hasText: "dup" }).locator("td").allTextContents(), ["562", "○none", "—cannot be", "○none"]);
  const never = await page.getByRole("list", { name: "calls of pipe that were never struck" }).innerText();
  assert.match(never, /killed-peer never struck dup: no case of this run tried/);
  assert.match(never, /interruption was armed and did not fire at splice \(390 times\)/);
  assert.match(never, /descriptor-limit was armed and did not fire at create \(3,120 times\), dup/);
  assert.doesNotMatch(never, /write|full-buffer/);
  calm();
});

test("coverage tells how calls fell among each other, and shards count no order twice", async (context) => {
  const { page, calm } = await opened(context, `${file_of("findings.jsonl")}#/coverage`);
  const rows = await page.locator(".ways tbody tr").allInnerTexts();
  assert.match(rows[0], /turns.*9,720\s+about 4,200\s+1 to 5, median 2\s+1 to 32, median 8/);
  assert.match(rows[1], /every core, with drawn delays\s+2,280\s+40\s/, "both increments hold the same 40 orders");
  const overlaps = page.getByRole("region", { name: "Calls that overlapped on one object, pipe" });
  assert.equal(await overlaps.locator("tbody tr", { has: page.locator("th", { hasText: "close" }) }).locator("td").nth(0).getAttribute("title"),
    "close and write: 2,160 times while both moved freely, 1,200 times while one slept in turns");
  calm();
});

test("the mechanism of a coverage page is in its address; results that tell nothing of it say so", async (context) => {
  const other = sample("findings.jsonl").replaceAll('["pipe","', '["fifo","');
  const { page, calm } = await opened(context, `${file_of("mechanisms", sample("findings.jsonl").replaceAll('"mechanism":"pipe","property":"order"', '"mechanism":"fifo","property":"order"') + other)}#/coverage?mechanism=fifo`);
  await page.getByRole("region", { name: "Faults fired by call, fifo" }).waitFor();
  await page.getByRole("button", { name: "pipe", exact: true }).click();
  await page.getByRole("region", { name: "Faults fired by call, pipe" }).waitFor();
  const old = sample("pass.jsonl").replaceAll(/"(struck|overlaps|interleavings)":\[/g, '"not_yet_$1":[');
  const plain = await opened(context, `${file_of("old", old)}#/coverage`);
  assert.match(await plain.page.innerText("main"), /the version that wrote them did not count it/);
  calm();
  plain.calm();
});

test("no page is wider than a telephone, whatever its tables are", async (context) => {
  const url = file_of("findings.jsonl");
  const { page } = await opened(context, url, { viewport: { width: 480, height: 900 } });
  for (const route of routes) {
    await page.goto(url + route);
    await page.waitForSelector("main > *");
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 480, route);
  }
});

test("the switch shows one fault, or all together with the worst outcome", async (context) => {
  const { page } = await opened(context, file_of("findings.jsonl"));
  await page.getByRole("button", { name: "all together" }).click();
  assert.equal(await page.locator(".grid tbody tr").count(), 1);
  assert.match(await page.locator('.grid a.cell[href^="#/cell/pipe/atomicity?"]').textContent(), /regression/);
  await page.getByRole("button", { name: "killed-peer", exact: true }).click();
  assert.match(page.url(), /fault=killed-peer/);
  assert.equal(await page.locator(".grid a.cell").count(), 4);
});

test("a finding's picture has a box a call, an arrow where bytes came from, and marks", async (context) => {
  const { page, calm } = await opened(context, `${file_of("findings.jsonl")}#/finding/7f3a91c20be4`);
  assert.equal(await page.locator(".spacetime .event.call").count(), 6);
  assert.equal(await page.locator(".spacetime .arrow.data").count(), 3);
  assert.equal(await page.locator(".spacetime .event.signal").count(), 1);
  assert.match(await page.locator(".spacetime .event.fault").textContent(), /provoked: interruption/);
  assert.match(await page.locator(".event.rejected").getAttribute("aria-label"), /^Rejected\. Actor 2, step 1: read of 4,096 bytes/);
  assert.match(await page.innerText(".detail"), /State before: the stream holds nothing/);
  const boxes = await page.locator(".spacetime .event.call rect").evaluateAll((rects) => rects.map((rect) => rect.getBoundingClientRect().height));
  assert.ok(boxes.every((height) => height >= 20), "every box has room for its label");
  calm();
});

test("j and k step through the events in order of time, v jumps to the violation", async (context) => {
  const { page } = await opened(context, `${file_of("findings.jsonl")}#/finding/7f3a91c20be4`);
  const at = () => page.evaluate(() => Number(document.activeElement?.getAttribute("data-index") ?? -1));
  await page.keyboard.press("v");
  assert.equal(await at(), 6);
  await page.keyboard.press("j");
  assert.equal(await at(), 7);
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  assert.equal(await at(), 5);
  assert.match(await page.innerText(".detail"), /read of 13 bytes/);
  await page.keyboard.press("v");
  assert.equal(await at(), 6);
});

test("a call that never returned has no lower edge, and a sleeper stands below the calm line", async (context) => {
  const url = file_of("findings.jsonl");
  const { page } = await opened(context, `${url}#/finding/02c9d5e7aa10`);
  assert.equal(await page.locator(".event.call.open").count(), 2);
  assert.doesNotMatch(await page.locator(".event.call.open path").first().getAttribute("d"), /[zZ]/);
  assert.match(await page.locator(".event.death").first().textContent(), /SIGKILL/);
  await page.goto(`${url}#/finding/e90d11f6c583`);
  const calm_line = await page.locator(".calm line").boundingBox();
  const sleeper = await page.locator(".event.asleep rect").boundingBox();
  assert.ok(sleeper.y > calm_line.y);
});

test("a long history shows a window around the violation until all is asked for", async (context) => {
  const { page, calm } = await opened(context, `${file_of("findings.jsonl")}#/finding/5d20aa7714fe`);
  assert.equal(await page.locator(".spacetime .event").count(), 400);
  assert.equal(await page.locator(".event.rejected").count(), 1);
  await page.getByRole("button", { name: "show all" }).click();
  assert.equal(await page.locator(".spacetime .event").count(), 480);
  assert.match(await page.innerText(".story"), /<b>never<\/b> <\/script>/, "text of a record stays text");
  calm();
});

test("links lead from finding to clause to cell and back", async (context) => {
  const { page, calm } = await opened(context, file_of("findings.jsonl"));
  await page.locator(".findings a").first().click();
  assert.match(page.url(), /#\/finding\/7f3a91c20be4$/);
  await page.locator(".clause a.id").click();
  assert.match(page.url(), /#\/clause\/PIPE-ATOMIC-1$/);
  await page.locator(".narrow td a").first().click();
  assert.match(page.url(), /#\/cell\/pipe\/atomicity\/none$/);
  await page.goBack();
  await page.goBack();
  assert.match(await page.innerText("h1"), /7f3a91c20be4/);
  calm();
});

test("the replay command and the case can be copied", async (context) => {
  const { page } = await opened(context, `${file_of("findings.jsonl")}#/finding/7f3a91c20be4`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "copy replay command" }).click();
  await page.getByText("copied").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "crosstalk replay out/cases/7f3a91c20be4.json");
  const text = await page.locator(".copyable pre").nth(1).innerText();
  assert.equal(JSON.parse(text).drawn_for, "pipe/atomicity/interruption");
});

test("the clause table is hollow where there is no evidence", async (context) => {
  const { page } = await opened(context, `${file_of("findings.jsonl")}#/clauses`);
  const row = (id) => page.locator("tr", { has: page.locator(`a[href$="/${id}"]`) });
  assert.match(await row("PIPE-CREATE-6").innerText(), /not-evidenced/);
  assert.equal(await row("PIPE-CREATE-6").locator(".hollow").count(), 5);
  assert.match(await row("PIPE-CREATE-7").innerText(), /needs/);
  await page.goto(`${page.url().split("#")[0]}#/coverage`);
  assert.match(await page.innerText(".corners"), /descriptor-limit never fired/);
  assert.match(await page.innerText(".corners"), /PIPE-CREATE-6/);
});

test("the colour scheme can be turned and is kept in the page only", async (context) => {
  const { page } = await opened(context, file_of("pass.jsonl"));
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before_it = await paper();
  await page.getByRole("button", { name: "use dark colours" }).click();
  assert.notEqual(await paper(), before_it);
  await page.reload();
  assert.equal(await paper(), before_it);
});

test("a passing run says so; its one deviation is known", async (context) => {
  const { page, calm } = await opened(context, file_of("pass.jsonl"));
  assert.match(await page.innerText(".verdict"), /PASSED/);
  assert.match(await page.innerText(".findings"), /known/);
  await page.locator(".findings a").first().click();
  assert.match(await page.innerText("main"), /A deviation that the specification knows/);
  assert.match(await page.locator(".event.call").last().textContent(), /write 18446744073709551557 → EINVAL/);
  assert.match(await page.locator(".copyable pre").nth(1).innerText(), /"bytes": ?18446744073709551557\b/, "a copied case keeps its numbers");
  assert.match(await page.locator(".event.call").nth(2).textContent(), /poll 0,1 = 1 in,/);
  calm();
});

test("a killed run has no verdict, and shows what it had", async (context) => {
  const { page, calm } = await opened(context, file_of("killed.jsonl"));
  assert.match(await page.innerText("main"), /1 unreadable line was left out/);
  assert.match(await page.innerText(".verdict"), /NO VERDICT/);
  assert.equal(await page.locator(".findings tbody tr").count(), 1);
  calm();
});

test("the kill matrix tells survivors first, and under which clauses each lie was found", async (context) => {
  const url = file_of("proofs.jsonl");
  const { page, calm } = await opened(context, `${url}#/proofs`);
  assert.match(await page.innerText("main"), /3 lies, 2 found, 1 of them under the clause that they break/);
  assert.match(await page.innerText("main"), /PIPE-CAP-3 \(by a hand-made history; the honest kernel does so\)/);
  const rows = await page.locator(".list tbody tr").allInnerTexts();
  assert.match(rows[0], /quiet-lie[\s\S]*survives/);
  assert.match(rows[1], /close-keeps-open[\s\S]*under another name[\s\S]*PIPE-READ-6 624/);
  assert.match(rows[2], /BUG-16[\s\S]*found[\s\S]*PIPE-ATOMIC-2 31/);
  await accessible(page, "proofs");
  calm();
});

test("two targets in one report have a switch", async (context) => {
  const other = sample("pass.jsonl").replaceAll('"name":"local"', '"name":"runsc"');
  const { page, calm } = await opened(context, file_of("two", sample("findings.jsonl") + other));
  assert.match(await page.innerText(".verdict"), /FAILED/);
  await page.getByRole("button", { name: "runsc" }).click();
  assert.match(await page.innerText(".verdict"), /PASSED/);
  calm();
});

test("on paper the controls are gone and the findings follow in full", async (context) => {
  const { page } = await opened(context, file_of("findings.jsonl"));
  await page.waitForSelector(".paper section", { state: "attached" });
  assert.equal(await page.locator(".paper").isVisible(), false);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".controls").isVisible(), false);
  assert.equal(await page.locator(".paper section").count(), 5);
  assert.equal(await page.locator(".paper section .event.rejected").first().isVisible(), true);
});

test("without scripts the summary is shown", async (context) => {
  const { page } = await opened(context, file_of("pass.jsonl"), { javaScriptEnabled: false });
  assert.match(await page.innerText("#plain"), /summary of pass/);
});

if (process.env.CROSSTALK_REPORT)
  for (const colorScheme of ["light", "dark"])
    test(`the report that the tool wrote is quiet and passes axe in ${colorScheme}`, async (context) => {
      const url = `file://${process.env.CROSSTALK_REPORT}`;
      const { page, calm } = await opened(context, url, { colorScheme });
      const findings = await page.locator(".findings a[href^='#/finding/']").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
      for (const route of ["#/", "#/clauses", "#/coverage", ...findings.slice(0, 20)]) {
        await page.goto(url + route);
        await page.waitForSelector("main > *");
        await accessible(page, `${route} ${colorScheme}`);
      }
      assert.ok((await page.locator("main").innerText()).length > 100);
      calm();
    });
