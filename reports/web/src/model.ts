// What the pages show, summed up from the records of one target: a pure function of the text in the page. Shards and
// repeated runs of one target add up; another target is another Model, chosen by a switch.

import { fails_gate, rank_of, worst } from "./outcomes";
import {
  read_catalogue, read_records,
  type AnyRecord, type Catalogue, type CellRecord, type ClaimRecord, type ClauseOutcome, type ClauseRow, type Counts, type DifferenceRecord, type EndRecord, type EvidenceRecord,
  type FindingRecord, type ProofRecord, type RunRecord,
} from "./records";

export interface Cell {
  id: string;
  mechanism: string;
  property: string;
  fault: string;
  outcome: string;
  why: string;
  evidence: number; // times that a clause of this cell carried weight
  clauses: ClauseOutcome[]; // empty: not told
  findings: Finding[];
}

export interface Finding extends FindingRecord {
  shown: string; // its outcome
}

export interface Model {
  key: string; // what the address calls it: its target, or its side where two runs are compared
  target: string;
  runs: RunRecord[];
  ends: EndRecord[];
  proofs: ProofRecord[];
  claims: ClaimRecord[]; // answered by the writer of the report
  catalogue: Catalogue;
  clauses: Map<string, ClauseRow>;
  cells: Cell[];
  cell: Map<string, Cell>;
  findings: Finding[]; // worst first
  cases: number;
  events: number;
  seconds: number;
  evidence: Map<string, number>; // key: evidence_key()
  reach: Map<string, Reach>; // by clause: the cases in which it carried weight
  sizes: [number, number][]; // lower bound in bytes, how many; ascending
  actors: [number, number][];
  armed: Counts;
  fired: Counts;
  struck: Map<string, [number, number]>; // by names_key(mechanism, fault, verb): times fired, times armed
  overlaps: Map<string, [number, number]>; // by names_key(mechanism, verb, verb): times in turns, times in free
  interleavings: Map<string, Map<string, Interleaving>>; // by mechanism and way
  drawn: Counts;
  again: Counts;
  broken: Counts;
  faults: Record<string, string>; // yes, or the reason why not
  inconclusive: Counts;
  mechanisms: string[];
  properties: string[];
  fault_names: string[];
  gate: { exit: number; line: string } | undefined; // as the writer of the report judged it
  derived: boolean; // nobody told outcomes: cells come from the evidence
}

export interface Interleaving {
  at_once: [number, number][]; // most calls in flight at one time, cases
  switches: [number, number][]; // lower bound of a power of two, cases
  orders: number[]; // the smallest hashes of the orders seen, ascending: reports/distinct.h
}
export interface Reach { sizes: [number, number][]; actors: [number, number][] }

export const names_key = (one: string, two: string, three: string): string => `${one} ${two} ${three}`;
export const evidence_key = names_key; // mechanism, clause, fault

function add(into: Counts, from: Counts | undefined): void {
  for (const [key, count] of Object.entries(from ?? {})) into[key] = (into[key] ?? 0) + Number(count);
}

// A histogram is an object from value to count, or an array of counts by log2 bin (sizes) or by value (actors).
function add_histogram(into: Map<number, number>, from: Counts | number[] | undefined, key_of: (index: number) => number): void {
  if (from === undefined || from === null) return;
  const entries: [number, number][] = Array.isArray(from)
    ? from.map((count, index) => [key_of(index), count])
    : Object.entries(from).map(([key, count]) => [Number.parseFloat(key), count]);
  for (const [key, count] of entries) if (Number.isFinite(key) && count > 0) into.set(key, (into.get(key) ?? 0) + count);
}

const size_from = (index: number): number => (index === 0 ? 0 : 2 ** (index - 1));

function at(histograms: Map<string, Map<number, number>>, key: string): Map<number, number> {
  const found = histograms.get(key) ?? new Map<number, number>();
  histograms.set(key, found);
  return found;
}

function add_rows(into: Map<string, [number, number]>, rows: [string, string, string, number, number][] | undefined): void {
  for (const [one, two, three, first, second] of rows ?? []) {
    const before = into.get(names_key(one, two, three)) ?? [0, 0];
    into.set(names_key(one, two, three), [before[0] + first, before[1] + second]);
  }
}

