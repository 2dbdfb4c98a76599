// Writes the sample results beside it: small hand-made runs that show every kind of thing that a report can hold.
// The clauses in them are read from properties/clauses, so that texts and ids are real; the numbers are made up.
// `node make.mjs` rewrites them; the same sources give the same bytes.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../../..");

function clauses() {
  const rows = [];
  for (const file of ["pipe.h", "sig.h", "rdy.h", "proc.h", "target.h"].filter((name) => readdirSync(join(root, "properties/clauses")).includes(name))) {
    const text = readFileSync(join(root, "properties/clauses", file), "utf8").replace(/^\s*\/\/.*$/gm, "");
    const row = /\{\s*"([A-Z]+-[A-Z0-9-]+)",\s*((?:"(?:[^"\\]|\\.)*"\s*)+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+),\s*Strength::(\w+),\s*property\("([\w-]+)"\),\s*([\w:]+)\s*(?:,\s*Standing::(\w+)\s*(?:,\s*((?:"(?:[^"\\]|\\.)*"\s*)+))?)?\}/g;
    const joined = (source) => (source ?? "").match(/"(?:[^"\\]|\\.)*"/g)?.map((part) => JSON.parse(part)).join("") ?? "";
    for (const [, id, says, source, strength, property, , standing, because] of text.matchAll(row))
      rows.push({ id, says: joined(says), source: joined(source), strength: strength.replace("_", ""), property, standing: (standing ?? "judged").replace("_", "-"), mechanisms: ["pipe"], ...(because ? { because: joined(because) } : {}) });
  }
  return rows;
}

function properties() {
  const text = readFileSync(join(root, "properties/property.h"), "utf8");
  return [...text.matchAll(/PropertyName\{"([^"]+)", "([^"]+)"\}/g)].map(([, name, about]) => ({ name, about }));
}

const catalogue = {
  mechanisms: [{ name: "pipe", about: "an unnamed pipe: a one-way byte stream between related processes" }],
  properties: properties(),
  faults: [
    { name: "none", about: "nothing goes wrong" },
    { name: "interruption", about: "a signal strikes a call" },
    { name: "killed-peer", about: "a process dies by SIGKILL at a call" },
    { name: "full-buffer", about: "the object is nearly full before the call" },
    { name: "descriptor-limit", about: "no descriptor is left" },
  ],
  clauses: clauses(),
};

// Numbers that look drawn but are the same each time.
let state = 0x5eed;
const drawn = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};

const strikes = { none: () => true, interruption: (p) => ["transfer", "interruption", "atomicity", "progress", "order", "capacity"].includes(p), "killed-peer": (p) => ["peer-death", "end-of-file", "order", "atomicity"].includes(p), "full-buffer": (p) => ["capacity", "atomicity", "transfer", "readiness"].includes(p), "descriptor-limit": (p) => ["creation", "descriptors"].includes(p) };

function cell_ids() {
  const used = catalogue.properties.filter((property) => catalogue.clauses.some((clause) => clause.property === property.name));
  return used.flatMap(({ name }) => Object.keys(strikes).filter((fault) => strikes[fault](name)).map((fault) => `pipe/${name}/${fault}`));
}

const run = (target, changes = {}) => ({
  type: "run", version: "0.1.0", seed: "@seed@", profile: "smoke", book: "linux", started: "2026-11-24T15:30:12Z", selection: "",
  target: { name: target, kernel: "Linux 6.18.5", libc: "glibc 2.36", arch: "x86_64", abilities: { fifo_scheduling: true, pidfd_getfd: true, user_namespace: true, lane_user: true, seccomp: true }, environment: { page_bytes: "4096", pipe_buf: "4096", pipe_max_bytes: "1048576" } },
  faults: { interruption: "yes", "killed-peer": "yes", "full-buffer": "yes", "descriptor-limit": "yes" },
  cells: cell_ids(), expectation_file: "runners/expectations/linux.toml",
  expectations: [{ cell: "pipe/*", clause: "PIPE-CAP-3", outcome: "deviates", reason: "room is counted in page slots, not in bytes", source: "pipe(7), Pipe capacity", where: "linux.toml:3" }, { cell: "pipe/end-of-file/*", clause: "PIPE-READ-6", outcome: "flaky", reason: "a lost wake-up that is being looked for", max_rate: 0.5, where: "linux.toml:9" }],
  catalogue, ...changes,
});

