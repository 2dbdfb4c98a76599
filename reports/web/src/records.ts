// The records of results.jsonl as they stand in the page, and their reader. Readers are lenient: a line that a killed
// run left half-written is skipped, an unknown field is ignored. It sums nothing up (model.ts does).

export type Counts = Record<string, number>;

export interface ClauseRow {
  id: string;
  says: string;
  source: string;
  strength: string; // must linux observed
  property: string;
  standing: string; // judged needs not-testable
  because: string;
  mechanisms: string[]; // that it binds; empty: not told
}

export interface Named {
  name: string;
  about: string;
  verbs: string[]; // that a mechanism has; that a fault may strike; empty: not told
}

export interface Catalogue {
  mechanisms: Named[];
  properties: Named[];
  faults: Named[];
  clauses: ClauseRow[];
}

export interface RunRecord {
  type: "run";
  version?: string;
  seed?: string | number;
  profile?: string;
  book?: string;
  selection?: string;
  target?: { name?: string; kernel?: string; libc?: string; arch?: string; abilities?: unknown } & Record<string, unknown>;
  faults?: Record<string, string>;
  started?: string;
  catalogue?: unknown;
}

export interface EvidenceRecord {
  type: "evidence";
  cases?: number;
  events?: number;
  inconclusive?: Counts;
  counts?: [string, string, string, number][];
  reach?: [string, string, number[], number[]][]; // mechanism, clause, cases by size and by actors
  sizes?: Counts | number[];
  actors?: Counts | number[];
  armed?: Counts;
  fired?: Counts;
  struck?: [string, string, string, number, number][]; // mechanism, fault, verb, times fired, times armed
  overlaps?: [string, string, string, number, number][]; // mechanism, verb, verb, times in turns, times in free
  interleavings?: [string, string, number[], number[], number[]][]; // mechanism, way, cases by calls at once, by switches, hashes of orders
  drawn?: Counts; // cases by the cell they were drawn for
  again?: Counts; // findings met again
  broken?: Counts;
  not_applicable?: Counts;
}

// Where received bytes came from: [actor, step, offset, length]; or bytes too few to tell (hexadecimal digits); or the
// origin that bytes of another case claim.
export type Run = [number, number, number, number] | { raw: string } | { foreign: [number, number, number, number] };

export interface HistoryEvent {
  kind: string;
  actor?: number;
  step?: number;
  verb?: string;
  began: number;
  ended?: number | null;
  result?: number;
  error?: string | null;
  times?: number;
  value?: unknown;
  signal?: string;
  fault?: string; // of a call: that fired inside it
  truncated?: boolean; // more runs than were kept
  object?: number;
  took_ns?: number;
  data?: Run[];
}

export interface History {
  version?: number;
  environment?: Record<string, string>;
  events: HistoryEvent[];
  ended?: string;
  why?: string;
}

export interface Step {
  verb: string;
  uses?: number[];
  makes?: number[];
  bytes?: number | string; // text above 2^53: exact()
  times?: number;
  value?: unknown;
  flags?: string[];
  [field: string]: unknown;
}

export interface Case {
  version?: number;
  drawn_for?: string;
  objects?: { mechanism: string; asked?: Record<string, unknown> }[];
  actors?: { kind?: string; parent?: number; steps: Step[] }[];
  schedule?: { mode?: string; choices?: number[] };
  plan?: { fault: string; actor: number; step: number; when?: string }[];
}

export interface FindingRecord {
  type: "finding";
  finding: string;
  mechanism: string;
  clause: string;
  reason: string;
  detail?: string;
  strength?: string;
  deviates?: boolean;
  cell: string;
  outcome?: string;
  rate?: [number, number];
  actors?: number;
  steps?: number;
  case?: Case;
  history?: History;
  event?: number; // index of the rejected event
  explanation?: string[];
  found_after_cases?: number;
}

export interface ClauseOutcome {
  clause: string;
  outcome: string;
  why?: string;
  evidence?: number;
}

export interface CellRecord {
  cell: string;
  mechanism: string;
  property: string;
  fault: string;
  outcome: string;
  why?: string;
  evidence?: number;
  clauses?: ClauseOutcome[];
}

