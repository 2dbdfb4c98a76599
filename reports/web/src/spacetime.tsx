// The space-time picture: columns are actors, time runs down, boxes are calls from call to return, arrows tell where
// bytes came from. Every event is focusable and says its sentence; j and k step, v jumps to the rejected event.

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { killed, label_of, origin_words, sentence_of } from "./events";
import { number, plural } from "./format";
import { lay_out, window_around, type Arrow, type Placed } from "./layout";
import type { Case, History, HistoryEvent } from "./records";

const window_limit = 400;
const paper_limit = 40; // about a page
const head_height = 40;

const gutter = 24; // on either side of a column's boxes, for the arrows and their words
const usual_width = 905; // of the picture, before it scrolls

function column_width(columns: number): number {
  return Math.max(168, Math.min(columns <= 2 ? 340 : 272, Math.floor(usual_width / Math.max(1, columns))));
}

const fits = (text: string, width: number): string => {
  const most = Math.floor(width / 7.1);
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
};

interface BoxProps {
  item: Placed;
  value: Case | undefined;
  width: number;
  rejected: boolean;
  selected: boolean;
  choose: (index: number) => void;
}

function EventMark({ item, value, width, rejected, selected, choose }: BoxProps) {
  const { event } = item;
  const label = `${rejected ? "✗ " : ""}${label_of(event, value)}`;
  const sentence = `${rejected ? "Rejected. " : ""}${sentence_of(event, value)}`;
  const fired = event.kind === "call" && event.fault !== undefined && event.fault !== "none";
  const left = item.column * width + gutter;
  const wide = width - 2 * gutter;
  const height = item.bottom - item.top;
  const props = {
    class: `event ${event.kind === "death" && !killed(event) ? "exit" : event.kind}${rejected ? " rejected" : ""}${item.open ? " open" : ""}${selected ? " selected" : ""}${event.error && event.error !== "none" ? " failed" : ""}`,
    tabindex: selected ? 0 : -1, role: "img" as const, "aria-label": sentence, "data-index": item.index,
    onFocus: () => choose(item.index), onClick: (click: MouseEvent) => (click.currentTarget as SVGGElement).focus(),
  };
  if (event.kind === "call") {
    const edge = item.open
      ? `M${left},${item.bottom} V${item.top + 3} q0,-3 3,-3 H${left + wide - 3} q3,0 3,3 V${item.bottom}`
      : "";
    return (
      <g {...props}>
        <title>{sentence}</title>
        {item.open ? <><rect class="fill" x={left} y={item.top} width={wide} height={height} /><path class="edge" d={edge} /></> : <rect class="fill edge" x={left} y={item.top} width={wide} height={height} rx="3" />}
        <text x={left + 7} y={item.top + 15}>{fits(label, wide - 14 - (fired ? 16 : 0))}</text>
        {fired ? <text class="bolt" x={left + wide - 7} y={item.top + 15} text-anchor="end">⚡</text> : null}
      </g>
    );
  }
  const symbol = { signal: "⚡", death: killed(event) ? "☠" : "■", asleep: "☾", spinning: "↻", fault: "⚡", probe: "◎" }[event.kind] ?? "•";
  const provoked = event.kind === "fault" ? "provoked: " : "";
  const x = item.column < 0 ? 12 : left + 6;
  return (
    <g {...props}>
      <title>{sentence}</title>
      {item.column < 0 ? <line class="across" x1="0" x2="100%" y1={item.top + 1} y2={item.top + 1} /> : null}
      <rect class="mark" x={x} y={item.top} width={item.column < 0 ? 330 : wide - 12} height={18} rx="9" />
      <text x={x + 8} y={item.top + 13.5}><tspan aria-hidden="true">{symbol}</tspan> {fits(provoked + label, wide - 34)}</text>
    </g>
  );
}

function ArrowLine({ arrow, width, labelled, lit }: { arrow: Arrow; width: number; labelled: boolean; lit: boolean }) {
  const { from, to } = arrow;
  const right = to.column > from.column;
  const same = to.column === from.column;
  const x1 = from.column * width + (right || same ? width - gutter : gutter);
  const x2 = to.column * width + (right ? gutter : width - gutter);
  const y1 = from.event.kind === "call" ? Math.min(from.top + 11, from.bottom) : from.top + 9;
  const y2 = arrow.kind === "start" ? to.top + 9 : Math.max(y1, to.open ? to.top + 11 : to.bottom - 7);
  const bend = same ? 34 : Math.max(18, Math.min(70, Math.abs(x2 - x1) / 2));
  const path = same
    ? `M${x1},${y1} C${x1 + bend},${y1} ${x1 + bend},${y2} ${x2 + 2},${y2}`
    : `M${x1},${y1} C${x1 + (right ? bend : -bend)},${y1} ${x2 + (right ? -bend : bend)},${y2} ${x2 + (right ? -2 : 2)},${y2}`;
  const words = arrow.kind === "data" ? plural(arrow.length, "byte") : arrow.kind === "start" ? "starts" : "passes a descriptor";
  return (
    <g class={`arrow ${arrow.kind}${lit ? " lit" : ""}`}>
      <path d={path} marker-end="url(#tip)"><title>{words}</title></path>
      {labelled && arrow.kind === "data" && !same ? <text x={x2 + (right ? -8 : 8)} y={y2 - 4} text-anchor={right ? "end" : "start"}>{number(arrow.length)} B</text> : null}
    </g>
  );
}

function typing(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement || event.ctrlKey || event.metaKey || event.altKey;
}