function evidence(scale, { starve = [] } = {}) {
  const counts = [];
  for (const clause of catalogue.clauses)
    for (const fault of Object.keys(strikes))
      if (clause.standing === "judged" && strikes[fault](clause.property) && !starve.includes(clause.id))
        counts.push(["pipe", clause.id, fault, Math.ceil((scale * (20 + drawn(400))) / (fault === "none" ? 10 : 60))]);
  const sizes = [120, 900, 420, 380, 350, 300, 330, 310, 420, 600, 760, 1050, 1900, 2600, 900, 700, 1600, 420, 130, 60, 18].map((count) => Math.ceil((count * scale) / 60));
  // Not drawn, so that what is drawn of the rest stays as it was: each clause reaches fewer sizes than the next.
  const reach = [...new Set(counts.map(([, id]) => id))].map((id, index) => ["pipe", id, sizes.map((count, size) => (size <= 6 + (index % 14) ? Math.ceil(count / 9) : 0)), [0, scale, scale * 3, scale]]);
  return {
    type: "evidence", cases: scale * 100, events: scale * 3900, inconclusive: scale > 50 ? { "pipe/8 actors/free": Math.ceil(scale / 40), "pipe/5 actors/free": 1 } : {}, counts, reach, sizes,
    actors: [0, 220, 900, 700, 610, 300, 260, 240, 400].map((count) => Math.ceil((count * scale) / 36)),
    armed: { interruption: scale * 26, "killed-peer": scale * 11, "full-buffer": scale * 9, "descriptor-limit": scale * 2 },
    fired: { interruption: scale * 24, "killed-peer": scale * 11, "full-buffer": scale * 9, ...(starve.length > 0 ? {} : { "descriptor-limit": scale * 2 }) },
    ...interleavings(scale),
    drawn: Object.fromEntries(cell_ids().map((cell) => [cell, scale * (1 + drawn(3))])),
  };
}

// Calls that a fault may strike by the catalogue, of which some are never struck; and how calls fell among each other.
const verbs = ["create", "write", "read", "close", "dup", "set_flags", "poll", "splice"];
const may_strike = { interruption: verbs, "killed-peer": verbs, "full-buffer": ["write"], "descriptor-limit": ["create", "dup"] };
const missed = [["interruption", "splice"], ["killed-peer", "dup"]];
for (const fault of catalogue.faults) if (may_strike[fault.name]) fault.verbs = may_strike[fault.name];
catalogue.mechanisms[0].verbs = verbs;

// Not drawn either. Hashes go round their range in steps of the golden section: evenly spread, and the same each time.
const hashes = (count) => [...new Set(Array.from({ length: count }, (_, index) => Math.imul(index + 1, 0x9e3779b1) >>> 0))].sort((a, b) => a - b).slice(0, 128);
function interleavings(scale) {
  const struck = Object.entries(may_strike).flatMap(([fault, strikes]) => strikes.filter((verb) => !(fault === "killed-peer" && verb === "dup")).map((verb, index) => {
    const armed = Math.ceil((scale * 26) / (1 + index));
    return ["pipe", fault, verb, fault === "descriptor-limit" || missed.some(([f, v]) => f === fault && v === verb) ? 0 : Math.ceil(armed * 0.9), armed];
  }));
  const overlaps = [["write", "read"], ["write", "write"], ["read", "read"], ["write", "close"], ["read", "close"], ["read", "splice"]].map(([one, two], index) => ["pipe", one, two, Math.ceil(scale * 40 / (1 + index)), Math.ceil(scale * 90 / (2 + index))]);
  return {
    struck, overlaps,
    interleavings: [
      ["pipe", "turns", [0, 40, 30, 8, 2, 1].map((count) => count * scale), [0, 3, 5, 12, 30, 21, 10].map((count) => count * scale), hashes(scale * 70)],
      ["pipe", "spread-swept", [0, 0, 9, 6, 4].map((count) => count * scale), [0, 0, 0, 2, 8, 7, 2].map((count) => count * scale), hashes(scale < 100 ? 40 : 90)],
    ],
  };
}

function end(exit, seconds, cases, special = {}, stopped = "cases") {
  const cells = cell_ids().map((cell) => {
    const [mechanism, property, fault] = cell.split("/");
    return { cell, mechanism, property, fault, outcome: "pass", why: "", evidence: 40 + drawn(20000), ...(special[cell] ?? {}) };
  });
  return { type: "end", exit, totals: { cases, events: cases * 39, seconds }, stopped_because: stopped, cells };
}