// Histograms add up; of hashes the smallest are kept, each once, so that shards count no order twice.
export const kept_hashes = 128; // of a sketch: reports/distinct.h
function add_interleavings(into: Model["interleavings"], rows: EvidenceRecord["interleavings"]): void {
  for (const [mechanism, way, at_once, switches, hashes] of rows ?? []) {
    const ways = into.get(mechanism) ?? new Map<string, Interleaving>();
    into.set(mechanism, ways);
    const before = ways.get(way) ?? { at_once: [], switches: [], orders: [] };
    const calls = new Map(before.at_once), switched = new Map(before.switches);
    add_histogram(calls, at_once, (index) => index);
    add_histogram(switched, switches, size_from);
    const orders = [...new Set([...before.orders, ...hashes])].sort((a, b) => a - b).slice(0, kept_hashes);
    ways.set(way, { at_once: ascending(calls), switches: ascending(switched), orders });
  }
}

const ascending = (histogram: Map<number, number>): [number, number][] => [...histogram].sort((a, b) => a[0] - b[0]);

function ordered(seen: Iterable<string>, known: string[]): string[] {
  const names = new Set(seen);
  return [...new Set(known)].filter((name) => names.has(name)).concat([...names].filter((name) => !known.includes(name)).sort());
}

// Cells as the ends tell them. Of the same cell in several shards the worst outcome counts, and a shard that did not
// play it says nothing.
function cells_told(ends: { cells?: CellRecord[] }[]): Map<string, CellRecord> {
  const cells = new Map<string, CellRecord>();
  for (const end of ends)
    for (const cell of end.cells ?? []) {
      const before = cells.get(cell.cell);
      if (before === undefined || rank_of(cell.outcome) < rank_of(before.outcome)) cells.set(cell.cell, cell);
    }
  return cells;
}

// Cells as the evidence shows them, when no end was written.
function cells_derived(catalogue: Catalogue, evidence: Map<string, number>, findings: FindingRecord[], faults: string[]): Map<string, CellRecord> {
  const cells = new Map<string, CellRecord>();
  const put = (mechanism: string, property: string, fault: string, outcome: string): void => {
    const id = `${mechanism}/${property}/${fault}`;
    const before = cells.get(id);
    if (before === undefined || rank_of(outcome) < rank_of(before.outcome))
      cells.set(id, { cell: id, mechanism, property, fault, outcome });
  };
  for (const clause of catalogue.clauses)
    for (const mechanism of clause.mechanisms)
      for (const fault of clause.standing === "judged" ? faults : []) {
        const times = evidence.get(evidence_key(mechanism, clause.id, fault)) ?? 0;
        if (times > 0 || fault === "none") put(mechanism, clause.property, fault, times > 0 ? "pass" : "not-evidenced");
      }
  for (const finding of findings) {
    const [mechanism = finding.mechanism, property = "", fault = "none"] = finding.cell.split("/");
    put(mechanism, property, fault, finding.reason === "crashed" ? "crashed" : "regression");
  }
  return cells;
}

// The outcome of one finding: its own if it says so, else what its cell leaves open. A deviation from a document in a
// cell that fails for another reason is known all the same.
function outcome_of_finding(finding: FindingRecord, cell: CellRecord | undefined, beside: FindingRecord[]): string {
  if (finding.outcome) return finding.outcome;
  const told = cell?.clauses?.find((entry) => entry.clause === finding.clause)?.outcome;
  if (told) return told;
  const outcome = cell?.outcome ?? "regression";
  if (finding.reason === "crashed") return "crashed";
  if (finding.deviates) return fails_gate(outcome) && !beside.some((other) => !other.deviates) ? "regression" : "known";
  return ["known", "flaky", "fixed"].includes(outcome) ? outcome : "regression";
}

function merged_catalogue(runs: RunRecord[]): Catalogue {
  const merged: Catalogue = { mechanisms: [], properties: [], faults: [], clauses: [] };
  for (const run of runs) {
    const catalogue = read_catalogue(run.catalogue);
    for (const part of ["mechanisms", "properties", "faults"] as const)
      for (const entry of catalogue[part]) if (!merged[part].some((other) => other.name === entry.name)) merged[part].push(entry);
    for (const clause of catalogue.clauses) if (!merged.clauses.some((other) => other.id === clause.id)) merged.clauses.push(clause);
  }
  return merged;
}

