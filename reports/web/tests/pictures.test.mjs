// Holds what the pages look like, light and dark, against pictures/*.png, which a person has looked at. All pages are
// set in DejaVu, so that a fresh Debian 12 draws the same (apt-get install fonts-dejavu-core). After an intended change:
// npm --prefix reports/web/tests run pictures   writes them anew; look at each before you commit it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

import { file_of, opened } from "./browser.mjs";
import { answered, compared } from "./made.mjs";
import { sample } from "./page.mjs";

const pictures = join(dirname(fileURLToPath(import.meta.url)), "pictures");
const approve = process.env.CROSSTALK_APPROVE === "1";
const tolerated = 60; // pixels of 614,400 that may differ visibly: less than a word

const smallest = { colorType: 2, filterType: 0, deflateLevel: 9, deflateStrategy: 0 };

const font = ':root { --mono: "DejaVu Sans Mono" !important; } body { font-family: "DejaVu Sans" !important; } * { font-style: normal !important; }';
before(() => {
  for (const family of ["DejaVu Sans", "DejaVu Sans Mono"])
    assert.equal(execFileSync("fc-match", ["-f", "%{family}", family], { encoding: "utf8" }), family, "apt-get install fonts-dejavu-core");
});

// "" or how the picture differs from the approved one, and where to see it.
function complaint(name, bytes) {
  const path = join(pictures, `${name}.png`);
  if (!existsSync(path)) return `no ${path}; npm --prefix reports/web/tests run pictures writes it`;
  const [wanted, got] = [readFileSync(path), bytes].map((data) => PNG.sync.read(data));
  const { width, height } = wanted;
  if (got.width !== width || got.height !== height) return `${name} is ${got.width} x ${got.height}, approved ${width} x ${height}`;
  const apart = new PNG({ width, height });
  const count = pixelmatch(wanted.data, got.data, apart.data, width, height, { threshold: 0.05 });
  if (count <= tolerated) return "";
  const folder = mkdtempSync(join(tmpdir(), "crosstalk-pictures-"));
  writeFileSync(join(folder, `${name}.png`), bytes);
  writeFileSync(join(folder, `${name}-apart.png`), PNG.sync.write(apart));
  return `${name}: ${count} pixels differ, see ${folder}; if it is meant: npm --prefix reports/web/tests run pictures`;
}

const pages = [  // records, route, and what is scrolled to the top
  ["overview", sample("findings.jsonl"), "#/", "main"],
  ["clause", sample("findings.jsonl"), "#/clause/PIPE-ATOMIC-1", "main"],
  ["finding", sample("findings.jsonl"), "#/finding/7f3a91c20be4", ".spacetime"],
  ["coverage", sample("findings.jsonl"), "#/coverage", "[aria-label='Faults fired by call, pipe']"],
  ["claims", answered, "#/claims", "main"],
  ["difference", compared(), "#/", "main"],
];

for (const colorScheme of ["light", "dark"])
  for (const [page_name, records, route, top] of pages)
    test(`the ${page_name} page looks as approved in ${colorScheme}`, async (context) => {
      const { page } = await opened(context, file_of(page_name, records) + route, { colorScheme, viewport: { width: 960, height: 640 } });
      await page.addStyleTag({ content: font });
      await page.locator(`${top} > *`).first().waitFor();
      if (top !== "main") await page.locator(top).first().evaluate((element) => element.scrollIntoView());
      const name = `${page_name}-${colorScheme}`;
      const bytes = await page.screenshot({ animations: "disabled" });
      if (approve) {
        mkdirSync(pictures, { recursive: true });
        writeFileSync(join(pictures, `${name}.png`), PNG.sync.write(PNG.sync.read(bytes), smallest));
        return;
      }
      const wrong = complaint(name, bytes);
      assert.ok(wrong === "", wrong);
    });