// A history from lines that are played in order; ">" begins a call, "<" ends it, anything else is a mark.
function history(script, ended = "complete") {
  const events = [];
  const open = new Map();
  let stamp = 10;
  for (const [what, actor, fields] of script) {
    stamp++;
    if (what === ">") {
      const event = { kind: "call", actor, ...fields, began: stamp };
      open.set(actor, event);
      events.push(event);
    } else if (what === "<") {
      const event = open.get(actor);
      open.delete(actor);
      Object.assign(event, { ended: stamp, result: 0, error: null, ...fields });
    } else events.push({ kind: what, actor, ...fields, began: stamp, ...(what === "death" ? { ended: ++stamp } : { ended: stamp }) });
  }
  return { version: 1, environment: {}, events, ended };
}

const from = (actor, step, offset, length) => [actor, step, offset, length];
const write = (bytes, times) => ({ verb: "write", uses: [1], bytes, ...(times ? { times } : {}) });
const read = (bytes, times) => ({ verb: "read", uses: [0], bytes, ...(times ? { times } : {}) });
const close = (slot) => ({ verb: "close", uses: [slot] });
const pipe = { mechanism: "pipe", asked: { capacity_bytes: 4096 } };

function finding(id, clause, reason, cell, fields) {
  const row = catalogue.clauses.find((entry) => entry.id === clause);
  return {
    type: "finding", finding: id, mechanism: "pipe", clause, reason, strength: row?.strength ?? "must", deviates: false, cell,
    rate: [10, 10], actors: fields.case.actors.length, steps: fields.case.actors.reduce((sum, actor) => sum + actor.steps.length, 0), event: 0,
    explanation: [], found_after_cases: 1 + drawn(9000), ...fields,
  };
}

const torn = finding("7f3a91c20be4", "PIPE-ATOMIC-1", "torn", "pipe/atomicity/interruption", {
  case: {
    version: 1, drawn_for: "pipe/atomicity/interruption", objects: [pipe], links: [],
    actors: [{ kind: "pooled", steps: [write(13), close(1)] }, { kind: "pooled", steps: [write(4096), close(1)] }, { kind: "pooled", steps: [read(13), read(4096), read(4096)] }],
    schedule: { mode: "turns", choices: [0, 1, 2, 2, 0, 1, 2] }, plan: [{ fault: "interruption", actor: 1, step: 0, when: "asleep", restart: true }],
  },
  history: history([
    ["probe", 0, { object: 0, result: 0, value: 4096 }],
    [">", 0, { step: 0, verb: "write" }], ["<", 0, { result: 13 }],
    [">", 1, { step: 0, verb: "write", fault: "interruption" }],
    ["signal", 1, { step: 0, signal: "SIGUSR1", value: 0 }], ["fault", 1, { step: 0, fault: "interruption", result: 1 }],
    [">", 2, { step: 0, verb: "read" }], ["<", 2, { result: 13, data: [from(0, 0, 0, 13)] }],
    [">", 2, { step: 1, verb: "read" }], ["<", 1, { result: 4096 }], ["<", 2, { result: 700, data: [from(1, 0, 0, 700)] }],
    [">", 0, { step: 1, verb: "close" }], ["<", 0, {}],
    [">", 2, { step: 2, verb: "read" }], ["<", 2, { result: 3396, data: [from(1, 0, 700, 3396)] }],
  ]),
  event: 6,
  explanation: [
    "12 of 14 observations are explained; then actor 2, step 1: read of 4096 bytes gave 700.",
    "State before: the stream holds nothing; actor 1 is inside a write of 4096 bytes (at most PIPE_BUF).",
    "PIPE-ATOMIC-1 wanted all 4096 bytes of actor 1, step 0 to appear together; 700 of them were seen alone.",
    "PIPE-READ-1 would allow 4096 bytes, or waiting.",
  ],
});

