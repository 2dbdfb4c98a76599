// Outcomes in symbol, word and class, and the order from worst to best. Never colour alone: each place that shows one
// shows its symbol or its word as well.

export interface Outcome {
  word: string;
  symbol: string;
  means: string;
}

// Worst first.
export const outcomes: Outcome[] = [
  { word: "crashed", symbol: "☠", means: "the target died with a case in flight" },
  { word: "regression", symbol: "✗", means: "a promise was broken that is expected to hold" },
  { word: "broken", symbol: "⚠", means: "the harness failed; the target was not judged" },
  { word: "fixed", symbol: "!", means: "listed as a known failure, but it holds now" },
  { word: "flaky", symbol: "~", means: "fails now and then, within its listed rate" },
  { word: "known", symbol: "≈", means: "fails as the expectation file says" },
  { word: "pass", symbol: "✓", means: "enough evidence, and every judged case holds" },
  { word: "not-evidenced", symbol: "○", means: "too little evidence to call it a pass" },
  { word: "not-applicable", symbol: "·", means: "the target lacks what this cell needs" },
];

const by_word = new Map(outcomes.map((outcome, rank) => [outcome.word, { outcome, rank }]));

export function outcome_of(word: string): Outcome {
  return by_word.get(word)?.outcome ?? { word, symbol: "?", means: "an outcome this page does not know" };
}

export function rank_of(word: string): number {
  return by_word.get(word)?.rank ?? 0;
}

export function worst(words: Iterable<string>): string {
  let found = "";
  for (const word of words) if (found === "" || rank_of(word) < rank_of(found)) found = word;
  return found === "" ? "not-evidenced" : found;
}

export const fails_gate = (word: string): boolean => ["crashed", "regression", "broken"].includes(word);
