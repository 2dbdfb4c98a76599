// Completes the shell with records as the tool does (reports/html.cc), for tests of the page alone.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

export function page_of(records, summary = "") {
  const shell = readFileSync(join(here, "../dist/shell.html"), "utf8");
  return shell
    .replace("<!--crosstalk:summary-->", () => summary)
    .replace("<!--crosstalk:records-->", () => records.replaceAll("<", "\\u003c"));
}

export const sample = (name) => readFileSync(join(here, "samples", name), "utf8");

export const browser_options = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-lcd-text", "--disable-font-subpixel-positioning", "--font-render-hinting=none", "--force-color-profile=srgb", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};
