// The first page: what ran, the verdict, the grid, the findings worst first, and whether the search was any good.

import { useMemo } from "preact/hooks";

import { actors_chart, sizes_chart } from "./charts";
import { matches, parse_filter, type Subject } from "./filter";
import { bytes, duration, number, plural } from "./format";
import { Grid } from "./grid";
import { outcome_of, outcomes } from "./outcomes";
import { verdict_of, type Cell, type Finding, type Model } from "./model";
import { Badge, Chart } from "./pieces";
import { exact } from "./records";
import { link, parameter, set_parameter } from "./route";

export function FilterBox({ shown, all, what }: { shown: number; all: number; what: string }) {
  const text = parameter("filter");
  const { unknown } = parse_filter(text);
  return (
    <search class="filter">
      <label for="filter">filter</label>
      <input
        id="filter" type="search" value={text} spellcheck={false} autocomplete="off" placeholder="property:order !fault:none"
        aria-describedby="filter-state" onInput={(event) => set_parameter("filter", event.currentTarget.value)}
        onKeyDown={(event) => { if (event.key === "Escape") event.currentTarget.blur(); }}
      />
      <kbd aria-hidden="true">/</kbd>
      <span id="filter-state" role="status">
        {unknown.length > 0 ? `unknown key ${unknown.join(", ")}: use mechanism property fault clause finding outcome` : text === "" ? "" : `${number(shown)} of ${plural(all, what)}`}
      </span>
    </search>
  );
}

export const cell_subject = (cell: Cell): Subject => ({
  cell: [cell.id], mechanism: [cell.mechanism], property: [cell.property], fault: [cell.fault], outcome: [cell.outcome],
  clause: [...cell.clauses.map((entry) => entry.clause), ...cell.findings.map((finding) => finding.clause)],
  finding: cell.findings.map((finding) => finding.finding),
});

const finding_subject = (finding: Finding): Subject => {
  const [mechanism = "", property = "", fault = ""] = finding.cell.split("/");
  return { cell: [finding.cell], mechanism: [mechanism], property: [property], fault: [fault], outcome: [finding.shown], clause: [finding.clause], finding: [finding.finding] };
};

