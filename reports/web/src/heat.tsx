// A table of counts in which shade and number say the same: hollow where there is none, a dash where there can be none.

import { number, short } from "./format";

export interface HeatCell {
  count: number;
  says?: string; // more than the number; shown where the pointer rests
  absent?: boolean; // there is no such thing
}

interface Props {
  caption: string;
  corner: string;
  rows: string[];
  columns: string[];
  at: (row: string, column: string) => HeatCell;
  word?: (column: string) => string;
  upright?: boolean; // the heads of the columns stand on end: many columns of small numbers
}

function Count({ cell, most }: { cell: HeatCell; most: number }) {
  if (cell.absent) return <td class="n absent"><span aria-hidden="true">—</span><span class="unseen">cannot be</span></td>;
  const shade = cell.count === 0 ? 0 : 5 + 45 * Math.sqrt(cell.count / most);
  return (
    <td class="n" style={`--shade:${shade.toFixed(0)}%`} title={cell.says ?? number(cell.count)}>
      {cell.count === 0 ? <span class="hollow"><span aria-hidden="true">○</span><span class="unseen">none</span></span> : short(cell.count)}
    </td>
  );
}

export function Heat({ caption, corner, rows, columns, at, word = (column) => column, upright = false }: Props) {
  const cells = rows.map((row) => columns.map((column) => at(row, column)));
  const most = Math.max(1, ...cells.flat().map((cell) => cell.count));
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={caption}>
      <table class={`list heat narrow${upright ? " upright" : ""}`}>
        <caption class="unseen">{caption}</caption>
        <thead><tr><th scope="col">{corner}</th>{columns.map((column) => <th scope="col" class="n" key={column}><span>{word(column)}</span></th>)}</tr></thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {(cells[index] ?? []).map((cell, column) => <Count key={columns[column]} cell={cell} most={most} />)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
