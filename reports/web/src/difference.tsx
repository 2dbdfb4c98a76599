// What two runs have apart: the verdict, the cells that changed as a grid of before and after, findings with the test
// on their rates, clauses. The report's writer has compared (reports/difference.cc); this page only tells.

import { useState } from "preact/hooks";

import { matches, parse_filter } from "./filter";
import { exact, type Change, type DifferenceRecord } from "./records";
import { number } from "./format";
import { outcome_of } from "./outcomes";
import { FilterBox, cell_subject } from "./overview";
import type { Cell, Model } from "./model";
import { link, parameter } from "./route";

interface Sides { difference: DifferenceRecord; before: Model; after: Model }

function Facts({ before, after }: { before: Model; after: Model }) {
  const rows: [string, (model: Model) => string][] = [
    ["target", (model) => model.runs[0]?.target?.name ?? "?"],
    ["kernel", (model) => [model.runs[0]?.target?.kernel, model.runs[0]?.target?.arch].filter(Boolean).join(" ")],
    ["libc", (model) => model.runs[0]?.target?.libc ?? ""],
    ["crosstalk", (model) => model.runs[0]?.version ?? ""],
    ["seed", (model) => exact(model.runs[0]?.seed ?? "?")],
    ["cases", (model) => number(model.cases)],
    ["started", (model) => (model.runs[0]?.started ?? "").replace("T", " ").replace(/:\d\d(\.\d+)?Z$/, " UTC")],
  ];
  return (
    <div class="scroll">
      <table class="list narrow">
        <thead><tr><th scope="col"><span class="unseen">fact</span></th>{[before, after].map((model) => <th scope="col" key={model.key}>{model.key} <a href={link("overview", { target: model.key })}>its report</a></th>)}</tr></thead>
        <tbody>{rows.map(([name, value]) => <tr key={name}><th scope="row">{name}</th><td>{value(before)}</td><td>{value(after)}</td></tr>)}</tbody>
      </table>
    </div>
  );
}

// One outcome, then the other, as a link to the later run's cell (or the earlier one's, where it is gone).
function Pair({ before, after, worse }: { before: Cell | undefined; after: Cell | undefined; worse: boolean }) {
  const [was, is] = [before, after].map((cell) => (cell === undefined ? { symbol: "—", word: "no such cell" } : outcome_of(cell.outcome)));
  const id = (after ?? before)?.id ?? "";
  const sentence = `${id}: ${was?.word}, then ${is?.word}${worse ? ", worse" : ""}`;
  return (
    <a class={`cell ${is?.word === "no such cell" ? "" : is?.word}`} title={sentence} href={link(`cell/${id}`, { target: after ? "after" : "before" })}>
      <span aria-hidden="true">{was?.symbol} → {is?.symbol}</span><span class="unseen">{sentence}</span>
    </a>
  );
}

function ChangedGrid({ difference, before, after }: Sides) {
  const [all, set_all] = useState(false);
  const { words } = parse_filter(parameter("filter"));
  const changed = new Map(difference.cells.map((change) => [change.what, change]));
  for (const id of [...difference.only_before, ...difference.only_after]) changed.set(id, { what: id, before: "", after: "", why: "", worse: false });
  const cells = [...after.cells, ...before.cells.filter((cell) => !after.cell.has(cell.id))].filter((cell) => (all || changed.has(cell.id)) && matches(words, cell_subject(cell)));
  const properties = [...new Set([...after.properties, ...before.properties])].filter((property) => cells.some((cell) => cell.property === property));
  const rows = [...new Set(cells.map((cell) => `${cell.mechanism}/${cell.fault}`))];
  return (
    <>
      <div class="controls">
        <FilterBox shown={cells.length} all={Math.max(after.cells.length, cells.length)} what="cell" />
        <fieldset class="switch">
          <legend>cells</legend>
          <button type="button" aria-pressed={!all} onClick={() => set_all(false)}>changed</button>
          <button type="button" aria-pressed={all} onClick={() => set_all(true)}>all</button>
        </fieldset>
      </div>
      {cells.length === 0 ? <p class="quiet after">{changed.size === 0 ? "No cell changed." : "No changed cell matches the filter."}</p> : (
        <div class="scroll">
          <table class="grid changes">
            <caption class="unseen">Cells before and after: mechanism and fault down, property across.</caption>
            <thead><tr><th scope="col">mechanism</th><th scope="col">fault</th>{properties.map((property) => <th scope="col" key={property}>{property}</th>)}</tr></thead>
            <tbody>{rows.map((row) => {
              const [mechanism = "", fault = ""] = row.split("/");
              return (
                <tr key={row}>
                  <th scope="row">{mechanism}</th><td class="quiet">{fault}</td>
                  {properties.map((property) => {
                    const id = `${mechanism}/${property}/${fault}`;
                    const there = cells.some((cell) => cell.id === id);
                    return <td key={property} class={there ? "" : "absent"}>{there ? <Pair before={before.cell.get(id)} after={after.cell.get(id)} worse={changed.get(id)?.worse ?? false} /> : null}</td>;
                  })}
                </tr>
              );
            })}</tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Changes({ changes, first, path, why }: { changes: Change[]; first: string; path: (what: string) => string; why: string }) {
  return (
    <div class="scroll">
      <table class="list">
        <thead><tr><th scope="col">change</th><th scope="col">{first}</th><th scope="col">before</th><th scope="col">after</th>{why ? <th scope="col">{why}</th> : null}</tr></thead>
        <tbody>{changes.map((change) => (
          <tr key={change.what}>
            <td>{change.worse ? <span class="badge regression"><span aria-hidden="true">✗</span> worse</span> : <span class="badge"><span aria-hidden="true">·</span> changed</span>}</td>
            <td><a href={path(change.what)}>{change.what}</a></td><td>{change.before}</td><td>{change.after}</td>{why ? <td class="quiet">{change.why}</td> : null}
          </tr>
        ))}</tbody>
      </table>
    </div>
  );
}

export function DifferencePage({ difference, before, after }: Sides) {
  const finding = (what: string): string => {
    const id = what.split(" ")[0] ?? "";
    return link(`finding/${id}`, { target: after.findings.some((entry) => entry.finding === id) ? "after" : "before" });
  };
  const [word = "", ...rest] = difference.verdict.split(" ");
  const like = difference.worse ? "regression" : "pass";
  return (
    <>
      <div class={`verdict ${like}`} role="status">
        <h1><span aria-hidden="true">{outcome_of(like).symbol}</span> {word}</h1>
        <p>{rest.join(" ").replace(/^in ([0-9]+), none/, "in $1 places, none") || "nothing that is told apart from luck"}</p>
      </div>
      {difference.cautions.map((caution) => <p class="note known" key={caution}>{caution[0]?.toUpperCase()}{caution.slice(1)}.</p>)}
      <Facts before={before} after={after} />
      <h2>Findings</h2>
      {difference.findings.length === 0 ? <p class="quiet">None is new, gone, or met at another rate.</p> : <Changes changes={difference.findings} first="finding" path={finding} why="is it luck?" />}
      {difference.method ? <p class="quiet after">Rates are compared by {difference.method}.</p> : null}
      <h2>Cells</h2>
      <ChangedGrid difference={difference} before={before} after={after} />
      <h2>Clauses</h2>
      {difference.clauses.length === 0 ? <p class="quiet">None changed.</p> : <Changes changes={difference.clauses} first="clause" path={(what) => link(`clause/${what.split(" ")[0]}`, { target: "after" })} why="" />}
    </>
  );
}
