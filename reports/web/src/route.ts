// Where the page is: `#/cell/pipe/order/none?filter=...&fault=...`. The hash is the only state that a link carries;
// the colour scheme is not in it, nor anywhere but in the open page.

import { computed, signal } from "@preact/signals";

const hash = signal(location.hash);
addEventListener("hashchange", () => (hash.value = location.hash));

export const route = computed(() => {
  const [path = "", query = ""] = hash.value.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
});

// What travels along from page to page.
const kept = ["filter", "fault", "target"] as const;
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
  history.replaceState(null, "", link(route.value.parts.join("/"), { [name]: value }));
  hash.value = location.hash;
}
