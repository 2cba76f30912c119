// Charts drawn by Vega-Lite: stacked shares with bands, and the map.
/* global vegaEmbed */
import { download } from "./server.js";

const INK = "#222222";
const THIN = 0.04;
const OPTIONS = {
  ast: true, // expressions are interpreted: the page's policy allows no code made from text
  actions: false,
  renderer: "canvas",
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true, theme: "spheres" },
};
const CONFIG = { font: "system-ui, sans-serif", aria: false, view: { stroke: null }, axis: { gridColor: "#dddddd", labelColor: INK, titleColor: INK, labelFontSize: 11 } };

export class Chart {
  constructor(host, spec, name) {
    this.host = host;
    this.name = name;
    this.data = [];
    this.ready = vegaEmbed(host, spec, OPTIONS).then((made) => (this.view = made.view));
  }

  /** Replace the rows of named data and signals, and draw. */
  async show(sets, signals = {}) {
    await this.ready;
    for (const [name, rows] of Object.entries(sets)) {
      this.view.data(name, rows);
    }
    for (const [name, value] of Object.entries(signals)) this.view.signal(name, value);
    await this.view.runAsync();
  }

  /** What the chart shows, in words; Vega puts its own words there when it starts. */
  async say(words) {
    await this.ready;
    this.host.setAttribute("role", "img");
    this.host.setAttribute("aria-label", words);
  }

  async save(format) {
    await this.ready;
    download(`${this.name()}.${format}`, await this.view.toImageURL(format, 2));
  }
}

export const time = (month) => new Date(`${month}-01T00:00`).getTime();

export function sharesSpec({ offerings, months }, height) {
  const date = (month) => ({ year: Number(month.slice(0, 4)), month: Number(month.slice(5)), date: 1 });
  const domain = [date(months[0]), date(months[months.length - 1])];
  const x = { field: "t", type: "temporal", title: null, scale: { domain }, axis: { format: "%Y", grid: false, tickCount: 7 } };
  const y = { type: "quantitative", title: null, scale: { domain: [0, 1], nice: false }, axis: { format: "%" } };
  const ribbon = (low, high) => ({
    mark: { type: "area", color: INK, opacity: 0.16 },
    encoding: { x, y: { ...y, field: low }, y2: { field: high }, detail: { field: "offering" } },
    transform: [{ filter: "datum.edge" }],
  });
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: "container",
    height,
    autosize: { type: "fit", contains: "padding" },
    background: "#ffffff",
    config: CONFIG,
    params: [{ name: "caption", value: " " }, { name: "facts", value: " " }],
    title: { text: { expr: "caption" }, subtitle: { expr: "facts" }, anchor: "start", fontSize: 13, subtitleFontSize: 11, subtitleColor: "#595959", limit: 460 },
    datasets: { bands: [], cursor: [] },
    layer: [
      {
        data: { name: "bands" },
        layer: [
          {
            mark: { type: "area", tooltip: true },
            encoding: {
              x,
              y: { ...y, field: "lo" },
              y2: { field: "hi" },
              color: {
                field: "offering",
                type: "nominal",
                scale: { domain: offerings.map((o) => o.label), range: offerings.map((o) => o.colour) },
                legend: { title: null, orient: "bottom", columns: 1, labelLimit: 340, symbolType: "square", rowPadding: 1 },
              },
              tooltip: [
                { field: "offering", title: "offering" },
                { field: "t", type: "temporal", format: "%Y-%m", title: "month" },
                { field: "share", format: ".1%", title: "median share" },
                { field: "low", format: ".1%", title: "5 % of runs below" },
                { field: "high", format: ".1%", title: "5 % of runs above" },
              ],
            },
          },
          ribbon("p05", "p95"),
          ribbon("p25", "p75"),
        ],
      },
      { data: { name: "cursor" }, mark: { type: "rule", color: INK, strokeDash: [4, 3] }, encoding: { x } },
    ],
  };
}

/** Rows of the stacked chart from the server's quantiles of cumulative shares. */
export function shareRows(bands, labels) {
  const rows = [];
  const times = bands.months.map(time);
  bands.order.forEach((name, k) => {
    const offering = labels[name];
    // Bands of thin layers lie on top of one another and hide what they should show.
    const thick = bands.each.some((now) => now[k][2] >= THIN);
    const edge = thick && k < bands.order.length - 1;
    for (let q = 0; q < times.length; q += 1) {
      const [p05, p25, hi, p75, p95] = bands.values[q][k];
      const [low, , share, , high] = bands.each[q][k];
      const lo = k ? bands.values[q][k - 1][2] : 0;
      rows.push({ t: times[q], offering, lo, hi, p05, p25, p75, p95, edge, share, low, high });
    }
  });
  return rows;
}

export function mapSpec(world, height) {
  const now = { lookup: "id", from: { data: { name: "now" }, key: "iso3", fields: ["colour", "strength", "economy", "says"] } };
  const fill = {
    color: { field: "colour", type: "nominal", scale: null },
    opacity: { field: "strength", type: "quantitative", scale: null },
    tooltip: [{ field: "economy", title: "economy" }, { field: "says", title: "shows" }],
  };
  const shapes = (feature) => ({ values: world, format: { type: "topojson", feature } });
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: "container",
    height,
    autosize: { type: "fit", contains: "padding" },
    background: "#ffffff",
    config: CONFIG,
    params: [{ name: "caption", value: " " }],
    title: { text: { expr: "caption" }, anchor: "start", fontSize: 12, fontWeight: "normal", limit: 460 },
    projection: { type: "equalEarth", pointRadius: 3 },
    datasets: { now: [{ iso3: "", colour: "#ffffff", strength: 1, economy: "", says: "" }] },
    layer: [
      { data: shapes("other"), mark: { type: "geoshape", fill: "#f2f2f2", stroke: "#cccccc", strokeWidth: 0.4 } },
      { data: shapes("economies"), transform: [now], mark: { type: "geoshape", stroke: "#777777", strokeWidth: 0.35, cursor: "pointer" }, encoding: fill },
      { data: shapes("small"), transform: [now], mark: { type: "geoshape", stroke: "#555555", strokeWidth: 0.5, cursor: "pointer" }, encoding: fill },
    ],
  };
}

/** Rows of a table as CSV. */
export function csv(rows) {
  if (!rows.length) return "";
  const columns = Object.keys(rows[0]);
  const cell = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value ?? ""));
  return [columns.join(","), ...rows.map((row) => columns.map((c) => cell(row[c])).join(","))].join("\n") + "\n";
}

/** Buttons that hand a chart over as picture or table. */
export function downloads(chart, rows) {
  const box = document.createElement("div");
  box.className = "downloads";
  for (const format of ["png", "svg", "csv"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = format.toUpperCase();
    button.setAttribute("aria-label", `Download ${chart.label} as ${format.toUpperCase()}`);
    button.addEventListener("click", () =>
      format === "csv" ? download(`${chart.name()}.csv`, csv(rows()), "text/csv") : chart.save(format));
    box.append(button);
  }
  return box;
}