function model_of(key: string, target: string, records: AnyRecord[]): Model {
  const runs = records.filter((record) => record.type === "run");
  const ends = records.filter((record) => record.type === "end");
  const evidence = new Map<string, number>();
  const sizes = new Map<number, number>();
  const actors = new Map<number, number>();
  const sizes_of = new Map<string, Map<number, number>>();
  const actors_of = new Map<string, Map<number, number>>();
  const sums = { armed: {} as Counts, fired: {} as Counts, drawn: {} as Counts, again: {} as Counts, broken: {} as Counts, inconclusive: {} as Counts };
  const totals = { cases: 0, events: 0 };
  const struck: Model["struck"] = new Map(), overlaps: Model["overlaps"] = new Map(), interleavings: Model["interleavings"] = new Map();
  for (const record of records) {
    if (record.type !== "evidence") continue;
    const part: EvidenceRecord = record;
    totals.cases += part.cases ?? 0;
    totals.events += part.events ?? 0;
    for (const [mechanism, clause, fault, times] of part.counts ?? []) {
      const key = evidence_key(mechanism, clause, fault);
      evidence.set(key, (evidence.get(key) ?? 0) + times);
    }
    for (const [, clause, by_size, by_actors] of part.reach ?? []) {
      add_histogram(at(sizes_of, clause), by_size, size_from);
      add_histogram(at(actors_of, clause), by_actors, (index) => index);
    }
    add_rows(struck, part.struck);
    add_rows(overlaps, part.overlaps);
    add_interleavings(interleavings, part.interleavings);
    add_histogram(sizes, part.sizes, size_from);
    add_histogram(actors, part.actors, (index) => index);
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) add(sums[name], part[name]);
  }

  const catalogue = merged_catalogue(runs);
  for (const key of evidence.keys()) {
    const [mechanism = "", id = ""] = key.split(" ");
    let clause = catalogue.clauses.find((entry) => entry.id === id);
    if (clause === undefined) {
      clause = { id, says: "", source: "", strength: "", property: "", standing: "judged", because: "", mechanisms: [] };
      catalogue.clauses.push(clause);
    }
    if (!clause.mechanisms.includes(mechanism)) clause.mechanisms.push(mechanism);
  }
  const clauses = new Map(catalogue.clauses.map((clause) => [clause.id, clause]));

  const unique = new Map<string, FindingRecord>();
  for (const record of records)
    if (record.type === "finding" && (!unique.has(record.finding) || record.history)) unique.set(record.finding, record);
  const found = [...unique.values()];

  const faults: Record<string, string> = Object.assign({}, ...runs.map((run) => run.faults ?? {}));
  const seen_faults = ["none", ...Object.keys(faults), ...Object.keys(sums.fired), ...[...evidence.keys()].map((key) => key.split(" ")[2] ?? "none")];
  const fault_order = ordered(seen_faults, ["none", ...catalogue.faults.map((fault) => fault.name)]);

  const again = records.filter((record) => record.type === "cells");
  const tellers = again.length > 0 ? again : ends;
  const derived = !tellers.some((teller) => (teller.cells ?? []).length > 0);
  const told = derived ? cells_derived(catalogue, evidence, found, fault_order) : cells_told(tellers);
  const findings = found.map((finding): Finding => {
    const beside = found.filter((other) => other.cell === finding.cell);
    return { ...finding, shown: outcome_of_finding(finding, told.get(finding.cell), beside) };
  });
  findings.sort((a, b) => rank_of(a.shown) - rank_of(b.shown) || a.clause.localeCompare(b.clause) || a.finding.localeCompare(b.finding));

  const weight = new Map<string, number>();
  for (const [key, times] of evidence) {
    const [mechanism, id = "", fault] = key.split(" ");
    const cell = `${mechanism}/${clauses.get(id)?.property ?? ""}/${fault}`;
    weight.set(cell, (weight.get(cell) ?? 0) + times);
  }
  const cells = [...told.values()].map((cell): Cell => ({
    id: cell.cell, mechanism: cell.mechanism, property: cell.property, fault: cell.fault, outcome: cell.outcome, why: cell.why ?? "",
    evidence: cell.evidence ?? weight.get(cell.cell) ?? 0,
    clauses: cell.clauses ?? [],
    findings: findings.filter((finding) => finding.cell === cell.cell),
  }));

  const seconds = ends.reduce((sum, end) => sum + (end.totals?.seconds ?? 0), 0);
  return {
    key, target, runs, ends, proofs: records.filter((record) => record.type === "proof"), claims: again.at(-1)?.claims ?? [], catalogue, clauses, cells, cell: new Map(cells.map((cell) => [cell.id, cell])), findings,
    cases: Math.max(totals.cases, ends.reduce((sum, end) => sum + (end.totals?.cases ?? 0), 0)),
    events: Math.max(totals.events, ends.reduce((sum, end) => sum + (end.totals?.events ?? 0), 0)),
    seconds, evidence,
    reach: new Map([...sizes_of].map(([id, by_size]) => [id, { sizes: ascending(by_size), actors: ascending(at(actors_of, id)) }])),
    sizes: ascending(sizes), actors: ascending(actors), struck, overlaps, interleavings, ...sums, faults, derived, gate: again.at(-1)?.gate,
    mechanisms: ordered(cells.map((cell) => cell.mechanism), catalogue.mechanisms.map((entry) => entry.name)),
    properties: ordered(cells.map((cell) => cell.property), catalogue.properties.map((entry) => entry.name)),
    fault_names: ordered(cells.map((cell) => cell.fault), fault_order),
  };
}

