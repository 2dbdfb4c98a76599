// Faults by the verb that they struck, one mechanism at a time, and in words the calls that a fault may strike by the
// catalogue and never did.

import { number, plural } from "./format";
import { Heat, type HeatCell } from "./heat";
import { names_key, type Model } from "./model";

interface Place { fault: string; verb: string; fired: number; armed: number; possible: boolean }

// Every fault of the report by every verb of the mechanism, in the order of the catalogue; and what was struck beside it.
export function places_of(model: Model, mechanism: string): Place[] {
  const verbs = [...(model.catalogue.mechanisms.find((entry) => entry.name === mechanism)?.verbs ?? [])];
  const faults = model.catalogue.faults.filter((fault) => fault.name !== "none").map((fault) => fault.name);
  for (const key of model.struck.keys()) {
    const [of, fault = "", verb = ""] = key.split(" ");
    if (of !== mechanism) continue;
    if (!verbs.includes(verb)) verbs.push(verb);
    if (!faults.includes(fault)) faults.push(fault);
  }
  return faults.flatMap((fault) => {
    const strikes = model.catalogue.faults.find((entry) => entry.name === fault)?.verbs ?? [];
    return verbs.map((verb): Place => {
      const [fired, armed] = model.struck.get(names_key(mechanism, fault, verb)) ?? [0, 0];
      return { fault, verb, fired, armed, possible: fired + armed > 0 || strikes.includes(verb) };
    });
  });
}

export function never_struck(model: Model, places: Place[]): string[] {
  const said: string[] = [];
  for (const fault of new Set(places.map((place) => place.fault))) {
    if (model.faults[fault] !== undefined && model.faults[fault] !== "yes") continue; // told already: it cannot be provoked here
    const missed = places.filter((place) => place.fault === fault && place.possible && place.fired === 0);
    const untried = missed.filter((place) => place.armed === 0).map((place) => place.verb);
    const tried = missed.filter((place) => place.armed > 0).map((place) => `${place.verb} (${plural(place.armed, "time")})`);
    if (untried.length > 0) said.push(`${fault} never struck ${untried.join(", ")}: no case of this run tried.`);
    if (tried.length > 0) said.push(`${fault} was armed and did not fire at ${tried.join(", ")}.`);
  }
  return said;
}

export function Strikes({ model, mechanism }: { model: Model; mechanism: string }) {
  const places = places_of(model, mechanism);
  const faults = [...new Set(places.map((place) => place.fault))].filter((fault) => places.some((place) => place.fault === fault && place.possible));
  const verbs = [...new Set(places.map((place) => place.verb))].filter((verb) => places.some((place) => place.verb === verb && place.possible));
  if (verbs.length === 0) return <p class="quiet">No fault was armed in a case of {mechanism}.</p>;
  const at = (verb: string, fault: string): HeatCell => {
    const place = places.find((entry) => entry.verb === verb && entry.fault === fault);
    if (!place?.possible) return { count: 0, absent: true };
    return { count: place.fired, says: `${fault} at ${verb}: fired ${number(place.fired)} times, armed ${number(place.armed)} times` };
  };
  const empty = never_struck(model, places);
  return (
    <>
      <p class="lead">How often each fault fired at each call of {mechanism}: before it, inside it or after it. ○ never, — a call that the fault does not strike.</p>
      <Heat caption={`Faults fired by call, ${mechanism}`} corner="call" rows={verbs} columns={faults} at={at} />
      {empty.length === 0 ? <p class="quiet after">Every fault struck every call that it may strike.</p> : (
        <ul class="corners after" aria-label={`calls of ${mechanism} that were never struck`}>{empty.map((text) => <li key={text}>{text}</li>)}</ul>
      )}
    </>
  );
}
