// The console's filter: words that all must match; `key:glob`; `!` negates; a bare word is a glob on the cell id, and
// one without a wildcard may stand anywhere in it. No parentheses, no "or".

export type Subject = Partial<Record<"mechanism" | "property" | "fault" | "clause" | "finding" | "outcome" | "cell", string[]>>;

const keys = ["mechanism", "property", "fault", "clause", "finding", "outcome"] as const;
type Key = (typeof keys)[number];

interface Word {
  key: Key | "cell";
  negated: boolean;
  pattern: RegExp;
}

function pattern_of(glob: string, anywhere: boolean): RegExp {
  const body = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(anywhere ? body : `^${body}$`, "i");
}

export function parse_filter(text: string): { words: Word[]; unknown: string[] } {
  const words: Word[] = [];
  const unknown: string[] = [];
  for (const raw of text.split(/\s+/)) {
    if (raw === "" || raw === "!") continue;
    const negated = raw.startsWith("!");
    const word = negated ? raw.slice(1) : raw;
    const colon = word.indexOf(":");
    if (colon < 0) {
      words.push({ key: "cell", negated, pattern: pattern_of(word, !/[*?]/.test(word)) });
      continue;
    }
    const key = word.slice(0, colon);
    if ((keys as readonly string[]).includes(key))
      words.push({ key: key as Key, negated, pattern: pattern_of(word.slice(colon + 1), false) });
    else unknown.push(key);
  }
  return { words, unknown };
}

// A word about a key that the subject does not have says nothing about it and lets it through.
export function matches(words: Word[], subject: Subject): boolean {
  return words.every((word) => {
    const values = subject[word.key];
    if (values === undefined) return true;
    return values.some((value) => word.pattern.test(value)) !== word.negated;
  });
}
