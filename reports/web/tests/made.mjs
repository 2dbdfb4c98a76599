// Records of two pages that no sample holds as it is: two runs compared, and a run with claims answered.
import { sample } from "./page.mjs";

const line = (record) => `${JSON.stringify(record)}\n`;
const change = (what, before, after, why, worse) => ({ what, before, after, why, worse });

// As reports/html_difference.cc writes it, of a run that passed and a later one that did not.
export const compared = (difference = {}) =>
  line({
    type: "difference", verdict: "WORSE in 2 of 3 changes", worse: true, cautions: ["the two versions draw differently: 0.1.0, 0.2.0"],
    method: "Fisher's exact test, two-sided, 1 comparisons", cells: [change("pipe/atomicity/interruption", "pass", "regression", "", true)],
    clauses: [change("PIPE-ATOMIC-1 in pipe/atomicity/interruption", "pass", "regression", "", false)],
    findings: [change("7f3a91c20be4 PIPE-ATOMIC-1 torn", "met in 0 of 9", "met in 7 of 9", "p = 0.0001: a change", true)],
    only_before: [], only_after: [], ...difference,
  }) + line({ type: "side", side: "after" }) + sample("findings.jsonl") + line({ type: "side", side: "before" }) + sample("pass.jsonl");

const claim = (says, answer, why, clauses) => ({ about: "FIFO", says, documents: "it does not hold", named: ["PIPE-*"], answer, why, clauses });
export const answered = sample("findings.jsonl") + line({
  type: "cells", cells: [], claims: [
    claim("one at a time", "refuted", "", [..."12345"].map((digit) => ({ clause: `PIPE-CREATE-${digit}`, state: "holds", evidence: 1200 }))),
    claim("it is fast", "undecided", "its mechanism is not in this version", []),
    claim("it is small", "undecided", "too little evidence in this run: PIPE-CREATE-6", [{ clause: "PIPE-CREATE-6", state: "thin", evidence: 3 }]),
  ],
});
