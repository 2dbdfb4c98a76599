// The frame around the pages: navigation, the colour scheme, the keys that work everywhere, and what is printed.

import { computed, signal } from "@preact/signals";
import { render } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

import { CellPage } from "./cell";
import { ClaimsPage } from "./claims";
import { ClausePage, ClausesPage } from "./clauses";
import { CoveragePage } from "./coverage";
import { DifferencePage } from "./difference";
import { FindingBody, FindingPage } from "./finding";
import { load, type Model } from "./model";
import { Overview } from "./overview";
import { Badge } from "./pieces";
import { ProofsPage } from "./proofs";
import { back, came_from, can_go_back, link, parameter, route } from "./route";

const loaded = load(document.getElementById("records")?.textContent ?? "");
const model = computed((): Model | undefined => loaded.models.find((entry) => entry.key === parameter("target")) ?? loaded.models[0]);
const [before, after] = ["before", "after"].map((key) => loaded.models.find((entry) => entry.key === key));
const sides = loaded.difference && before && after ? { difference: loaded.difference, before, after } : undefined;
const scheme = signal(""); // "" follows the system

function Page({ shown }: { shown: Model }) {
  const { parts } = route.value;
  switch (parts[0]) {
    case undefined: return sides ? <DifferencePage {...sides} /> : <Overview model={shown} models={loaded.models} />;
    case "overview": return <Overview model={shown} models={loaded.models} />;
    case "cell": return <CellPage model={shown} parts={parts.slice(1)} />;
    case "finding": return <FindingPage key={parts[1]} model={shown} id={parts[1] ?? ""} />;
    case "clauses": return <ClausesPage model={shown} />;
    case "clause": return <ClausePage model={shown} id={parts[1] ?? ""} />;
    case "claims": return <ClaimsPage model={shown} />;
    case "proofs": return <ProofsPage model={shown} />;
    case "coverage": return <CoveragePage model={shown} />;
    default: return <p>This report has no page <span class="id">{parts.join("/")}</span>. <a href={link("")}>Overview</a></p>;
  }
}

// On paper the overview is followed by its findings in full. They are made once the page is idle, and only for paper.
const printed_findings = 12;
function OnPaper({ shown }: { shown: Model }) {
  const [ready, set_ready] = useState(false);
  useEffect(() => {
    const later = setTimeout(() => set_ready(true), 1200);
    return () => clearTimeout(later);
  }, []);
  if (!ready || sides || route.value.parts.length > 0) return null;
  return (
    <div class="paper">
      {shown.findings.slice(0, printed_findings).map((finding) => (
        <section key={finding.finding}>
          <h1 class="page">Finding <span class="id">{finding.finding}</span> <Badge outcome={finding.shown} /></h1>
          <FindingBody finding={finding} model={shown} still />
        </section>
      ))}
    </div>
  );
}

function Theme() {
  const dark = scheme.value === "" ? matchMedia("(prefers-color-scheme: dark)").matches : scheme.value === "dark";
  return (
    <button type="button" class="icon" aria-label={dark ? "use light colours" : "use dark colours"} title={dark ? "light" : "dark"}
      onClick={() => {
        scheme.value = dark ? "light" : "dark";
        document.documentElement.style.colorScheme = scheme.value;
      }}>◐</button>
  );
}

function App() {
  const shown = model.value;
  const page = route.value.parts[0];
  const title = route.value.parts.length === 0 ? "" : `${route.value.parts.slice(page === "cell" || page === "clause" || page === "finding" ? 1 : 0).join("/")} · `;
  useEffect(() => {
    document.title = `${title}Crosstalk report${shown?.target ? ` · ${shown.target}` : ""}`;
  }, [title, shown]);
  // With the page and not after it was painted: who goes back before that would find neither focus nor effect.
  useLayoutEffect(() => {
    scrollTo(0, 0);
    came_from()?.focus();
  }, [route.value.parts.join("/")]);
  const tab = (path: string, word: string, pages: (string | undefined)[]) => <a href={link(path)} aria-current={pages.includes(page) ? "page" : undefined}>{word}</a>;
  return (
    <>
      <header class="top">
        <a class="brand" href={link("")}>Crosstalk</a>
        <nav aria-label="pages">{sides ? tab("", "Difference", [undefined]) : null}{tab(sides ? "overview" : "", "Overview", [sides ? "overview" : undefined, "cell", "finding"])}{tab("clauses", "Clauses", ["clauses", "clause"])}{shown && shown.claims.length > 0 ? tab("claims", "Claims", ["claims"]) : null}{tab("coverage", "Coverage", ["coverage"])}{shown && shown.proofs.length > 0 ? tab("proofs", "Kill matrix", ["proofs"]) : null}</nav>
        <span class="tools"><button type="button" onClick={() => print()}>print</button><Theme /></span>
      </header>
      <main>
        {loaded.skipped > 0 ? <p class="note">{loaded.skipped} unreadable {loaded.skipped === 1 ? "line was" : "lines were"} left out: the run was cut off while writing.</p> : null}
        {shown ? <><Page shown={shown} /><OnPaper shown={shown} /></> : <p>This report holds no records.</p>}
      </main>
      <Keys />
    </>
  );
}

// The keys that work on every page; a page with more of them tells those itself.
const keys: Record<string, { does: string; press: () => void; here: () => boolean }> = {
  u: { does: "back", press: back, here: can_go_back },
  "/": { does: "filter", press: () => document.getElementById("filter")?.focus(), here: () => pages_with_filter.includes(route.value.parts[0]) },
};
const pages_with_filter: (string | undefined)[] = [undefined, "overview", "clauses"];

function Keys() {
  return (
    <footer class="keys" aria-label="keys">
      {Object.entries(keys).filter(([, key]) => key.here()).map(([name, { does, press }]) => <button key={name} type="button" onClick={press}><kbd>{name}</kbd> {does}</button>)}
      <span><kbd>Tab</kbd> next link</span>
      <span><kbd>Enter</kbd> open it</span>
    </footer>
  );
}

addEventListener("keydown", (event) => {
  const key = keys[event.key];
  if (key === undefined || !key.here() || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
  key.press();
  event.preventDefault();
});

const root = document.getElementById("app");
if (root) render(<App />, root);
