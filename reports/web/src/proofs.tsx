// The kill matrix: every lie that was told on purpose, by the agent or by the mirror, and the clauses under which it was found. A row that survived
// stands first; it says that the judge did not see it.

import { number, plural } from "./format";
import type { Model } from "./model";
import type { ProofRecord } from "./records";
import { link } from "./route";

const found = (proof: ProofRecord): boolean => (proof.found_after ?? 0) > 0;
const named = (proof: ProofRecord): boolean => (proof.named_after ?? 0) > 0;

// Survivors, then those that were never named rightly, then by the cases that it took.
function rank(proof: ProofRecord): number {
  return (found(proof) ? (named(proof) ? 2 : 1) : 0) * 1e9 + (proof.found_after ?? 0);
}

function Fate({ proof }: { proof: ProofRecord }) {
  if (proof.trouble) return <span class="quiet">not told: {proof.trouble}</span>;
  if (!found(proof)) return <b>✗ survives</b>;
  return named(proof) ? <>✓ found</> : <>≠ under another name</>;
}

function Row({ proof }: { proof: ProofRecord }) {
  const clauses = Object.entries(proof.clauses ?? {}).sort((a, b) => b[1] - a[1]);
  return (
    <tr>
      <th scope="row"><span class="id">{proof.lie}</span></th>
      <td>{proof.host ?? "agent"}</td>
      <td>{proof.about}{proof.bug ? <span class="quiet"> ({proof.bug})</span> : null}</td>
      <td><a class="id" href={link(`clause/${proof.clause}`)}>{proof.clause}</a></td>
      <td><Fate proof={proof} /></td>
      <td class="n">{found(proof) ? number(proof.found_after ?? 0) : ""}</td>
      <td class="n">{number(proof.cases ?? 0)}</td>
      <td>{clauses.map(([clause, times]) => (
        <span key={clause}>{clause === proof.clause ? <b><a class="id" href={link(`clause/${clause}`)}>{clause}</a></b> : <a class="id" href={link(`clause/${clause}`)}>{clause}</a>} {number(times)} </span>
      ))}</td>
    </tr>
  );
}

export function ProofsPage({ model }: { model: Model }) {
  const lies = model.proofs.filter((proof) => proof.lie !== "").sort((a, b) => rank(a) - rank(b));
  const by_hand = model.proofs.filter((proof) => proof.lie === "");
  const killed = lies.filter(found);
  const broken = new Set(killed.flatMap((proof) => [proof.clause, ...Object.keys(proof.clauses ?? {})]));
  const judged = model.catalogue.clauses.filter((clause) => clause.standing === "judged");
  const unbroken = judged.filter((clause) => !broken.has(clause.id));
  return (
    <>
      <h1 class="page">Kill matrix</h1>
      <p class="lead">{plural(lies.length, "lie")}, {killed.length} found, {killed.filter(named).length} of them under the clause that they break; {broken.size} of {judged.length} judged clauses broken.</p>
      {unbroken.length > 0 ? (
        <p>Broken by none: {unbroken.map((clause) => {
          const hand = by_hand.find((proof) => proof.clause === clause.id);
          return <span key={clause.id}><a class="id" href={link(`clause/${clause.id}`)}>{clause.id}</a>{hand ? <span class="quiet"> (by a hand-made history; {hand.because})</span> : null} </span>;
        })}</p>
      ) : null}
      <div class="scroll after">
        <table class="list">
          <thead><tr><th scope="col">lie</th><th scope="col">host</th><th scope="col">what it does</th><th scope="col">breaks</th><th scope="col">fate</th><th scope="col" class="n">found after</th><th scope="col" class="n">cases</th><th scope="col">violations by clause</th></tr></thead>
          <tbody>{lies.map((proof) => <Row key={proof.lie} proof={proof} />)}</tbody>
        </table>
      </div>
    </>
  );
}
