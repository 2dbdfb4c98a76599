// How much of the catalogue of clauses is reached, family by family: what this build judges, what of it this run has
// evidence for, and what it cannot judge, with the reasons.

import { evidence_of, type Model } from "./model";
import type { ClauseRow } from "./records";
import { link } from "./route";

interface Family {
  name: string;
  clauses: ClauseRow[];
}

export function families_of(model: Model): Family[] {
  const families = new Map<string, ClauseRow[]>();
  for (const clause of model.catalogue.clauses) {
    const name = clause.id.split("-")[0] ?? "";
    families.set(name, [...(families.get(name) ?? []), clause]);
  }
  return [...families].map(([name, clauses]) => ({ name, clauses }));
}

function Row({ model, family }: { model: Model; family: Family }) {
  const of = (standing: string): ClauseRow[] => family.clauses.filter((clause) => clause.standing === standing);
  const judged = of("judged"), beyond = [...of("needs"), ...of("not-testable")];
  const evidenced = judged.filter((clause) => evidence_of(model, clause.id) > 0).length;
  return (
    <tr>
      <th scope="row"><a class="id" href={link("clauses", { filter: `clause:${family.name}-*` })}>{family.name}</a></th>
      <td class="n">{family.clauses.length}</td>
      <td class="n">{judged.length}</td>
      <td class="n">{evidenced === judged.length ? evidenced : <b>{evidenced}</b>}</td>
      <td class="n">{of("needs").length}</td>
      <td class="n">{of("not-testable").length}</td>
      <td>{beyond.length === 0 ? null : (
        <details>
          <summary>{beyond.length} not judged</summary>
          <ul class="beyond">{beyond.map((clause) => <li key={clause.id}><a class="id" href={link(`clause/${clause.id}`)}>{clause.id}</a> {clause.standing === "needs" ? "needs" : "not testable:"} {clause.because}</li>)}</ul>
        </details>
      )}</td>
    </tr>
  );
}

export function Families({ model }: { model: Model }) {
  const families = families_of(model);
  if (families.length === 0) return <p class="quiet">The results hold no catalogue of clauses.</p>;
  return (
    <div class="scroll">
      <table class="list narrow families">
        <caption class="unseen">Clauses by family and standing</caption>
        <thead>
          <tr>
            <th scope="col">family</th><th scope="col" class="n">clauses</th><th scope="col" class="n">judged by this build</th><th scope="col" class="n">with evidence here</th>
            <th scope="col" class="n">need something</th><th scope="col" class="n">not testable</th><th scope="col">why not</th>
          </tr>
        </thead>
        <tbody>{families.map((family) => <Row key={family.name} model={model} family={family} />)}</tbody>
      </table>
    </div>
  );
}
