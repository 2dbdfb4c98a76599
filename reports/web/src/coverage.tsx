// The coverage page answers "is the search any good?": what was drawn, which faults really fired, where the judge gave
// up, and, in words, what no case of this run has shown.

import { useMemo } from "preact/hooks";

import { actors_chart, size_bars, sizes_chart } from "./charts";
import { bytes, number, plural } from "./format";
import { all_faults, evidence_of, type Model } from "./model";
import { Families } from "./families";
import { Heat } from "./heat";
import { Interleavings } from "./interleavings";
import { Switch } from "./overview";
import { Chart } from "./pieces";
import type { Counts } from "./records";
import { link, parameter } from "./route";
import { Strikes } from "./strikes";

interface Corner { text: string; clause?: string; rest?: string }

// Sizes that no call asked for, neighbours together: "1 MiB to 2 EiB".
function gaps_in(sizes: [number, number][]): string[] {
  const runs: [number, number][] = [];
  for (const { from, count } of size_bars(sizes)) {
    if (from === 0 || count > 0) continue;
    const last = runs.at(-1);
    if (last && last[1] * 2 === from) last[1] = from;
    else runs.push([from, from]);
  }
  return runs.map(([first, last]) => (first === last ? bytes(first) : `${bytes(first)} to ${bytes(last)}`));
}

// What this run never showed, worst first.
export function empty_corners(model: Model): Corner[] {
  const corners: Corner[] = [];
  for (const [fault, works] of Object.entries(model.faults)) {
    if (fault === "none") continue;
    if (works !== "yes") corners.push({ text: `The fault ${fault} cannot be provoked here: ${works}.` });
    else if (!model.fired[fault]) corners.push({ text: `The fault ${fault} never fired${model.armed[fault] ? `, though it was armed ${number(model.armed[fault])} times` : ""}.` });
  }
  for (const clause of model.catalogue.clauses)
    if (clause.standing === "judged" && evidence_of(model, clause.id) === 0)
      corners.push({ text: "No case gave evidence for ", clause: clause.id, rest: `: ${clause.says.replace(/\.$/, "")}.` });
  const gaps = gaps_in(model.sizes);
  if (gaps.length > 0) corners.push({ text: `No call asked for a size between these powers of two and the next: ${gaps.join(", ")}.` });
  for (const [size, name] of [[4096, "PIPE_BUF"], [65536, "the default capacity of a pipe"]] as const)
    if (!model.sizes.some(([from]) => from >= size)) corners.push({ text: `No call asked for ${bytes(size)} (${name}) or more.` });
  if (!model.actors.some(([actors]) => actors >= 3)) corners.push({ text: "No case had three actors or more." });
  return corners;
}

function CountTable({ counts, what, caption }: { counts: Counts; what: string; caption: string }) {
  const rows = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  const sum = rows.reduce((total, [, count]) => total + count, 0);
  return (
    <table class="list narrow">
      <caption class="unseen">{caption}</caption>
      <thead><tr><th scope="col">{what}</th><th scope="col" class="n">cases</th><th scope="col" class="n">share</th></tr></thead>
      <tbody>{rows.map(([name, count]) => <tr key={name}><th scope="row">{name}</th><td class="n">{number(count)}</td><td class="n">{((100 * count) / sum).toFixed(1)} %</td></tr>)}</tbody>
    </table>
  );
}

function Histogram({ rows, first }: { rows: [string, number][]; first: string }) {
  return (
    <details>
      <summary>as a table</summary>
      <table class="list narrow">
        <thead><tr><th scope="col">{first}</th><th scope="col" class="n">count</th></tr></thead>
        <tbody>{rows.map(([name, count]) => <tr key={name}><th scope="row">{name}</th><td class="n">{number(count)}</td></tr>)}</tbody>
      </table>
    </details>
  );
}

function EvidenceHeat({ model }: { model: Model }) {
  const faults = all_faults(model);
  const sums = new Map<string, number>();
  for (const clause of model.catalogue.clauses)
    for (const fault of faults) {
      const key = `${clause.property} ${fault}`;
      sums.set(key, (sums.get(key) ?? 0) + evidence_of(model, clause.id, fault));
    }
  return (
    <Heat caption="Evidence by property and fault" corner="property" rows={model.properties} columns={faults} word={(fault) => (fault === "none" ? "no fault" : fault)}
      at={(property, fault) => ({ count: sums.get(`${property} ${fault}`) ?? 0 })} />
  );
}