export function SpaceTime({ history, value, rejected, explanation, still = false }: {
  history: History; value: Case | undefined; rejected: number; explanation: string[]; still?: boolean;
}) {
  const [all, show_all] = useState(false);
  const [selected, select] = useState(rejected);
  const now = useRef(rejected); // what is chosen at this very moment: keys may come faster than pictures are drawn
  const choose = (index: number): void => {
    now.current = index;
    select(index);
  };
  const svg = useRef<SVGSVGElement>(null);
  const count = history.events.length;
  const [first, last] = window_around(count, rejected, all ? count : still ? paper_limit : window_limit);
  const picture = useMemo(
    () => lay_out(history, first, last, (event: HistoryEvent) => {
      if (event.kind !== "call" || event.verb !== "start") return undefined;
      const child = value?.actors?.[event.actor ?? 0]?.steps?.[event.step ?? 0]?.value;
      return typeof child === "number" ? child : undefined;
    }),
    [history, first, last],
  );
  const width = column_width(picture.columns.length);
  const total = Math.max(picture.columns.length * width, 370);
  const focus = (index: number): void => {
    const mark = svg.current?.querySelector<SVGGElement>(`[data-index="${index}"]`);
    mark?.focus({ preventScroll: true });
    mark?.scrollIntoView({ block: "center", inline: "nearest", behavior: "auto" });
  };
  const step = (by: number): void => focus(picture.placed[picture.placed.findIndex((item) => item.index === now.current) + by]?.index ?? now.current);
  useLayoutEffect(() => { // at once: a key may be down already
    if (still) return;
    const press = (event: KeyboardEvent): void => {
      if (typing(event)) return;
      if (event.key === "j") step(1);
      else if (event.key === "k") step(-1);
      else if (event.key === "v") focus(rejected);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [picture, rejected, still]);

  const chosen = history.events[selected];
  const kind_of = (actor: number): string => {
    const row = value?.actors?.[actor];
    if (row === undefined || (row.kind ?? "pooled") === "pooled") return "process";
    return row.kind === "thread" ? `thread of ${row.parent ?? 0}` : `forked by ${row.parent ?? 0}`;
  };
  const lit = (arrow: Arrow): boolean => arrow.from.index === selected || arrow.to.index === selected;
  const arrow_key = (arrow: Arrow): string => `${arrow.from.index}-${arrow.to.index}-${arrow.kind}`;
  const labelled = picture.arrows.length <= 60;
  const summary = `Space-time picture of ${plural(count, "event")} of ${plural(picture.columns.length, "actor")}`;
  return (
    <div class="spacetime">
      <div class="picture">
        {last - first < count ? (
          <p class="note">Events {number(first + 1)} to {number(last)} of {number(count)}, around the violation. {still ? null : <button type="button" onClick={() => show_all(true)}>show all</button>}</p>
        ) : null}
        <div class="scroll" tabindex={-1}>
          <svg ref={svg} width={total} height={picture.height + head_height} role="group" aria-label={summary} viewBox={`0 0 ${total} ${picture.height + head_height}`}>
            <defs>
              <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0,0.8 L7,4 L0,7.2 z" /></marker>
            </defs>
            <g class="heads">
              {picture.columns.map((actor, column) => (
                <g key={actor} transform={`translate(${column * width + width / 2},0)`}>
                  <text y="15" text-anchor="middle" class="name">actor {actor}</text>
                  <text y="29" text-anchor="middle" class="kind">{kind_of(actor)}</text>
                </g>
              ))}
            </g>
            <g transform={`translate(0,${head_height})`}>
              {picture.columns.map((actor, column) => {
                const death = picture.placed.find((item) => item.event.kind === "death" && item.event.actor === actor);
                return <line key={actor} class="life" x1={column * width + width / 2} x2={column * width + width / 2} y1="0" y2={death?.bottom ?? picture.height} />;
              })}
              {picture.placed.filter((item) => item.event.kind === "asleep").slice(0, 1).map((item) => (
                <g class="calm" key="calm"><line x1="0" x2={total} y1={item.top - 5} y2={item.top - 5} /><text x="4" y={item.top + 7}>calm</text></g>
              ))}
              {picture.arrows.filter((arrow) => !lit(arrow)).map((arrow) => <ArrowLine key={arrow_key(arrow)} arrow={arrow} width={width} labelled={labelled} lit={false} />)}
              {picture.placed.map((item) => (
                <EventMark key={item.index} item={item} value={value} width={width} rejected={item.index === rejected} selected={item.index === selected} choose={choose} />
              ))}
              {picture.arrows.filter(lit).map((arrow) => <ArrowLine key={arrow_key(arrow)} arrow={arrow} width={width} labelled lit />)}
            </g>
          </svg>
        </div>
      </div>
      {still ? null : (
        <aside class="detail" aria-label="the chosen event">
          <p class="keys">
            <button type="button" onClick={() => step(1)}><kbd>j</kbd> next</button>
            <button type="button" onClick={() => step(-1)}><kbd>k</kbd> previous</button>
            <button type="button" onClick={() => focus(rejected)}><kbd>v</kbd> the violation</button>
          </p>
          {chosen ? (
            <>
              <h3>{selected === rejected ? <span class="no">✗ rejected</span> : `event ${selected + 1} of ${count}`}</h3>
              <p class="label">{label_of(chosen, value)}</p>
              <p>{sentence_of(chosen, value)}</p>
              {chosen.data?.length ? <ul>{chosen.data.slice(0, 20).map((run, index) => <li key={index}>{origin_words(run)}</li>)}{chosen.data.length > 20 ? <li>and {chosen.data.length - 20} runs more</li> : null}</ul> : null}
              {selected === rejected ? <ul class="why">{explanation.filter((line) => /^\s*(state|before)/i.test(line)).map((line, index) => <li key={index}>{line}</li>)}</ul> : null}
            </>
          ) : null}
        </aside>
      )}
    </div>
  );
}
