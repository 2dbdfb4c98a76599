// The claims table: what a primer on IPC says, what the documents say to it, and what this run has shown, with the
// clauses that decide it. The report's writer has judged (reports/claims.cc); this page only tells.

import { number } from "./format";
import type { Model } from "./model";
import type { ClaimRecord, DecidingClause } from "./records";
import { link } from "./route";

// In symbol and word, with the outcome whose colour it shares.
const answers: Record<string, { symbol: string; word: string; like: string; means: string }> = {
  confirmed: { symbol: "✓", word: "confirmed", like: "pass", means: "each clause that decides it has evidence, and none was broken" },
  conditional: { symbol: "≈", word: "with a condition", like: "known", means: "it holds, but not as plainly as it is told" },
  refuted: { symbol: "✗", word: "refuted", like: "regression", means: "the documents say otherwise, and this target does as they say; or this target breaks what was claimed" },
  undecided: { symbol: "○", word: "undecided", like: "not-evidenced", means: "this run has not enough evidence, or this version cannot judge it" },
};

const states: Record<string, string> = { holds: "", thin: "too little evidence", deviates: "deviates", broken: "broken", unjudged: "not judged" };

function Answer({ answer }: { answer: string }) {
  const known = answers[answer] ?? { symbol: "?", word: answer, like: "", means: "" };
  return <span class={`badge ${known.like}`} title={known.means}><span aria-hidden="true">{known.symbol}</span> {known.word}</span>;
}

const shown_at_once = 4;

function Clause({ entry }: { entry: DecidingClause }) {
  const state = states[entry.state] ?? entry.state;
  return (
    <li>
      <a class="id" href={link(`clause/${entry.clause}`)}>{entry.clause}</a>{" "}
      <span class="quiet">{[entry.state === "unjudged" ? "" : number(entry.evidence), state].filter(Boolean).join(", ")}</span>
    </li>
  );
}

function Deciding({ claim }: { claim: ClaimRecord }) {
  if (claim.clauses.length === 0) return <span class="quiet id">{claim.named.join(" ")}</span>;
  const most = claim.clauses.slice(0, shown_at_once), rest = claim.clauses.slice(shown_at_once);
  return (
    <>
      <ul class="deciding">{most.map((entry) => <Clause key={entry.clause} entry={entry} />)}</ul>
      {rest.length > 0 ? <details><summary>and {rest.length} more</summary><ul class="deciding">{rest.map((entry) => <Clause key={entry.clause} entry={entry} />)}</ul></details> : null}
    </>
  );
}

export function ClaimsPage({ model }: { model: Model }) {
  const counts = Object.keys(answers).map((answer) => [answer, model.claims.filter((claim) => claim.answer === answer).length] as const);
  return (
    <>
      <h1 class="page">Claims</h1>
      <p class="lead">What a primer on IPC tells its readers, sentence by sentence, answered by the clauses that decide it and by the evidence of this run at the mechanism that the claim is about.</p>
      <p>{counts.filter(([, count]) => count > 0).map(([answer, count]) => <span key={answer}><Answer answer={answer} /> {count} </span>)}</p>
      <div class="scroll after">
        <table class="list claims">
          <thead><tr><th scope="col">about</th><th scope="col">claim</th><th scope="col">the documents say</th><th scope="col">answer</th><th scope="col">decided by, with evidence</th></tr></thead>
          <tbody>
            {model.claims.map((claim) => (
              <tr key={`${claim.about} ${claim.says}`}>
                <th scope="row">{claim.about}</th>
                <td>{claim.says}</td>
                <td>{claim.documents}</td>
                <td><Answer answer={claim.answer} />{claim.why ? <div class="quiet">{claim.why}</div> : null}</td>
                <td><Deciding claim={claim} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