export interface EndRecord {
  type: "end";
  exit?: number;
  totals?: { cases?: number; events?: number; seconds?: number };
  cells?: CellRecord[];
  stopped_because?: string;
}

// One lie told on purpose; with an empty `lie`, a clause that only a hand-made history breaks.
export interface ProofRecord {
  type: "proof";
  lie: string;
  host?: "agent" | "mirror"; // who tells it
  mechanism?: string;
  clause: string;
  because?: string;
  bug?: string;
  about?: string;
  cases?: number;
  found_after?: number; // 0: it survived
  named_after?: number;
  first?: string;
  clauses?: Counts;
  seconds?: number;
  trouble?: string;
}

// Written by the report's writer only: the cells judged again over all shards.
export interface CellsRecord {
  type: "cells";
  cells: CellRecord[];
  gate?: { exit: number; line: string };
  claims?: ClaimRecord[];
}

export interface DecidingClause {
  clause: string;
  state: string; // holds thin deviates broken unjudged
  evidence: number;
}

export interface ClaimRecord {
  about: string;
  says: string;
  documents: string;
  named: string[]; // globs on the ids that decide it
  answer: string; // confirmed conditional refuted undecided
  why: string;
  clauses: DecidingClause[];
}

export interface Change {
  what: string;
  before: string;
  after: string;
  why: string;
  worse: boolean;
}

// Of a page about two runs. The records of each follow a line that names their side.
export interface DifferenceRecord {
  type: "difference";
  verdict: string;
  worse: boolean;
  cautions: string[];
  method: string;
  cells: Change[];
  clauses: Change[];
  findings: Change[];
  only_before: string[]; // cells
  only_after: string[];
}

export interface SideRecord {
  type: "side";
  side: "before" | "after";
}

export type AnyRecord = DifferenceRecord | SideRecord | CellsRecord | RunRecord | EvidenceRecord | FindingRecord | ProofRecord | EndRecord;

// Numbers of more than 53 bits are kept as text behind this mark, so that nothing is rounded: seeds, and byte counts
// above SSIZE_MAX in a case that a reader may copy.
const mark = "#int:";
const big = /"(?:[^"\\]|\\.)*"|-?\d{16,}/g;

function parse(line: string): AnyRecord {
  return JSON.parse(/[:,[]-?\d{16,}/.test(line) ? line.replace(big, (token) => (token.startsWith('"') ? token : `"${mark}${token}"`)) : line) as AnyRecord;
}

// A number as it stood in the record.
export const exact = (value: unknown): string => String(value).replace(/^#int:/, "");
export const is_exact = (value: unknown): value is string => typeof value === "string" && /^#int:-?\d+$/.test(value);

// Every line that parses and has a type, in order; and how many lines did not.
export function read_records(text: string): { records: AnyRecord[]; skipped: number } {
  const records: AnyRecord[] = [];
  let skipped = 0;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    try {
      const value = parse(line);
      if (value && typeof value === "object" && typeof value.type === "string") records.push(value);
      else skipped++;
    } catch {
      skipped++;
    }
  }
  return { records, skipped };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text_of(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function named(value: unknown): Named {
  if (typeof value === "string") return { name: value, about: "", verbs: [] };
  const object = (value ?? {}) as Record<string, unknown>;
  return { name: text_of(object.name), about: text_of(object.about), verbs: list(object.verbs).map(text_of) };
}

export function read_catalogue(value: unknown): Catalogue {
  const object = (value && typeof value === "object" ? value : {}) as Record<string, unknown>;
  const clauses = list(object.clauses).map((entry): ClauseRow => {
    const row = (entry ?? {}) as Record<string, unknown>;
    return {
      id: text_of(row.id),
      says: text_of(row.says),
      source: text_of(row.source),
      strength: text_of(row.strength),
      property: text_of(row.property),
      standing: text_of(row.standing) || "judged",
      because: text_of(row.because),
      mechanisms: list(row.mechanisms).map(text_of),
    };
  });
  return {
    mechanisms: list(object.mechanisms).map(named),
    properties: list(object.properties).map(named),
    faults: list(object.faults).map(named),
    clauses,
  };
}
