// Where the page is: `#/cell/pipe/order/none?filter=...&fault=...`. The hash is the only state that a link carries;
// the colour scheme is not in it, nor anywhere but in the open page.

import { computed, signal } from "@preact/signals";

const hash = signal(location.hash);

// How many pages of this report lie before the open one: the browser does not tell whether its own "back" would leave
// the report, and its history keeps this number with each page.
const depth_told = (): number | undefined => (history.state as { depth?: number } | null)?.depth;
let depth = depth_told() ?? 0;
history.replaceState({ depth }, "");
let left = ""; // by back(): the address of the page that was open

addEventListener("hashchange", () => {
  const told = depth_told();
  if (told === undefined) history.replaceState({ depth: depth + 1 }, "");
  depth = told ?? depth + 1;
  hash.value = location.hash;
});

// To the page from which this one was opened; from the first one, to the overview.
export function back(): void {
  left = location.hash;
  // A page that was opened just now, whose hashchange is still to come, has no number yet.
  if ((depth_told() ?? depth + 1) > 0) history.back();
  else if (can_go_back()) location.hash = link("");
}
export const can_go_back = (): boolean => depth > 0 || route.value.parts.length > 0;

// Where the reader stood before the page that back() left: the link to it. Asked once that page is gone.
export function came_from(): HTMLElement | undefined {
  if (location.hash === left) return undefined;
  const address = left;
  left = "";
  return address === "" ? undefined : [...document.querySelectorAll<HTMLElement>("main a[href]")].find((each) => each.getAttribute("href") === address);
}

export const route = computed(() => {
  const [path = "", query = ""] = hash.value.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
});

// What travels along from page to page.
const kept = ["filter", "fault", "target", "mechanism"] as const;
export type Kept = (typeof kept)[number];

export function parameter(name: Kept): string {
  return route.value.query.get(name) ?? "";
}

function written(path: string, query: URLSearchParams): string {
  const text = query.toString().replace(/%3A/g, ":").replace(/%2F/g, "/").replace(/%21/g, "!");
  return `#/${path}${text === "" ? "" : `?${text}`}`;
}

// A link to a page: slashes inside an id stay slashes. `change` sets or, with "", removes a parameter.
export function link(path: string, change: Partial<Record<Kept, string>> = {}): string {
  const query = new URLSearchParams();
  for (const name of kept) {
    const value = change[name] ?? parameter(name);
    if (value !== "") query.set(name, value);
  }
  return written(path.split("/").map(encodeURIComponent).join("/"), query);
}

// Sets a parameter of the page that is open, without a new step in the browser's history.
export function set_parameter(name: Kept, value: string): void {
  history.replaceState(history.state, "", link(route.value.parts.join("/"), { [name]: value }));
  hash.value = location.hash;
}
