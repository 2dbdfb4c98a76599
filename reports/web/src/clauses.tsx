// The clause table and a clause's page: what is promised, by whom, and what evidence this run has for it. This is the
// table to hand to whoever keeps the documents.

import { size_bars } from "./charts";
import { matches, parse_filter, type Subject } from "./filter";
import { bytes, plural } from "./format";
import { all_faults, evidence_of, type Model } from "./model";
import { FilterBox, FindingTable } from "./overview";
import { Badge, ClauseBox, Count, Strength } from "./pieces";
import type { ClauseRow } from "./records";
import { link, parameter } from "./route";
import { worst } from "./outcomes";

function outcome_of_clause(model: Model, clause: ClauseRow): string {
  const found = model.findings.filter((finding) => finding.clause === clause.id).map((finding) => finding.shown);
  if (found.length > 0) return worst(found);
  if (clause.standing !== "judged") return "";
  return evidence_of(model, clause.id) > 0 ? "pass" : "not-evidenced";
}

function subject(model: Model, clause: ClauseRow): Subject {
  return {
    clause: [clause.id], property: [clause.property], mechanism: clause.mechanisms, outcome: [outcome_of_clause(model, clause)],
    cell: clause.mechanisms.map((mechanism) => `${mechanism}/${clause.property}/${clause.id}`),
    finding: model.findings.filter((finding) => finding.clause === clause.id).map((finding) => finding.finding),
  };
}

function Standing({ model, clause }: { model: Model; clause: ClauseRow }) {
  if (clause.standing !== "judged") return <span class="quiet">{clause.standing === "needs" ? "needs" : "not testable"}{clause.because ? `: ${clause.because}` : ""}</span>;
  return <Badge outcome={outcome_of_clause(model, clause)} />;
}

export function ClausesPage({ model }: { model: Model }) {
  const { words } = parse_filter(parameter("filter"));
  const shown = model.catalogue.clauses.filter((clause) => matches(words, subject(model, clause)));
  const faults = all_faults(model).filter((fault) => fault === "none" || model.catalogue.clauses.some((clause) => evidence_of(model, clause.id, fault) > 0));
  const properties = [...new Set([...model.catalogue.properties.map((entry) => entry.name), ...shown.map((clause) => clause.property)])];
  const judged = model.catalogue.clauses.filter((clause) => clause.standing === "judged");
  const evidenced = judged.filter((clause) => evidence_of(model, clause.id) > 0);
  return (
    <>
      <h1 class="page">Clauses</h1>
      <p class="lead">{plural(model.catalogue.clauses.length, "clause")}; {judged.length} can be judged by this build, {evidenced.length} of them have evidence in this run.</p>
      <div class="controls"><FilterBox shown={shown.length} all={model.catalogue.clauses.length} what="clause" /></div>
      <div class="scroll">
        <table class="list clauses">
          <thead>
            <tr>
              <th scope="col">clause</th><th scope="col">promise</th><th scope="col">source</th><th scope="col">strength</th><th scope="col">standing</th>
              {model.mechanisms.length > 1 ? <th scope="col">mechanisms</th> : null}
              {faults.map((fault) => <th scope="col" class="n" key={fault}>{fault === "none" ? "no fault" : fault}</th>)}
            </tr>
          </thead>
          {properties.map((property) => {
            const rows = shown.filter((clause) => clause.property === property);
            if (rows.length === 0) return null;
            const about = model.catalogue.properties.find((entry) => entry.name === property)?.about;
            return (
              <tbody key={property}>
                <tr class="group"><th scope="rowgroup" colSpan={5 + faults.length + (model.mechanisms.length > 1 ? 1 : 0)}>{property || "unknown property"} {about ? <span class="quiet">{about}</span> : null}</th></tr>
                {rows.map((clause) => (
                  <tr key={clause.id}>
                    <th scope="row"><a class="id" href={link(`clause/${clause.id}`)}>{clause.id}</a></th>
                    <td>{clause.says}</td>
                    <td class="quiet">{clause.source}</td>
                    <td><Strength strength={clause.strength} /></td>
                    <td><Standing model={model} clause={clause} /></td>
                    {model.mechanisms.length > 1 ? <td class="quiet">{clause.mechanisms.join(" ")}</td> : null}
                    {faults.map((fault) => <td class="n" key={fault}>{clause.standing === "judged" ? <Count value={evidence_of(model, clause.id, fault)} /> : null}</td>)}
                  </tr>
                ))}
              </tbody>
            );
          })}
        </table>
      </div>
    </>
  );
}

// Under what the clause carried weight: cases, by the sizes that they asked for and by how many actors they had.
function ReachOf({ model, id }: { model: Model; id: string }) {
  const reach = model.reach.get(id);
  const rows = (entries: [string, number][], what: string) => (
    <table class="list narrow" aria-label={`cases by ${what}`}>
      <thead><tr><th scope="col">{what}</th><th scope="col" class="n">cases</th></tr></thead>
      <tbody>{entries.map(([name, count]) => <tr key={name}><th scope="row">{name}</th><td class="n"><Count value={count} /></td></tr>)}</tbody>
    </table>
  );
  if (reach === undefined) return <p class="quiet">By sizes and actors: not counted, or no evidence.</p>;
  return (
    <div class="charts reach">
      {rows(size_bars(reach.sizes).map((bar) => [`from ${bytes(bar.from)}`, bar.count]), "bytes asked of one call")}
      {rows(reach.actors.map(([count, times]) => [plural(count, "actor"), times]), "actors")}
    </div>
  );
}

export function ClausePage({ model, id }: { model: Model; id: string }) {
  const clause = model.clauses.get(id);
  if (clause === undefined) return <p>This report holds no clause <span class="id">{id}</span>.</p>;
  const faults = all_faults(model);
  const findings = model.findings.filter((finding) => finding.clause === id);
  const about = model.catalogue.properties.find((entry) => entry.name === clause.property)?.about;
  return (
    <>
      <p class="crumbs"><a href={link("")}>overview</a> / <a href={link("clauses")}>clauses</a></p>
      <h1 class="page"><span class="id">{id}</span> <Standing model={model} clause={clause} /></h1>
      <ClauseBox id={id} clause={clause} />
      {about ? <p class="lead">It belongs to the property <b>{clause.property}</b>: {about}.</p> : null}
      {findings.length > 0 ? <><h2>Findings</h2><FindingTable model={model} findings={findings} /></> : null}
      <h2>Evidence</h2>
      {clause.standing === "judged" ? (
        <div class="scroll">
          <table class="list narrow">
            <thead><tr><th scope="col">mechanism</th>{faults.map((fault) => <th scope="col" class="n" key={fault}>{fault === "none" ? "no fault" : fault}</th>)}</tr></thead>
            <tbody>
              {clause.mechanisms.map((mechanism) => (
                <tr key={mechanism}>
                  <th scope="row">{mechanism}</th>
                  {faults.map((fault) => {
                    const cell = model.cell.get(`${mechanism}/${clause.property}/${fault}`);
                    const count = <Count value={evidence_of(model, id, fault, mechanism)} />;
                    return <td class="n" key={fault}>{cell ? <a class="plain" href={link(`cell/${cell.id}`)}>{count}</a> : count}</td>;
                  })}
                </tr>
              ))}
            </tbody>
          </table>
          <ReachOf model={model} id={id} />
        </div>
      ) : <p>This build does not judge it. {clause.because}</p>}
    </>
  );
}