const lost = finding("02c9d5e7aa10", "PIPE-STREAM-1", "lost", "pipe/order/killed-peer", {
  case: {
    version: 1, drawn_for: "pipe/order/killed-peer", objects: [pipe, { mechanism: "pipe", asked: {} }], links: [],
    actors: [
      { kind: "pooled", steps: [write(2048), { verb: "start", value: 1 }, write(65536), write(8)] },
      { kind: "forked", parent: 0, steps: [{ verb: "write", uses: [3], bytes: 100, times: 3 }, { verb: "exit", value: 0 }] },
      { kind: "pooled", steps: [read(65536), { verb: "read", uses: [2], bytes: 512 }, read(65536), read(65536)] },
    ],
    schedule: { mode: "turns", choices: [0, 2, 0, 1, 1, 0, 2, 2, 2] }, plan: [{ fault: "killed-peer", actor: 0, step: 2, when: "asleep" }],
  },
  history: history([
    [">", 0, { step: 0, verb: "write" }], ["<", 0, { result: 2048 }],
    [">", 2, { step: 0, verb: "read" }], ["<", 2, { result: 2048, data: [from(0, 0, 0, 2048)] }],
    [">", 0, { step: 1, verb: "start" }], ["<", 0, { result: 1 }],
    [">", 1, { step: 0, verb: "write", times: 3 }], ["<", 1, { result: 300, times: 3 }],
    [">", 0, { step: 2, verb: "write", fault: "killed-peer" }],
    [">", 1, { step: 1, verb: "exit" }], ["death", 1, { value: 0 }],
    [">", 2, { step: 1, verb: "read" }], ["<", 2, { result: 300, data: [from(1, 0, 0, 300)] }],
    ["fault", 0, { step: 2, fault: "killed-peer", result: 1 }], ["death", 0, { signal: "SIGKILL", value: 0 }],
    [">", 2, { step: 2, verb: "read" }], ["<", 2, { result: 1096, data: [from(0, 2, 0, 1000), from(0, 2, 1500, 96)] }],
    [">", 2, { step: 3, verb: "read" }], ["<", 2, { result: 0, data: [] }],
  ]),
  event: 10,
  explanation: [
    "15 of 17 observations are explained; then actor 2, step 2: read gave 1096 bytes of which byte 1000 is not the next one.",
    "State before: the stream holds 4096 bytes of actor 0, step 2 (offset 0), whose writer died inside the call.",
    "PIPE-STREAM-1 wanted offset 1000 of actor 0, step 2 next; what came is offset 1500: 500 bytes are lost.",
  ],
});
lost.rate = [7, 10];

const deviation = finding("b4417c09e3d2", "PIPE-CAP-3", "wrong-errno", "pipe/capacity/none", {
  detail: "EAGAIN/none", deviates: true, strength: "linux",
  case: {
    version: 1, drawn_for: "pipe/capacity/none", objects: [{ mechanism: "pipe", asked: { capacity_bytes: 65536, flags: ["nonblock"] } }], links: [],
    actors: [{ kind: "pooled", steps: [write(2049, 40), { verb: "available", uses: [0] }, { verb: "poll", uses: [0, 1], value: [["in"], ["out"]], timeout_ns: 0 }, { verb: "dup", uses: [1], makes: [4], value: "dup2" }, { verb: "write", uses: [1], bytes: "@huge@" }] }], schedule: { mode: "turns", choices: [0, 0] }, plan: [],
  },
  history: history([
    ["probe", 0, { object: 0, result: 0, value: 65536 }],
    [">", 0, { step: 0, verb: "write", times: 16 }], ["<", 0, { result: 32784, error: "EAGAIN" }],
    [">", 0, { step: 1, verb: "available" }], ["<", 0, { result: 32784 }],
    [">", 0, { step: 2, verb: "poll" }], ["<", 0, { result: 1, value: [["in"], []] }],
    [">", 0, { step: 3, verb: "dup" }], ["<", 0, { result: 7 }],
    [">", 0, { step: 4, verb: "write" }], ["<", 0, { result: -1, error: "EINVAL" }],
  ]),
  event: 1,
  explanation: ["Explained with one deviation: 32,752 bytes are free, yet 2,049 more are refused.", "Room is counted in page slots: 16 of 16 are begun."],
});

const asleep = finding("e90d11f6c583", "PIPE-READ-6", "asleep", "pipe/end-of-file/none", {
  case: {
    version: 1, drawn_for: "pipe/end-of-file/none", objects: [pipe], links: [],
    actors: [{ kind: "pooled", steps: [close(1)] }, { kind: "pooled", steps: [close(1), read(1)] }, { kind: "thread", parent: 1, steps: [read(4096)] }],
    schedule: { mode: "free", choices: [], spread: true }, plan: [],
  },
  history: history([
    [">", 1, { step: 0, verb: "close" }], ["<", 1, {}],
    [">", 2, { step: 0, verb: "read" }], [">", 1, { step: 1, verb: "read" }],
    [">", 0, { step: 0, verb: "close" }], ["<", 0, {}],
    ["<", 1, { result: 0, data: [] }],
    ["asleep", 2, { step: 0 }], ["probe", 0, { object: 0, result: 0, value: 4096 }],
  ], "calm"),
  event: 4,
  explanation: [
    "6 of 7 observations are explained; then at the calm point actor 2, step 0: read was asleep.",
    "State before: no writer is left and the pipe is empty, in every explanation: the read must return 0.",
    "PIPE-READ-6: the last close wakes every reader; one of two was woken.",
  ],
});
asleep.rate = [3, 10];

