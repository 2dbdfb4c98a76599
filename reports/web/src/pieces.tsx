// Small parts that several pages share: outcome badges, the clause box, a copy button, a chart's frame.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { plot, type PlotOptions } from "@observablehq/plot";

import { number } from "./format";
import { outcome_of } from "./outcomes";
import type { ClauseRow } from "./records";
import { link } from "./route";

export function Badge({ outcome, count }: { outcome: string; count?: number }) {
  const known = outcome_of(outcome);
  return (
    <span class={`badge ${known.word}`} title={known.means}>
      <span aria-hidden="true">{known.symbol}</span> {known.word}
      {count === undefined ? null : <b> {number(count)}</b>}
    </span>
  );
}

const strengths: Record<string, string> = {
  must: "must: POSIX promises it",
  linux: "linux: a Linux man page promises it",
  observed: "observed: documents are silent, systems agree",
};

export function Strength({ strength }: { strength: string }) {
  return <span class="strength" title={strengths[strength] ?? ""}>{strength || "—"}</span>;
}

export function ClauseBox({ clause, id }: { clause: ClauseRow | undefined; id: string }) {
  return (
    <blockquote class="clause">
      <p>
        <a class="id" href={link(`clause/${id}`)}>{id}</a> {clause?.says ? clause.says : "This report does not hold the text of the clause."}
      </p>
      {clause ? (
        <footer>
          <cite>{clause.source}</cite> · <span title={strengths[clause.strength]}>{strengths[clause.strength] ?? clause.strength}</span>
          {clause.property ? ` · property ${clause.property}` : ""}
        </footer>
      ) : null}
    </blockquote>
  );
}

// Copies by the clipboard where the page may, else by a selection: pages from file:// are not trusted everywhere.
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [said, say] = useState("");
  return (
    <button
      type="button" class="copy" aria-label={`copy ${what}`}
      onClick={async () => {
        say((await copy(text)) ? "copied" : "failed");
        setTimeout(() => say(""), 1500);
      }}
    >
      <span aria-live="polite">{said || "copy"}</span>
    </button>
  );
}

export function Copyable({ text, what, children }: { text: string; what: string; children?: ComponentChildren }) {
  return (
    <div class="copyable">
      <div class="copyable-head"><span>{children ?? what}</span><CopyButton text={text} what={what} /></div>
      <pre tabindex={0} role="region" aria-label={what}>{text}</pre>
    </div>
  );
}

// A chart by Observable Plot; `says` is what a reader who cannot see it hears.
export function Chart({ title, says, options }: { title: string; says: string; options: PlotOptions }) {
  const at = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const drawn = plot(options);
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", says);
    for (const part of drawn.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label"); // a picture has no parts
    at.current?.replaceChildren(drawn);
  }, [options]);
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div ref={at} />
    </figure>
  );
}

// A count in a table of evidence: hollow where there is none.
export function Count({ value }: { value: number }) {
  return value > 0 ? <>{number(value)}</> : <span class="hollow"><span aria-hidden="true">○</span><span class="unseen">none</span></span>;
}
