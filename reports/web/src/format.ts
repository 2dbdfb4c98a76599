// Numbers, times and cases as people read them.

import { exact, is_exact } from "./records";

const grouped = new Intl.NumberFormat("en-GB");

export const number = (value: number): string => grouped.format(value);

// Four characters or so: 812, 9.4k, 41k, 1.2M.
export function short(value: number): string {
  if (value < 1000) return String(value);
  for (const [unit, name] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const)
    if (value >= unit * 0.9995) {
      const scaled = value / unit;
      return `${scaled < 9.95 ? scaled.toFixed(1).replace(/\.0$/, "") : Math.round(scaled)}${name}`;
    }
  return String(value);
}

export function bytes(value: number): string {
  for (const [power, name] of [[60, "EiB"], [50, "PiB"], [40, "TiB"], [30, "GiB"], [20, "MiB"], [10, "KiB"]] as const)
    if (value >= 2 ** power && value % 2 ** power === 0) return `${value / 2 ** power} ${name}`;
  return `${number(value)} B`;
}

export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${number(count)} ${count === 1 ? one : many}`;

// JSON for people: whatever fits on a line stands on one.
export function pretty(value: unknown, indent = "", width = 96): string {
  const flat = JSON.stringify(value)?.replace(/"#int:(-?\d+)"/g, "$1");
  if (flat === undefined) return "null";
  if (is_exact(value)) return exact(value);
  if (flat.length + indent.length <= width || typeof value !== "object" || value === null) return flat;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((entry) => deeper + pretty(entry, deeper, width)).join(",\n")}\n${indent}]`;
  const fields = Object.entries(value).map(([key, entry]) => `${deeper}${JSON.stringify(key)}: ${pretty(entry, deeper, width)}`);
  return `{\n${fields.join(",\n")}\n${indent}}`;
}