// A long one: four writers, one reader, more events than the picture shows at once.
function long_history() {
  const steps = 60;
  const script = [];
  for (let step = 0; step < steps; step++)
    for (let writer = 0; writer < 4; writer++) {
      script.push([">", writer, { step, verb: "write" }], ["<", writer, { result: 64 }]);
      script.push([">", 4, { step: step * 4 + writer, verb: "read" }], ["<", 4, { result: 64, data: [from(writer, step, 0, 64)] }]);
    }
  const last = script.at(-1);
  last[2] = { result: 64, data: [from(2, steps - 1, 0, 64)] };
  return finding("5d20aa7714fe", "PIPE-STREAM-3", "doubled", "pipe/order/none", {
    case: {
      version: 1, drawn_for: "pipe/order/none", objects: [pipe], links: [],
      actors: [...Array.from({ length: 4 }, () => ({ kind: "pooled", steps: Array.from({ length: steps }, () => write(64)) })), { kind: "pooled", steps: Array.from({ length: steps * 4 }, () => read(64)) }],
      schedule: { mode: "free", choices: [] }, plan: [],
    },
    history: history(script), event: steps * 8 - 1,
    explanation: ["479 of 480 observations are explained; then actor 4, step 239: the bytes of actor 2, step 59 came a second time, <b>never</b> </script> allowed."],
  });
}

const many = "18446744073709551557"; // above 2^53: a page must not round it
const lines = (records) => records.map((record) => JSON.stringify(record).replaceAll(/"@(?:seed|huge)@"/g, many)).join("\n") + "\n";
const write_sample = (name, text) => writeFileSync(join(here, name), text);

write_sample("pass.jsonl", lines([
  run("local"), evidence(120), evidence(80), deviation,
  end(0, 11.4, 20000, { "pipe/capacity/none": { outcome: "known", why: "PIPE-CAP-3 b4417c09e3d2 wrong-errno: room is counted in page slots, not in bytes" } }),
]));
write_sample("findings.jsonl", lines([
  run("local"), evidence(60, { starve: ["PIPE-CREATE-6", "PIPE-DUP-2"] }), torn, lost, evidence(60, { starve: ["PIPE-CREATE-6", "PIPE-DUP-2"] }), deviation, asleep, long_history(),
  end(1, 9.1, 12000, {
    "pipe/atomicity/interruption": { outcome: "regression", why: "PIPE-ATOMIC-1 7f3a91c20be4 torn" }, "pipe/order/killed-peer": { outcome: "regression", why: "PIPE-STREAM-1 02c9d5e7aa10 lost" },
    "pipe/order/none": { outcome: "regression", why: "PIPE-STREAM-3 5d20aa7714fe doubled" }, "pipe/end-of-file/none": { outcome: "flaky", why: "PIPE-READ-6 e90d11f6c583 asleep" },
    "pipe/capacity/none": { outcome: "known", why: "PIPE-CAP-3 b4417c09e3d2 wrong-errno: room is counted in page slots, not in bytes" },
    "pipe/creation/descriptor-limit": { outcome: "not-evidenced", why: "evidence 0, at least 10 needed", evidence: 0 }, "pipe/descriptors/descriptor-limit": { outcome: "not-evidenced", why: "evidence 3, at least 10 needed", evidence: 3 },
  }),
]));
write_sample("killed.jsonl", lines([run("local"), evidence(30), lost]) + '{"type":"evidence","cases":812,"eve');

// Lies told on purpose: one found under its own clause, one under another, one that survived, and a clause by hand.
const proof = (lie, clause, found_after, named_after, clauses, changes = {}) => ({
  type: "proof", lie, mechanism: "pipe", clause, about: `what ${lie || "nobody"} does`, cases: 5000, found_after, named_after,
  first: found_after === 0 ? "" : `${Object.keys(clauses)[0]} torn`, clauses, seconds: 1.2, ...changes,
});
write_sample("proofs.jsonl", lines([
  run("lies"),
  proof("atomic-split-short-of-space", "PIPE-ATOMIC-2", 7, 7, { "PIPE-ATOMIC-2": 31, "PIPE-READ-1": 2 }, { bug: "BUG-16" }),
  proof("close-keeps-open", "PIPE-CLOSE-1", 4, 0, { "PIPE-READ-6": 624 }),
  proof("quiet-lie", "PIPE-STREAM-1", 0, 0, {}),
  proof("", "PIPE-CAP-3", 0, 0, {}, { because: "the honest kernel does so" }),
  { type: "end", exit: 1, totals: { cases: 15000, events: 0, seconds: 3.6 }, stopped_because: "cases", cells: [] },
]));
