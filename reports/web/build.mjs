// Bundles src/ into one file, dist/shell.html, that the tool embeds and completes with records. The same sources and
// the same lock file give the same bytes: nothing here reads a clock, a host name or a path outside this folder.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? join(here, "dist", "shell.html");

const bundled = await build({
  absWorkingDir: here,
  entryPoints: ["src/app.tsx"],
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: "iife",
  target: ["chrome123", "firefox120", "safari17.5"], // the first that know light-dark()
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none", // the notices below stand for all of them
  charset: "utf8",
});
const script = bundled.outputFiles[0].text.trimEnd();
const style = (await transform(readFileSync(join(here, "src/style.css"), "utf8"), { loader: "css", minify: true, target: ["chrome123", "firefox120", "safari17.5"] })).code.trimEnd();
for (const bad of ["</script", "<!--"]) if (script.includes(bad)) throw new Error(`the bundle holds ${bad}`);

// The licences of everything that is in the bundle.
const packages = [...new Set(Object.entries(bundled.metafile.outputs).flatMap(([, made]) => Object.entries(made.inputs))
  .filter(([path, part]) => path.startsWith("node_modules/") && part.bytesInOutput > 0)
  .map(([path]) => path.slice("node_modules/".length).split("/").slice(0, path.includes("/@") ? 2 : 1).join("/")))].sort();
const notices = packages.map((name) => {
  const folder = join(here, "node_modules", name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).sort().find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
  return { title: `${name} ${about.version} (${about.license})`, text };
});
const texts = new Map();
for (const { title, text } of notices) texts.set(text, [...(texts.get(text) ?? []), title]);
const licences = [...texts].map(([text, titles]) => `${titles.join(", ")}\n${text}`).join("\n\n").replace(/--+>?/g, "-");

const hash = createHash("sha256").update(script).digest("base64");
const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Crosstalk report</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<noscript><!--crosstalk:summary--></noscript>
<script type="application/jsonl" id="records">
<!--crosstalk:records--></script>
<script>${script}</script>
<!--
This page holds parts of these packages:

${licences}
-->
</body>
</html>
`;
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, page);
console.log(`${output}: ${page.length} characters, ${packages.length} packages`);
