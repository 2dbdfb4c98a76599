// The grid: mechanisms down, properties across, the fault by a switch. A real table of links; arrow keys move in it.

import { outcome_of, worst } from "./outcomes";
import { number, short } from "./format";
import { link, parameter } from "./route";
import type { Cell, Model } from "./model";

interface Row {
  mechanism: string;
  fault: string; // "" for all faults together
}

function move(event: KeyboardEvent): void {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const from = (event.target as HTMLElement).closest("td");
  if (step === undefined || from === null || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...(from.closest("table")?.querySelectorAll("tbody tr") ?? [])] as HTMLTableRowElement[];
  let row = rows.indexOf(from.parentElement as HTMLTableRowElement);
  let column = Number(from.dataset.column);
  for (;;) {
    row += step[0] ?? 0;
    column += step[1] ?? 0;
    const cells = rows[row]?.querySelectorAll<HTMLElement>("td[data-column]");
    if (cells === undefined || column < 0 || column >= cells.length) return;
    const target = cells[column]?.querySelector<HTMLElement>("a");
    if (target) {
      target.focus();
      event.preventDefault();
      return;
    }
  }
}

function GridCell({ row, property, cells, column }: { row: Row; property: string; cells: Cell[]; column: number }) {
  if (cells.length === 0)
    return <td data-column={column} class="absent"><span aria-hidden="true">—</span><span class="unseen">no such cell</span></td>;
  const outcome = outcome_of(worst(cells.map((cell) => cell.outcome)));
  const evidence = cells.reduce((sum, cell) => sum + cell.evidence, 0);
  const path = `cell/${row.mechanism}/${property}${row.fault === "" ? "" : `/${row.fault}`}`;
  const sentence = `${row.mechanism}, ${property}${row.fault === "" ? "" : `, fault ${row.fault}`}: ${outcome.word}, evidence ${number(evidence)}`;
  return (
    <td data-column={column}>
      <a href={link(path)} class={`cell ${outcome.word}`} title={[sentence, ...cells.map((cell) => cell.why).filter(Boolean)].join("\n")}>
        <span class="symbol" aria-hidden="true">{outcome.symbol}</span> {evidence > 0 ? short(evidence) : ""}<span class="unseen">{` ${sentence}`}</span>
      </a>
    </td>
  );
}

export function Grid({ model, shown }: { model: Model; shown: Cell[] }) {
  const fault = parameter("fault");
  const apart = fault === "apart" || (fault === "" && model.mechanisms.length <= 2);
  const properties = model.properties.filter((property) => shown.some((cell) => cell.property === property));
  const mechanisms = model.mechanisms.filter((mechanism) => shown.some((cell) => cell.mechanism === mechanism));
  const rows = mechanisms.flatMap((mechanism): Row[] =>
    apart
      ? model.fault_names.filter((name) => shown.some((cell) => cell.mechanism === mechanism && cell.fault === name)).map((name) => ({ mechanism, fault: name }))
      : [{ mechanism, fault: fault === "all" || fault === "apart" ? "" : fault }],
  );
  if (properties.length === 0) return <p class="quiet">No cell matches the filter.</p>;
  const here = (row: Row, property: string): Cell[] =>
    shown.filter((cell) => cell.mechanism === row.mechanism && cell.property === property && (row.fault === "" || cell.fault === row.fault));
  return (
    <div class="scroll">
      <table class="grid" onKeyDown={move}>
        <caption class="unseen">Outcome of each cell: mechanism and fault down, property across. Arrow keys move between cells.</caption>
        <thead>
          <tr>
            <th scope="col">mechanism</th>
            {apart ? <th scope="col">fault</th> : null}
            {properties.map((property) => (
              <th scope="col" key={property} title={model.catalogue.properties.find((entry) => entry.name === property)?.about}>{property}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const first = index === 0 || rows[index - 1]?.mechanism !== row.mechanism;
            return (
              <tr key={`${row.mechanism}/${row.fault}`} class={first ? "first" : ""}>
                {first ? <th scope="rowgroup" rowSpan={rows.filter((other) => other.mechanism === row.mechanism).length}>{row.mechanism}</th> : null}
                {apart ? <th scope="row" class="fault">{row.fault}</th> : null}
                {properties.map((property, column) => <GridCell key={property} row={row} property={property} cells={here(row, property)} column={column} />)}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
