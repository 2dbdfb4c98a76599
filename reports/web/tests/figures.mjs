// How soon a report shows something, and how soon its grid answers a key in the filter box: figures of this machine,
// to read beside the wanted ones (1 s and 50 ms). It fails nothing, since a loaded machine is no defect of the page.
// Run by: npm run figures -- REPORT.html...   (without a report: of the sample with findings)
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { chromium } from "playwright-core";

import { browser_options, page_of, sample } from "./page.mjs";

const loads = 10;
const keys = [..."kdfsiotpacer"]; // each leaves some cells and takes others away

const told = (times) => {
  const sorted = times.toSorted((a, b) => a - b);
  return `at least ${sorted[0].toFixed(1)} ms, median ${sorted[sorted.length >> 1].toFixed(1)} ms, at most ${sorted.at(-1).toFixed(1)} ms of ${sorted.length}`;
};

const first_paint = (page) => page.evaluate(() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntriesByName("first-contentful-paint")[0].startTime)).observe({ type: "paint", buffered: true });
}));

// From the key's own time stamp until a frame has been painted in which the line beside the box tells the new filter;
// that line and the grid are one rendering.
async function answer(page, key) {
  await page.evaluate(() => {
    const state = () => document.getElementById("filter-state").textContent;
    const before = state();
    globalThis.answered = new Promise((done) => document.addEventListener("keydown", (event) => {
      const after_paint = new MessageChannel(); // a task queued in a frame's callback runs when that frame is painted
      const look = () => {
        if (state() === before) return requestAnimationFrame(look);
        after_paint.port1.onmessage = () => done(performance.now() - event.timeStamp);
        after_paint.port2.postMessage(0);
      };
      requestAnimationFrame(look);
    }, { once: true, capture: true }));
  });
  await page.keyboard.press(key);
  return page.evaluate(() => globalThis.answered);
}

async function measure(browser, path) {
  const paints = [], typed = [], cleared = [];
  for (let load = 0; load < loads; ++load) {
    const page = await browser.newPage({ viewport: { width: 1320, height: 900 } });
    await page.goto(`file://${resolve(path)}`);
    paints.push(await first_paint(page));
    await page.close();
  }
  const page = await browser.newPage({ viewport: { width: 1320, height: 900 } });
  await page.goto(`file://${resolve(path)}`);
  await page.focus("#filter");
  for (const key of keys) {
    typed.push(await answer(page, key));
    cleared.push(await answer(page, "Backspace"));
  }
  console.log(`${path}: ${await page.locator(".grid a.cell").count()} cells, ${await page.locator(".findings tbody tr").count()} findings`);
  console.log(`  first contentful paint: ${told(paints)}`);
  console.log(`  a key that filters:     ${told(typed)}`);
  console.log(`  a key that clears:      ${told(cleared)}`);
  await page.close();
}

const folder = mkdtempSync(join(tmpdir(), "crosstalk-figures-"));
const browser = await chromium.launch(browser_options);
try {
  const own = join(folder, "sample.html");
  writeFileSync(own, page_of(sample("findings.jsonl")));
  for (const path of process.argv.length > 2 ? process.argv.slice(2) : [own]) await measure(browser, path);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