// What is told of one mechanism at a time.
function OfOneMechanism({ model }: { model: Model }) {
  const told = model.mechanisms.filter((mechanism) => model.interleavings.has(mechanism) || [...model.struck.keys()].some((key) => key.startsWith(`${mechanism} `)));
  const mechanism = told.find((name) => name === parameter("mechanism")) ?? told[0];
  if (mechanism === undefined) return <><h2>Faults by call, and interleavings</h2><p class="quiet">These results do not tell: the version that wrote them did not count it.</p></>;
  return (
    <>
      {told.length > 1 ? <div class="controls"><Switch name="mechanism" options={told.map((name) => [name, name])} /></div> : null}
      <h2>Faults by call <span class="quiet">{mechanism}</span></h2>
      <Strikes model={model} mechanism={mechanism} />
      <h2>Interleavings <span class="quiet">{mechanism}</span></h2>
      <Interleavings model={model} mechanism={mechanism} />
    </>
  );
}

export function CoveragePage({ model }: { model: Model }) {
  const sizes = useMemo(() => sizes_chart(model.sizes, 760, 210), [model]);
  const actors = useMemo(() => actors_chart(model.actors, 360, 210), [model]);
  const corners = empty_corners(model);
  const faults = [...new Set([...Object.keys(model.faults), ...Object.keys(model.armed), ...Object.keys(model.fired)])].filter((fault) => fault !== "none");
  const inconclusive = Object.values(model.inconclusive).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <h1 class="page">Coverage</h1>
      <p class="lead">What {number(model.cases)} cases with {number(model.events)} events tried, and what they did not.</p>
      <div class="charts">
        <div>
          <Chart title="Bytes asked of one call, by powers of two" options={sizes} says="Bytes asked of one call, by powers of two; the table below has the same numbers" />
          <Histogram first="from" rows={size_bars(model.sizes).map((bar) => [bytes(bar.from), bar.count])} />
        </div>
        <div>
          <Chart title="Actors in a case" options={actors} says="Actors in a case; the table below has the same numbers" />
          <Histogram first="actors" rows={model.actors.map(([count, times]) => [String(count), times])} />
        </div>
      </div>
      <h2>Clauses by family</h2>
      <Families model={model} />
      <h2>Empty corners</h2>
      {corners.length === 0 ? <p class="quiet">None that this page knows to look for.</p> : <ul class="corners">{corners.map(({ text, clause, rest }) => <li key={clause ?? text}>{text}{clause ? <a class="id" href={link(`clause/${clause}`)}>{clause}</a> : null}{rest}</li>)}</ul>}
      <h2>Faults</h2>
      {faults.length === 0 ? <p class="quiet">No fault was asked for.</p> : (
        <table class="list narrow">
          <thead><tr><th scope="col">fault</th><th scope="col">can be provoked</th><th scope="col" class="n">armed</th><th scope="col" class="n">fired</th></tr></thead>
          <tbody>{faults.map((fault) => (
            <tr key={fault}>
              <th scope="row" title={model.catalogue.faults.find((entry) => entry.name === fault)?.about}>{fault}</th><td>{model.faults[fault] ?? "not told"}</td>
              <td class="n">{model.armed[fault] === undefined ? "—" : number(model.armed[fault] ?? 0)}</td>
              <td class="n">{model.fired[fault] ? number(model.fired[fault] ?? 0) : <span class="hollow"><span aria-hidden="true">○</span> never</span>}</td>
            </tr>
          ))}</tbody>
        </table>
      )}
      <h2>Evidence by property and fault</h2>
      <EvidenceHeat model={model} />
      <OfOneMechanism model={model} />
      <h2>Where the judge gave up</h2>
      {inconclusive === 0 ? <p class="quiet">Nowhere: every case was judged.</p> : (
        <>
          <p>{plural(inconclusive, "case")} of {number(model.cases + inconclusive)} inconclusive. They count as nothing.</p>
          <CountTable counts={model.inconclusive} what="bucket" caption="Inconclusive cases by bucket" />
        </>
      )}
      {Object.keys(model.broken).length > 0 ? <><h2>Broken</h2><CountTable counts={model.broken} what="what broke" caption="Cases the harness broke" /></> : null}
    </>
  );
}