export interface Loaded {
  models: Model[];
  difference: DifferenceRecord | undefined; // of the models "before" and "after"
  skipped: number;
}

export function load(text: string): Loaded {
  const { records, skipped } = read_records(text);
  const groups = new Map<string, { target: string; records: AnyRecord[] }>();
  let target = "";
  let side = "";
  for (const record of records) {
    if (record.type === "difference") continue;
    if (record.type === "side") {
      side = record.side;
      continue;
    }
    if (record.type === "run") target = record.target?.name ?? "";
    const key = side || target;
    const group = groups.get(key) ?? { target, records: [] };
    group.records.push(record);
    groups.set(key, group);
  }
  return { models: [...groups].map(([key, group]) => model_of(key, group.target, group.records)), difference: records.find((record) => record.type === "difference"), skipped };
}

export function evidence_of(model: Model, clause: string, fault?: string, mechanism?: string): number {
  let times = 0;
  for (const m of mechanism === undefined ? (model.clauses.get(clause)?.mechanisms ?? []) : [mechanism])
    for (const f of fault === undefined ? all_faults(model) : [fault]) times += model.evidence.get(evidence_key(m, clause, f)) ?? 0;
  return times;
}

const fault_cache = new WeakMap<Model, string[]>();
export function all_faults(model: Model): string[] {
  let names = fault_cache.get(model);
  if (names === undefined) {
    names = ordered([...model.fault_names, ...[...model.evidence.keys()].map((key) => key.split(" ")[2] ?? "none")], model.fault_names);
    fault_cache.set(model, names);
  }
  return names;
}

// The verdict of everything shown: the worst exit status counts; a run without an end has none.
export function verdict_of(model: Model): { word: string; outcome: string; because: string } {
  const exits = model.gate ? [model.gate.exit] : model.ends.map((end) => end.exit ?? 0);
  if (model.runs.length > model.ends.length)
    return { word: "NO VERDICT", outcome: "not-evidenced", because: `the run did not come to its end; so far: ${because_of(model)}` };
  if (exits.includes(3)) return { word: "BROKEN", outcome: "broken", because: "the harness broke or the target did not start" };
  if (exits.includes(2)) return { word: "NOT RUN", outcome: "broken", because: "bad usage or bad input" };
  if (exits.includes(1)) return { word: "FAILED", outcome: "regression", because: because_of(model) };
  if (exits.every((exit) => exit === 4)) return { word: "NOTHING RAN", outcome: "not-evidenced", because: "nothing was selected or could run" };
  return { word: "PASSED", outcome: "pass", because: because_of(model) };
}

function because_of(model: Model): string {
  if (model.gate) return model.gate.line.replace(/^(gate|prove): \w+ ?/, "");
  const counts = new Map<string, number>();
  for (const finding of model.findings) counts.set(finding.shown, (counts.get(finding.shown) ?? 0) + 1);
  const words = [...counts].map(([word, count]) => `${count} ${word}`);
  return words.length === 0 ? "no findings" : words.join(", ");
}

export { worst };
