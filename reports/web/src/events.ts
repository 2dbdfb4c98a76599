// An event of a history in words: a short label for its box, a sentence for its reader. Words only; where it stands is
// layout.ts, how it looks is spacetime.tsx.

import { number, plural } from "./format";
import { exact, type Case, type HistoryEvent, type Run, type Step } from "./records";

export function step_of(value: Case | undefined, event: HistoryEvent): Step | undefined {
  return value?.actors?.[event.actor ?? 0]?.steps?.[event.step ?? 0];
}

// "pipe 0 write end": slots 2o and 2o+1 are the ends of object o until a step binds them anew.
function slot_name(value: Case | undefined, slot: number): string {
  const object = value?.objects?.[slot >> 1];
  if (object === undefined || slot >= 64) return slot >= 64 && slot < 128 ? `the mailbox of actor ${slot - 64}` : `slot ${slot}`;
  const several = (value?.objects?.length ?? 0) > 1 ? ` ${slot >> 1}` : "";
  return `slot ${slot} (${object.mechanism}${several}, ${slot % 2 === 0 ? "read" : "write"} end)`;
}

const listed = (slots: number[] | undefined): string => (slots ?? []).join(",");

// What poll was asked or answered: one list of words a slot.
const polled = (value: unknown): string => (Array.isArray(value) ? value.map((slot) => (Array.isArray(slot) ? slot.join("|") : String(slot))).join(",") : "");

// The arguments in the shortest form that tells one call from another: bytes where they count, else slots.
function asked(step: Step | undefined, event: HistoryEvent): string {
  if (step === undefined) return "";
  const times = step.times !== undefined && step.times !== 1 ? ` ×${number(step.times)}` : "";
  const makes = step.makes?.length ? `→${listed(step.makes)}` : "";
  switch (event.verb) {
    case "create": return ` ${makes}`;
    case "dup": return ` ${listed(step.uses)}${makes}`;
    case "splice": case "tee": return ` ${step.uses?.join("→")} ${exact(step.bytes ?? 0)}${times}`;
    case "poll": return ` ${listed(step.uses)}`;
    case "pass": return ` ${listed(step.uses?.slice(1))} to ${(step.uses?.[0] ?? 64) - 64}`;
    case "receive": return ` ${makes}`;
    case "set_flags": return ` ${listed(step.uses)} ${(step.flags ?? []).join("|") || "none"}`;
    case "signal": return ` ${String(step.value ?? "")} ${(step.flags ?? []).join("|")}`.trimEnd();
    default: break;
  }
  const what = step.bytes ?? (typeof step.value === "number" || typeof step.value === "string" ? step.value : listed(step.uses));
  return `${what === "" ? "" : ` ${exact(what)}`}${times}`;
}

const failed = (event: HistoryEvent): boolean => Boolean(event.error) && event.error !== "none";
export const open_call = (event: HistoryEvent): boolean => event.kind === "call" && !event.ended;

export function answered(event: HistoryEvent): string {
  if (open_call(event)) return "…";
  const moved = (event.result ?? 0) > 0 ? `${event.result} ` : "";
  const events = event.verb === "poll" && !failed(event) ? ` ${polled(event.value)}` : "";
  return failed(event) ? `${moved}${event.error}` : `${exact(event.result ?? 0)}${events}`.trimEnd();
}

export const killed = (event: HistoryEvent): boolean => event.kind === "death" && Boolean(event.signal) && event.signal !== "none";

export function label_of(event: HistoryEvent, value: Case | undefined): string {
  switch (event.kind) {
    case "call": {
      const step = step_of(value, event);
      const verb = event.verb === "dup" && typeof step?.value === "string" ? step.value : (event.verb ?? "call");
      const call = `${verb}${asked(step, event)}`;
      if (open_call(event)) return `${call} …`;
      return `${call} ${failed(event) && (event.result ?? -1) < 0 ? "→" : "="} ${answered(event)}`;
    }
    case "signal": return event.signal ?? "signal";
    case "death": return killed(event) ? `dies: ${event.signal}` : `exits: ${Number(event.value ?? 0)}`;
    case "asleep": return "asleep";
    case "spinning": return "spinning";
    case "fault": return `${event.fault ?? "fault"}${event.result === 0 ? " (not fired)" : ""}`;
    case "probe": return event.result === -1 ? `object ${event.object ?? 0}: gone` : `object ${event.object ?? 0}: ${event.result ?? 0} unread`;
    default: return event.kind;
  }
}

export function origin_words(run: Run): string {
  if (Array.isArray(run)) return `${plural(run[3], "byte")} from actor ${run[0]}, step ${run[1]}, at offset ${number(run[2])}`;
  if ("foreign" in run) return `${plural(run.foreign[3], "byte")} that no step of this case wrote`;
  return `${plural(run.raw.length / 2, "byte")} too few to tell their origin: ${run.raw}`;
}

export function sentence_of(event: HistoryEvent, value: Case | undefined): string {
  const who = `Actor ${event.actor ?? 0}`;
  const at = `stamp ${event.began}`;
  switch (event.kind) {
    case "call": {
      const step = step_of(value, event);
      const over = step?.uses?.length ? ` on ${step.uses.map((slot) => slot_name(value, slot)).join(", ")}` : "";
      const size = step?.bytes !== undefined ? ` of ${typeof step.bytes === "number" ? number(step.bytes) : exact(step.bytes)} ${step.bytes === 1 ? "byte" : "bytes"}` : step?.value !== undefined ? ` with value ${Array.isArray(step.value) ? polled(step.value) : exact(step.value)}` : "";
      const made = step?.makes?.length ? `, making slot ${listed(step.makes)},` : "";
      const times = step?.times !== undefined && step.times !== 1 ? `, ${step.times} times` : "";
      const outcome = open_call(event)
        ? "and never returned"
        : `and ended at stamp ${event.ended} ${failed(event) ? `${(event.result ?? -1) > 0 ? `after ${event.result} ` : ""}with ${event.error}` : `with result ${answered(event)}`}`;
      const fired = event.fault && event.fault !== "none" ? `; the fault ${event.fault} fired inside it` : "";
      return `${who}, step ${event.step ?? 0}: ${event.verb ?? "call"}${size}${over}${made}${times} began at ${at} ${outcome}${fired}.`;
    }
    case "signal": return `${who} handled ${event.signal ?? "a signal"} at ${at}, in or before step ${event.step ?? 0}.`;
    case "death":
      return killed(event)
        ? `${who} was killed by ${event.signal}, between stamps ${event.began} and ${event.ended ?? event.began}.`
        : `${who} exited with status ${Number(event.value ?? 0)}, by stamp ${event.ended ?? event.began}.`;
    case "asleep": return `At the calm point, ${at}, actor ${event.actor ?? 0} was asleep in step ${event.step ?? 0}: nobody could move any more.`;
    case "spinning": return `${who} burnt time without moving in step ${event.step ?? 0}, seen at ${at}.`;
    case "fault": return `The provoked fault ${event.fault ?? ""} ${event.result === 0 ? "did not fire" : "fired"} at ${who.toLowerCase()}, step ${event.step ?? 0}, ${at}.`;
    case "probe":
      return event.result === -1
        ? `The leader looked at ${at}: object ${event.object ?? 0} was gone.`
        : `The leader looked at ${at}: object ${event.object ?? 0} held ${plural(event.result ?? 0, "unread byte")}, capacity ${number(Number(event.value ?? 0))} bytes.`;
    default: return `${event.kind} at ${at}.`;
  }
}
