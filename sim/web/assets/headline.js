// The few world numbers of both sides, and their difference run by run: both share their luck.
import { make } from "./controls.js";

const NAMES = {
  "world.share.us": "US share of use",
  "world.share.cn": "Chinese share of use",
  "world.share.cn_open": "Chinese open weights, share of use",
  "world.exposure": "use that a foreign bloc could cut off",
  "world.adoption": "AI users, share of potential",
};

function quantile(sorted, part) {
  const place = (sorted.length - 1) * part;
  const low = Math.floor(place);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (place - low);
}

function summary(runs, show) {
  const sorted = runs.filter((value) => value !== null).sort((x, y) => x - y);
  if (!sorted.length) return "";
  return `${show(quantile(sorted, 0.5))} (${show(quantile(sorted, 0.05))} to ${show(quantile(sorted, 0.95))})`;
}

const share = (value) => `${(100 * value).toFixed(2)} %`;
const points = (value) => `${value >= 0 ? "+" : "−"}${Math.abs(100 * value).toFixed(2)} points`;

/** Fill the table; a difference needs runs that both sides have. */
export function showHeadline(table, month, a, b) {
  const some = a ?? b;
  if (!some) return;
  const months = [a, b].filter(Boolean).map((side) => side.headline.month);
  month.textContent = `in ${[...new Set(months)].join(" and ")}`;
  const rows = Object.keys(some.headline.runs).map((name) => {
    const left = a?.headline.runs[name] ?? [];
    const right = b?.headline.runs[name] ?? [];
    const both = left.slice(0, right.length).map((value, k) => (value === null || right[k] === null ? null : right[k] - value));
    const cells = [summary(left, share), summary(right, share), summary(both, points)];
    const row = make("tr", {}, make("th", { scope: "row", textContent: NAMES[name] ?? name }), ...cells.map((text) => make("td", { textContent: text })));
    row.dataset.outcome = name;
    return row;
  });
  table.tBodies[0].replaceChildren(...rows);
}
