// A cell's page: the clauses it sums up, with their evidence under each fault, and its findings. An id without a fault
// (`pipe/order`) stands for that property under all faults.

import { number, plural } from "./format";
import { evidence_of, worst, type Cell, type Model } from "./model";
import { FindingTable } from "./overview";
import { Badge, Count, Strength } from "./pieces";
import type { ClauseRow } from "./records";
import { link } from "./route";

function ClauseLine({ model, clause, cells, faults, mechanism }: { model: Model; clause: ClauseRow; cells: Cell[]; faults: string[]; mechanism: string }) {
  const told = cells.flatMap((cell) => cell.clauses.filter((entry) => entry.clause === clause.id));
  return (
    <tr>
      <th scope="row"><a class="id" href={link(`clause/${clause.id}`)}>{clause.id}</a></th>
      <td>{clause.says}{told.map((entry) => entry.why).filter(Boolean).slice(0, 1).map((why) => <div class="quiet" key={why}>{why}</div>)}</td>
      <td><Strength strength={clause.strength} /></td>
      <td>{clause.standing !== "judged" ? <span class="quiet" title={clause.because}>{clause.standing}</span> : told.length > 0 ? <Badge outcome={worst(told.map((entry) => entry.outcome))} /> : null}</td>
      {faults.map((fault) => <td class="n" key={fault}>{clause.standing === "judged" ? <Count value={evidence_of(model, clause.id, fault, mechanism)} /> : null}</td>)}
    </tr>
  );
}

export function CellPage({ model, parts }: { model: Model; parts: string[] }) {
  const [mechanism = "", property = "", fault] = parts;
  const siblings = model.cells.filter((cell) => cell.mechanism === mechanism && cell.property === property);
  const cells = fault === undefined ? siblings : siblings.filter((cell) => cell.fault === fault);
  if (cells.length === 0) return <p>This report holds no cell <span class="id">{parts.join("/")}</span>.</p>;
  const clauses = model.catalogue.clauses.filter((clause) => clause.property === property && clause.mechanisms.includes(mechanism));
  const faults = fault === undefined ? siblings.map((cell) => cell.fault) : [fault];
  const findings = model.findings.filter((finding) => cells.some((cell) => cell.id === finding.cell));
  const drawn = cells.reduce((sum, cell) => sum + (model.drawn[cell.id] ?? 0), 0);
  const about = model.catalogue.properties.find((entry) => entry.name === property)?.about;
  return (
    <>
      <p class="crumbs"><a href={link("")}>overview</a> / <span>{mechanism}</span> / {fault === undefined ? property : <><a href={link(`cell/${mechanism}/${property}`)}>{property}</a> / {fault}</>}</p>
      <h1 class="page"><span class="id">{parts.join("/")}</span> <Badge outcome={worst(cells.map((cell) => cell.outcome))} /></h1>
      <p class="lead">{about ? `${about[0]?.toUpperCase()}${about.slice(1)}.` : ""} {drawn > 0 ? `${plural(drawn, "case was", "cases were")} drawn for it.` : ""}</p>
      {cells.filter((cell) => cell.why).map((cell) => <p class={`note ${cell.outcome}`} key={cell.id}>{cells.length > 1 ? `${cell.fault}: ` : ""}{cell.why}</p>)}
      {siblings.length > 1 ? (
        <p class="siblings">Under fault: {siblings.map((cell) => (
          <a key={cell.id} href={link(`cell/${cell.id}`)} aria-current={cell.fault === fault ? "page" : undefined}>{cell.fault} <Badge outcome={cell.outcome} /> <span class="quiet">{number(cell.evidence)}</span></a>
        ))}</p>
      ) : null}
      {findings.length > 0 ? <><h2>Findings</h2><FindingTable model={model} findings={findings} /></> : null}
      <h2>Clauses</h2>
      <div class="scroll">
        <table class="list">
          <thead><tr><th scope="col">clause</th><th scope="col">promise</th><th scope="col">strength</th><th scope="col">outcome</th>{faults.map((name) => <th scope="col" class="n" key={name}>{name === "none" ? "no fault" : name}</th>)}</tr></thead>
          <tbody>{clauses.map((clause) => <ClauseLine key={clause.id} model={model} clause={clause} cells={cells} faults={faults} mechanism={mechanism} />)}</tbody>
        </table>
      </div>
      <p class="quiet after">Counts say how often the clause carried weight in an accepted history while that fault had fired. ○ is no evidence: such a cell is not a pass.</p>
    </>
  );
}
