// How the calls of cases fell among each other, one mechanism at a time: how they were let move, how many were in flight
// at once, how many different orders were seen, and which two calls overlapped on one object.

import { useMemo } from "preact/hooks";

import { counts_chart } from "./charts";
import { number } from "./format";
import { Heat, type HeatCell } from "./heat";
import { kept_hashes as kept, names_key, type Interleaving, type Model } from "./model";
import { Chart } from "./pieces";

const ways: Record<string, string> = {
  turns: "turns: one actor moves at a time",
  free: "free, on one core",
  swept: "free, on one core, with drawn delays",
  spread: "free, on every core",
  "spread-swept": "free, on every core, with drawn delays",
};
const word_of_way = (way: string): string => ways[way] ?? way;

// As Distinct::count() of reports/distinct.cc.
export function distinct(hashes: readonly number[]): { count: number; exact: boolean } {
  if (hashes.length < kept) return { count: hashes.length, exact: true };
  return { count: Math.floor((kept - 1) * (2 ** 32 / ((hashes[kept - 1] ?? 0) + 1))), exact: false };
}

const sum = (rows: [number, number][]): number => rows.reduce((total, [, count]) => total + count, 0);

// "1 to 9, half of the cases 2 or more"
function spread_of(rows: [number, number][]): string {
  const seen = rows.filter(([, count]) => count > 0);
  const first = seen[0]?.[0] ?? 0, last = seen.at(-1)?.[0] ?? 0;
  if (first === last) return number(first);
  let below = sum(seen) / 2;
  const median = seen.find(([, count]) => (below -= count) <= 0)?.[0] ?? last;
  return `${number(first)} to ${number(last)}, median ${number(median)}`;
}

// An estimate is rounded to what it can be trusted for, and never above what was played.
function orders_told(how: Interleaving): string {
  const { count, exact } = distinct(how.orders);
  const cases = sum(how.at_once);
  if (exact) return number(count);
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return count >= cases ? `about all ${number(cases)}` : `about ${number(Math.round(count / digits) * digits)}`;
}

function added(rows: [number, number][][]): [string, number][] {
  const sums = new Map<number, number>();
  for (const [value, count] of rows.flat()) sums.set(value, (sums.get(value) ?? 0) + count);
  return [...sums].sort((a, b) => a[0] - b[0]).map(([value, count]) => [number(value), count]);
}

function Overlaps({ model, mechanism }: { model: Model; mechanism: string }) {
  const order = model.catalogue.mechanisms.find((entry) => entry.name === mechanism)?.verbs ?? [];
  const seen = new Set<string>();
  const times = new Map<string, [number, number]>();
  for (const [key, [turns, free]] of model.overlaps) {
    const [of, one = "", two = ""] = key.split(" ");
    if (of !== mechanism) continue;
    seen.add(one).add(two);
    times.set(names_key("", one, two), [turns, free]).set(names_key("", two, one), [turns, free]);
  }
  if (seen.size === 0) return <p class="quiet">No two calls of {mechanism} were seen to overlap on one object.</p>;
  const verbs = [...order.filter((verb) => seen.has(verb)), ...[...seen].filter((verb) => !order.includes(verb))];
  const at = (one: string, two: string): HeatCell => {
    const [turns, free] = times.get(names_key("", one, two)) ?? [0, 0];
    return { count: turns + free, says: `${one} and ${two}: ${number(free)} times while both moved freely, ${number(turns)} times while one slept in turns` };
  };
  return <Heat caption={`Calls that overlapped on one object, ${mechanism}`} corner="calls" rows={verbs} columns={verbs} at={at} upright />;
}

export function Interleavings({ model, mechanism }: { model: Model; mechanism: string }) {
  const all = model.interleavings.get(mechanism) ?? new Map<string, Interleaving>();
  const rows = [...Object.keys(ways).filter((way) => all.has(way)), ...[...all.keys()].filter((way) => !(way in ways))].map((way) => [way, all.get(way)!] as const);
  const at_once = useMemo(() => counts_chart(added([...all.values()].map((how) => how.at_once)), "calls at once", 380, 190), [model, mechanism]);
  const switches = useMemo(() => counts_chart(added([...all.values()].map((how) => how.switches)), "switches or more", 560, 190), [model, mechanism]);
  if (rows.length === 0) return <p class="quiet">No case of {mechanism} was judged.</p>;
  return (
    <>
      <div class="scroll" tabindex={0} role="region" aria-label={`Interleavings of ${mechanism}`}>
        <table class="list narrow ways">
          <caption class="unseen">Interleavings of {mechanism}, by the way in which actors moved</caption>
          <thead><tr><th scope="col">how actors moved</th><th scope="col" class="n">cases</th><th scope="col" class="n">different orders</th><th scope="col">calls in flight at once</th><th scope="col">switches from actor to actor</th></tr></thead>
          <tbody>{rows.map(([way, how]) => (
            <tr key={way}>
              <th scope="row">{word_of_way(way)}</th><td class="n">{number(sum(how.at_once))}</td><td class="n">{orders_told(how)}</td><td>{spread_of(how.at_once)}</td><td>{spread_of(how.switches)}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
      <p class="quiet after">An order is that of all calls and returns of a case, by actor and verb. Up to {kept - 1} they are counted; beyond, estimated within about a tenth. Switches are told by powers of two: 8 stands for 8 to 15.</p>
      <div class="charts after">
        <Chart title="Most calls in flight at one time, by cases" options={at_once} says={`Most calls of ${mechanism} in flight at one time, by cases; the table above sums it up`} />
        <Chart title="Switches from actor to actor in a case, by powers of two" options={switches} says={`Switches from actor to actor in cases of ${mechanism}, by powers of two; the table above sums it up`} />
      </div>
      <h3>Calls that overlapped</h3>
      <p class="lead">How often two calls of different actors were in flight at one time on one object. Where objects changed hands unseen, not all are counted.</p>
      <Overlaps model={model} mechanism={mechanism} />
    </>
  );
}
