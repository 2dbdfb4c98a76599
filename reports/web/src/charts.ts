// The distributions of a run as options for Plot: was the search any good? Values only; frames are pieces.tsx.

import { axisX, barX, barY, ruleY, text, type PlotOptions } from "@observablehq/plot";

import { bytes, number, short } from "./format";

const style = { background: "none", color: "currentColor", fontFamily: "inherit", fontSize: "11px", overflow: "visible" };

// Sizes that clauses speak of; a bar that holds one is named. (PIPE_BUF and the default capacity: pipe(7).)
const landmarks: [number, string][] = [[4096, "PIPE_BUF"], [65536, "capacity"]];

interface Bar { x: string; from: number; count: number; name?: string }

export function size_bars(sizes: [number, number][]): Bar[] {
  const counts = new Map(sizes);
  const top = Math.max(0, ...sizes.map(([from]) => from));
  const bars: Bar[] = [{ x: "0", from: 0, count: counts.get(0) ?? 0 }];
  for (let from = 1; from <= top; from *= 2) {
    const name = landmarks.find(([size]) => size === from)?.[1];
    bars.push({ x: String(from), from, count: counts.get(from) ?? 0, ...(name === undefined ? {} : { name }) });
  }
  return bars;
}

export function sizes_chart(sizes: [number, number][], width: number, height: number): PlotOptions {
  const bars = size_bars(sizes);
  const every = Math.max(1, Math.ceil(bars.length / (width / 46)));
  return {
    width, height, style, marginLeft: 38, marginBottom: 30, marginTop: 16, marginRight: 8,
    x: { type: "band", domain: bars.map((bar) => bar.x), padding: 0.12 },
    y: { ticks: 3, tickFormat: short, label: null },
    marks: [
      barY(bars, { x: "x", y: "count", fill: "var(--accent)", fillOpacity: (bar: Bar) => (bar.name ? 1 : 0.6), title: (bar: Bar) => `from ${bytes(bar.from)}: ${number(bar.count)}` }),
      // Away from each other: where every size is drawn, their bars are neighbours.
      ...landmarks.map(([, name], index) => text(bars.filter((bar) => bar.name === name), { x: "x", y: "count", text: "name", dy: -7, textAnchor: index === 0 ? "end" : "start", dx: index === 0 ? 6 : -6, fill: "currentColor", stroke: "var(--paper)", strokeWidth: 3, fontSize: 10 })),
      axisX({ tickSize: 0, label: null, ticks: bars.filter((_, index) => index % every === 0).map((bar) => bar.x), tickFormat: (x: string) => (x === "0" ? "0" : bytes(Number(x)).replace(" ", "\u202f")) }),
      ruleY([0]),
    ],
  };
}

export const actors_chart = (actors: [number, number][], width: number, height: number): PlotOptions =>
  counts_chart(actors.map(([count, times]) => [String(count), times]), "actors", width, height);

// Cases by a number of something.
export function counts_chart(rows: [string, number][], what: string, width: number, height: number): PlotOptions {
  const bars = rows.map(([x, count]) => ({ x, count }));
  return {
    width, height, style, marginLeft: 38, marginBottom: 30, marginTop: 16, marginRight: 8,
    x: { type: "band", domain: bars.map((bar) => bar.x), padding: 0.12 },
    y: { ticks: 3, tickFormat: short, label: null },
    marks: [
      barY(bars, { x: "x", y: "count", fill: "var(--accent)", fillOpacity: 0.7, title: (bar: { x: string; count: number }) => `${bar.x} ${what}: ${number(bar.count)} cases` }),
      axisX({ tickSize: 0, label: null }),
      ruleY([0]),
    ],
  };
}

export function names_chart(rows: [string, number][], width: number): PlotOptions {
  const bars = rows.map(([name, count]) => ({ name, count }));
  return {
    width, height: 34 + rows.length * 24, style, marginLeft: 130, marginRight: 50, marginTop: 6, marginBottom: 24,
    x: { ticks: 4, tickFormat: short, label: null },
    y: { type: "band", domain: rows.map(([name]) => name), label: null, padding: 0.25, tickSize: 0 },
    marks: [
      barX(bars, { x: "count", y: "name", fill: "var(--accent)", fillOpacity: 0.7 }),
      text(bars, { x: "count", y: "name", text: (bar: { count: number }) => number(bar.count), textAnchor: "start", dx: 5, fill: "currentColor" }),
    ],
  };
}