function Facts({ model }: { model: Model }) {
  const run = model.runs[0];
  const said = run?.target ?? {};
  const seeds = [...new Set(model.runs.map((entry) => exact(entry.seed ?? "?")))];
  const facts: [string, string][] = [
    ["target", model.target || "?"],
    ["kernel", [said.kernel, said.arch].filter(Boolean).join(" ")],
    ["libc", said.libc ?? ""],
    ["crosstalk", run?.version ?? ""],
    [seeds.length > 1 ? "seeds" : "seed", seeds.join(" ")],
    ["profile", run?.profile ?? ""],
    ["cases", number(model.cases)],
    ["events", number(model.events)],
    ["time", model.seconds > 0 ? `${duration(model.seconds)}, ${number(Math.round(model.cases / model.seconds))} cases/s` : "not told"],
    ["stopped by", [...new Set(model.ends.map((end) => end.stopped_because).filter(Boolean))].join(", ")],
    ["started", (run?.started ?? "").replace("T", " ").replace(/:\d\d(\.\d+)?Z$/, " UTC")],
  ];
  return <dl class="facts">{facts.filter(([, value]) => value !== "").map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

export function Switch({ name, options }: { name: "fault" | "target" | "mechanism"; options: [string, string][] }) {
  const chosen = parameter(name);
  return (
    <fieldset class="switch">
      <legend>{name}</legend>
      {options.map(([value, word]) => {
        const on = chosen === value || (chosen === "" && value === options[0]?.[0]);
        return <button key={value} type="button" aria-pressed={on} onClick={() => set_parameter(name, value === options[0]?.[0] ? "" : value)}>{word}</button>;
      })}
    </fieldset>
  );
}

export function FindingTable({ model, findings }: { model: Model; findings: Finding[] }) {
  return (
    <div class="scroll">
      <table class="list findings">
        <thead>
          <tr><th scope="col">outcome</th><th scope="col">promise</th><th scope="col">what happened</th><th scope="col">cell</th><th scope="col" class="n">rate</th><th scope="col" class="n">steps</th><th scope="col" class="n">actors</th><th scope="col" class="n">found after</th></tr>
        </thead>
        <tbody>
          {findings.map((finding) => (
            <tr key={finding.finding}>
              <td><Badge outcome={finding.shown} /></td>
              <td><a href={link(`finding/${finding.finding}`)}><span class="id">{finding.clause}</span> {model.clauses.get(finding.clause)?.says ?? finding.finding}</a></td>
              <td>{reason_words(finding)}</td>
              <td><a class="plain" href={link(`cell/${finding.cell}`)}>{finding.cell}</a></td>
              <td class="n">{finding.rate ? `${finding.rate[0]}/${finding.rate[1]}` : "—"}</td>
              <td class="n">{finding.steps ?? "—"}</td>
              <td class="n">{finding.actors ?? "—"}</td>
              <td class="n">{finding.found_after_cases === undefined ? "—" : number(finding.found_after_cases)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function reason_words(finding: Finding): string {
  const [got, allowed] = (finding.detail ?? "").split("/");
  if (finding.reason.startsWith("wrong-errno") && got) return `wrong-errno: ${got === "none" ? "success" : got}${allowed ? ` where ${allowed === "none" ? "success" : allowed} is due` : ""}`;
  return finding.detail ? `${finding.reason}: ${finding.detail}` : finding.reason;
}

export function Overview({ model, models }: { model: Model; models: Model[] }) {
  const { words } = parse_filter(parameter("filter"));
  const cells = model.cells.filter((cell) => matches(words, cell_subject(cell)));
  const findings = model.findings.filter((finding) => matches(words, finding_subject(finding)));
  const verdict = verdict_of(model);
  const counts = new Map<string, number>();
  for (const cell of model.cells) counts.set(cell.outcome, (counts.get(cell.outcome) ?? 0) + 1);
  const sizes = useMemo(() => sizes_chart(model.sizes, 520, 130), [model]);
  const actors = useMemo(() => actors_chart(model.actors, 320, 130), [model]);
  const few = model.mechanisms.length <= 2;
  const faults: [string, string][] = [
    ...((few ? [["apart", "each"], ["all", "all together"]] : [["all", "all together"], ["apart", "each"]]) as [string, string][]),
    ...model.fault_names.map((name): [string, string] => [name, name]),
  ];
  const inconclusive = Object.values(model.inconclusive).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <div class={`verdict ${verdict.outcome}`} role="status">
        <h1><span aria-hidden="true">{outcome_of(verdict.outcome).symbol}</span> {verdict.word}</h1>
        <p>{verdict.because}</p>
        <ul class="tally">
          {outcomes.filter((outcome) => counts.has(outcome.word)).map((outcome) => {
            const on = parameter("filter").split(/\s+/).includes(`outcome:${outcome.word}`);
            return (
              <li key={outcome.word}>
                <button type="button" class={`badge ${outcome.word}`} aria-pressed={on} title={`${outcome.means}. Show only these.`}
                  onClick={() => set_parameter("filter", on ? parameter("filter").replace(`outcome:${outcome.word}`, "").trim() : `${parameter("filter").replace(/\boutcome:\S+/, "").trim()} outcome:${outcome.word}`.trim())}>
                  <span aria-hidden="true">{outcome.symbol}</span> {outcome.word} <b>{counts.get(outcome.word)}</b>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      <Facts model={model} />
      <div class="controls">
        <FilterBox shown={cells.length} all={model.cells.length} what="cell" />
        {models.length > 1 ? <Switch name="target" options={models.map((entry) => [entry.key, entry.key === entry.target ? entry.key : `${entry.key}: ${entry.target}`])} /> : null}
        <Switch name="fault" options={faults} />
      </div>
      <h2 id="grid">Cells</h2>
      <Grid model={model} shown={cells} />
      <p class="legend">
        {outcomes.filter((outcome) => counts.has(outcome.word)).map((outcome) => <span key={outcome.word} title={outcome.means}><span class={`key ${outcome.word}`} aria-hidden="true">{outcome.symbol}</span> {outcome.word} </span>)}
        <span><span class="key absent" aria-hidden="true">—</span> no such cell </span>
        <span class="quiet">A number is how often a clause of the cell was shown to hold. {model.derived ? "Outcomes are derived from the evidence: the run wrote no end." : ""}</span>
      </p>
      <h2 id="findings">Findings <span class="quiet">{findings.length === 0 ? "" : "worst first"}</span></h2>
      {findings.length === 0 ? <p class="quiet">{model.findings.length === 0 ? "None." : "None that matches the filter."}</p> : <FindingTable model={model} findings={findings} />}
      <h2 id="search">Was the search any good?</h2>
      <div class="charts">
        <Chart title="Bytes asked of one call" options={sizes} says={`Bytes asked of one call, by powers of two, from ${bytes(model.sizes[0]?.[0] ?? 0)} to ${bytes(model.sizes.at(-1)?.[0] ?? 0)}`} />
        <Chart title="Actors in a case" options={actors} says={`Actors in a case: ${model.actors.map(([count, times]) => `${count}: ${number(times)}`).join(", ")}`} />
        <p class="quiet beside">
          {inconclusive === 0 ? "Every case was judged." : `${plural(inconclusive, "case")} inconclusive (${((100 * inconclusive) / Math.max(1, model.cases + inconclusive)).toFixed(2)} %).`}{" "}
          <a href={link("coverage")}>Coverage in full</a>
        </p>
      </div>
    </>
  );
}
