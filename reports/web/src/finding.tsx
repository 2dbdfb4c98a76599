// A finding's page: the broken promise, why, the picture, and everything that is needed to see it again.

import { number, plural, pretty } from "./format";
import type { Finding, Model } from "./model";
import { reason_words } from "./overview";
import { Badge, ClauseBox, Copyable } from "./pieces";
import type { Case, History } from "./records";
import { link } from "./route";
import { SpaceTime } from "./spacetime";

// A history that carries its case need not be told it twice.
export function case_of(finding: Finding): Case | undefined {
  return finding.case ?? (finding.history as (History & { case?: Case }) | undefined)?.case;
}

export function rejected_event(finding: Finding): number {
  const last = (finding.history?.events.length ?? 1) - 1;
  return finding.event === undefined ? last : Math.max(0, Math.min(finding.event, last));
}

function Facts({ finding, model }: { finding: Finding; model: Model }) {
  const value = case_of(finding);
  const again = model.again[finding.finding];
  const facts: [string, string][] = [
    ["happened", reason_words(finding)],
    ["rate", finding.rate ? `${finding.rate[0]} of ${finding.rate[1]} replays` : ""],
    ["case", [finding.actors === undefined ? "" : plural(finding.actors, "actor"), finding.steps === undefined ? "" : plural(finding.steps, "step")].filter(Boolean).join(", ")],
    ["schedule", value?.schedule?.mode ?? ""],
    ["faults", (value?.plan ?? []).map((entry) => `${entry.fault}${entry.when ? ` ${entry.when}` : ""} at actor ${entry.actor}, step ${entry.step}`).join("; ")],
    ["found after", finding.found_after_cases === undefined ? "" : plural(finding.found_after_cases, "case")],
    ["met again", again ? `${number(again)} times` : ""],
    ["ended", finding.history?.ended ?? ""],
  ];
  return <dl class="facts">{facts.filter(([, text]) => text !== "").map(([name, text]) => <div key={name}><dt>{name}</dt><dd>{text}</dd></div>)}</dl>;
}

export function FindingBody({ finding, model, still = false }: { finding: Finding; model: Model; still?: boolean }) {
  const why = model.cell.get(finding.cell)?.clauses.find((entry) => entry.clause === finding.clause)?.why;
  return (
    <>
      <ClauseBox id={finding.clause} clause={model.clauses.get(finding.clause)} />
      {finding.deviates ? <p class="note known">A deviation that the specification knows: all the rest of this history is explained by allowing it. {why}</p> : null}
      <Facts finding={finding} model={model} />
      {finding.explanation?.length ? (
        <>
          <h2>Why</h2>
          <pre class="story">{finding.explanation.join("\n")}</pre>
        </>
      ) : null}
      {finding.history && finding.history.events.length > 0 ? (
        <>
          <h2>What happened</h2>
          <SpaceTime key={finding.finding} history={finding.history} value={case_of(finding)} rejected={rejected_event(finding)} explanation={finding.explanation ?? []} still={still} />
        </>
      ) : null}
    </>
  );
}

export function FindingPage({ model, id }: { model: Model; id: string }) {
  const finding = model.findings.find((entry) => entry.finding === id);
  if (finding === undefined) return <p>This report holds no finding <span class="id">{id}</span>.</p>;
  const value = case_of(finding);
  return (
    <>
      <p class="crumbs"><a href={link("")}>overview</a> / <a href={link(`cell/${finding.cell}`)}>{finding.cell}</a></p>
      <h1 class="page">Finding <span class="id">{finding.finding}</span> <Badge outcome={finding.shown} /></h1>
      <FindingBody finding={finding} model={model} />
      <h2>See it again</h2>
      <Copyable what="replay command" text={`crosstalk replay out/cases/${finding.finding}.json`} />
      {value ? <Copyable what="case" text={pretty(value)} /> : null}
    </>
  );
}
