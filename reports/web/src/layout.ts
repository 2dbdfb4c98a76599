// Where the events of a history stand in the space-time picture. Columns are actors; time runs down in the order of
// stamps, each stamp just far enough below the last one for what must be written between them: order, not nanoseconds.

import { open_call } from "./events";
import type { History, HistoryEvent } from "./records";

export interface Placed {
  index: number; // into History.events
  event: HistoryEvent;
  column: number; // -1: across all columns
  top: number;
  bottom: number;
  open: boolean; // never returned: no lower edge
}

export interface Arrow {
  from: Placed;
  to: Placed;
  length: number; // bytes; 0: no bytes (a start, a passed descriptor)
  kind: "data" | "passed" | "start";
}

export interface Picture {
  columns: number[]; // actors
  placed: Placed[];
  arrows: Arrow[];
  height: number;
}

const box_height = 22;
const mark_height = 20;
const step_gap = 5;

const is_box = (event: HistoryEvent): boolean => event.kind === "call";
const needs = (event: HistoryEvent): number => (is_box(event) ? box_height + 3 : mark_height + 2);
const column_key = (event: HistoryEvent): number => (event.kind === "probe" ? -1 : (event.actor ?? 0));

// The window of events shown: all, or `limit` of them around the rejected one.
export function window_around(count: number, rejected: number, limit: number): [number, number] {
  if (count <= limit) return [0, count];
  const first = Math.max(0, Math.min(rejected - Math.floor(limit * 0.8), count - limit));
  return [first, first + limit];
}

export function lay_out(history: History, first: number, last: number, start_child: (event: HistoryEvent) => number | undefined): Picture {
  const shown = history.events.slice(first, last).map((event, offset) => ({ event, index: first + offset }));
  const actors = [...new Set(shown.filter(({ event }) => event.kind !== "probe").map(({ event }) => event.actor ?? 0))].sort((a, b) => a - b);
  const column = new Map(actors.map((actor, place) => [actor, place]));

  // One pass over the moments in order of stamps. `free` is the first y at which a column may be written on again.
  interface Moment { stamp: number; ends: boolean; item: { event: HistoryEvent; index: number } }
  const moments: Moment[] = [];
  for (const item of shown) {
    moments.push({ stamp: item.event.began, ends: false, item });
    if (is_box(item.event) && item.event.ended) moments.push({ stamp: item.event.ended, ends: true, item });
  }
  moments.sort((a, b) => a.stamp - b.stamp || Number(a.ends) - Number(b.ends) || a.item.index - b.item.index);
  const free = new Map<number, number>();
  const tops = new Map<number, number>();
  const bottoms = new Map<number, number>();
  let y = 8;
  let stamp = -1;
  let calm = false;
  let across = 0; // below this, everything must stand under the last line across all columns
  for (const moment of moments) {
    const key = column_key(moment.item.event);
    const all = key === -1 ? Math.max(across, ...[...free.values()], 0) : 0;
    const gap = moment.stamp === stamp ? 0 : step_gap;
    y = Math.max(y + gap, free.get(key) ?? 0, across, all);
    if (moment.item.event.kind === "asleep" && !calm) {
      calm = true;
      y += 10; // for the line of the calm point
    }
    stamp = moment.stamp;
    if (moment.ends) {
      y = Math.max(y, (tops.get(moment.item.index) ?? 0) + box_height);
      bottoms.set(moment.item.index, y);
      free.set(key, y + 3);
    } else {
      tops.set(moment.item.index, y);
      free.set(key, y + needs(moment.item.event));
      if (key === -1) across = y + mark_height + 2;
    }
  }
  const height = Math.max(y + 30, ...[...free.values()].map((value) => value + 8));

  const placed = shown.map(({ event, index }): Placed => {
    const top = tops.get(index) ?? 0;
    const open = open_call(event);
    const dies = shown.find((other) => other.event.kind === "death" && other.event.actor === event.actor && other.event.began >= event.began);
    const end_of_open = dies !== undefined ? (tops.get(dies.index) ?? height) - 3 : height - 10;
    return {
      index, event, top, open, column: event.kind === "probe" ? -1 : (column.get(event.actor ?? 0) ?? 0),
      bottom: is_box(event) ? (open ? Math.max(end_of_open, top + box_height) : (bottoms.get(index) ?? top + box_height)) : top + mark_height,
    };
  });
  return { columns: actors, placed, arrows: arrows_between(placed, start_child), height };
}

function arrows_between(placed: Placed[], start_child: (event: HistoryEvent) => number | undefined): Arrow[] {
  const call_at = new Map<string, Placed>();
  const first_of = new Map<number, Placed>();
  for (const item of placed) {
    if (item.event.kind === "call") call_at.set(`${item.event.actor ?? 0} ${item.event.step ?? 0}`, item);
    if (item.column >= 0 && !first_of.has(item.event.actor ?? 0)) first_of.set(item.event.actor ?? 0, item);
  }
  const arrows: Arrow[] = [];
  for (const to of placed) {
    const lengths = new Map<Placed, number>();
    for (const run of to.event.data ?? []) {
      const from = Array.isArray(run) ? call_at.get(`${run[0]} ${run[1]}`) : undefined;
      if (from !== undefined && from !== to) lengths.set(from, (lengths.get(from) ?? 0) + (run as number[])[3]!);
    }
    for (const [from, length] of lengths)
      arrows.push({ from, to, length, kind: to.event.verb === "receive" ? "passed" : "data" });
    const child = start_child(to.event);
    const begins = child === undefined ? undefined : first_of.get(child);
    if (begins !== undefined) arrows.push({ from: to, to: begins, length: 0, kind: "start" });
  }
  return arrows;
}
