// One side of the page: runs its scenario, draws its shares and its map.
import { Chart, downloads, mapSpec, shareRows, sharesSpec, time } from "./charts.js";
import { make } from "./controls.js";
import { messages, Refusal } from "./server.js";
import { selection, state } from "./state.js";

const percent = (value) => `${(100 * value).toFixed(1)} %`;
export { percent };

export class Side {
  /** told: what the page does with a stage, a map, a problem. */
  constructor(name, told) {
    this.name = name;
    this.told = told;
    this.flight = null;
    this.waiting = null;
  }

  /** The places of the charts, empty; they are laid out before a chart takes their width. */
  frame() {
    const upper = this.name.toUpperCase();
    this.title = make("h3", { textContent: upper });
    this.sharesHost = make("div", { className: "chart shares" });
    this.mapHost = make("div", { className: "chart" });
    for (const host of [this.sharesHost, this.mapHost]) host.setAttribute("role", "img");
    this.progress = make("span", { className: "quiet" });
    this.table = make("div", { className: "wide", tabIndex: 0 });
    this.table.setAttribute("role", "region");
    this.table.setAttribute("aria-label", `Shares of scenario ${upper} as a table`);
    this.sharesTools = make("div");
    this.mapTools = make("div");
    const numbers = make("details", {}, make("summary", { textContent: "Shares in the chosen month, as a table" }), this.table);
    this.panel = make("section", { className: "panel" }, this.title, this.sharesHost, this.sharesTools, numbers);
    this.panel.setAttribute("aria-label", `Scenario ${upper}`);
    this.mapPanel = make("div", {}, make("h3", { textContent: `Map ${upper}` }), this.mapHost, this.mapTools);
  }

  /** Make both charts for a scenario's offerings and months. */
  build(about, world) {
    const upper = this.name.toUpperCase();
    this.about = about;
    this.labels = Object.fromEntries(about.offerings.map((o) => [o.name, o.label]));
    const file = (what) => () => `${this.last?.name ?? "scenario"}-${what}-${this.name}`;
    this.shares = new Chart(this.sharesHost, sharesSpec(about, 430), file("shares"));
    this.shares.label = `shares of scenario ${upper}`;
    this.map = new Chart(this.mapHost, mapSpec(world, 250), file("map"));
    this.map.label = `map of scenario ${upper}`;
    this.map.ready.then((view) => view.addEventListener("click", (_, item) => item?.datum?.id && this.told.economy(item.datum.id)));
    const sharesTools = downloads(this.shares, () => this.shareTable());
    sharesTools.append(this.progress);
    this.sharesTools.replaceChildren(sharesTools);
    this.mapTools.replaceChildren(downloads(this.map, () => this.mapRows().map(({ colour, strength, ...row }) => row)));
  }

  /**
   * Run the scenario of this side; a newer move takes the place of an older one. While a hand drags
   * a slider, the first numbers of a move are waited for, or none would ever be drawn.
   */
  run(began = performance.now(), dragging = false) {
    const body = { selection: selection(this.name), view: state.view };
    const key = JSON.stringify(body);
    if (key === this.key && !this.failed) return;
    if (this.flight && !this.flight.drawn && dragging) {
      this.waiting = began;
      return;
    }
    this.waiting = null;
    this.flight?.control.abort();
    this.key = key;
    this.failed = false;
    this.flight = { control: new AbortController(), drawn: false, began };
    this.follow(this.flight, body);
  }

  async follow(flight, body) {
    try {
      for await (const message of messages("/api/run", body, flight.control.signal)) {
        if (this.flight !== flight) return;
        await this.take(message, flight);
      }
    } catch (error) {
      if (error.name === "AbortError" || this.flight !== flight) return;
      this.failed = true;
      this.told.problem(error instanceof Refusal ? error.message : `The page failed: ${error.message}`, this.name);
    } finally {
      if (this.flight === flight) this.flight = null;
    }
  }

  async take(message, flight) {
    if (message.kind === "error") throw new Refusal(message.message);
    if (message.kind === "progress") this.progress.textContent = `${message.done} of ${message.of} runs`;
    if (message.kind === "end") this.progress.textContent = `${this.last.live} runs`;
    if (message.kind === "map") {
      this.world = decode(message);
      this.told.map(this.name);
    }
    if (message.kind !== "stage") return;
    this.last = message;
    await this.draw();
    this.panel.dataset.runs = message.runs;
    this.panel.dataset.hash = message.hash;
    if (!flight.drawn) {
      flight.drawn = true;
      performance.measure("first-bands", { start: flight.began, end: performance.now(), detail: { side: this.name, server_ms: message.server_ms, runs: message.runs } });
      if (this.waiting !== null) this.run(this.waiting);
    }
    this.told.stage(this.name);
  }

  /** Draw the shares anew. */
  async draw() {
    if (!this.last) return;
    const { bands, name, runs, hash } = this.last;
    this.title.textContent = `${this.name.toUpperCase()}: ${name}`;
    const facts = `median, 50 % and 90 % of ${runs} runs · ${hash} · seed ${this.told.seed()} · spheres ${this.told.version()}`;
    const caption = `${this.told.viewText()} · ${name}`;
    await this.shares.show({ bands: shareRows(bands, this.labels), cursor: this.cursor() }, { caption, facts });
  }

  cursor() {
    return [{ t: time(this.month()) }];
  }

  month() {
    return this.about.months[Math.min(state.month, this.about.months.length - 1)];
  }

  /** The recorded month at or before the chosen one. */
  recorded() {
    const { months } = this.last.bands;
    const before = months.filter((month) => month <= this.month()).length;
    return Math.max(0, before - 1);
  }

  shareTable() {
    const { bands } = this.last;
    return bands.months.flatMap((month, q) => bands.order.map((offering, k) => {
      const [p05, p25, p50, p75, p95] = bands.each[q][k];
      const [c05, , c50, , c95] = bands.values[q][k];
      return { month, offering, p05, p25, p50, p75, p95, cumulative_p05: c05, cumulative_p50: c50, cumulative_p95: c95 };
    }));
  }

  /** What the chart says, in words and as a table. */
  write() {
    if (!this.last) return;
    const { bands } = this.last;
    const q = this.recorded();
    const rows = bands.order.map((name, k) => ({ label: this.labels[name], at: bands.each[q][k] }));
    const largest = rows.reduce((best, row) => (row.at[2] > best.at[2] ? row : best), rows[0]);
    this.shares.say(`Stacked shares of ${rows.length} offerings. In ${bands.months[q]} ${largest.label} has the largest, ${percent(largest.at[2])}.`);
    const body = rows.map(({ label, at }) => make("tr", {}, make("th", { scope: "row", textContent: label }), make("td", { className: "number", textContent: percent(at[2]) }), make("td", { className: "number", textContent: `${percent(at[0])} to ${percent(at[4])}` })));
    const head = make("tr", {}, ...[`Offering, ${bands.months[q]}`, "median", "90 % of runs"].map((text) => make("th", { scope: "col", textContent: text })));
    this.table.replaceChildren(make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)));
  }

  /** Rows of the map in the chosen month. */
  mapRows() {
    if (!this.world) return [];
    const { iso3, offerings, fields } = this.world;
    const t = Math.min(state.month, this.about.months.length - 1);
    const colours = Object.fromEntries(this.about.offerings.map((o) => [o.name, o.colour]));
    return iso3.map((code, c) => {
      const at = t * iso3.length + c;
      const economy = this.about.economies[code];
      if (state.field === "leader") {
        const leader = fields.leader[at];
        if (leader === 255) return { iso3: code, economy, colour: this.about.no_use, strength: 1, says: "no use" };
        const agreed = fields.agreed[at] / 250;
        return { iso3: code, economy, colour: colours[offerings[leader]], strength: 0.25 + 0.75 * Math.max(0, (agreed - 0.3) / 0.7), says: `${this.labels[offerings[leader]]}, first in ${percent(agreed)} of runs` };
      }
      const value = fields[state.field][at] / 250;
      return { iso3: code, economy, colour: shade(state.field, value, this.about), strength: 1, says: percent(value) };
    });
  }

  async drawMap() {
    if (!this.world) return;
    const text = `${this.told.fieldText()}, ${this.month()}, ${this.world.runs} runs`;
    await this.map.show({ now: this.mapRows() }, { caption: text });
    this.map.say(`World map: ${text}. The list of economies beside it gives the same numbers.`);
    await this.shares.show({ cursor: this.cursor() });
    this.write();
  }
}

/** Light to dark of a bloc's colour; five steps, as the key shows. */
export function shade(field, value, about) {
  const full = about.blocs.find((bloc) => bloc.name === field)?.colour ?? "#5b3a8c";
  const part = Math.min(1, Math.ceil(value * 5) / 5);
  const mix = [1, 3, 5].map((i) => Math.round(245 + (parseInt(full.slice(i, i + 2), 16) - 245) * part));
  return `#${mix.map((n) => n.toString(16).padStart(2, "0")).join("")}`;
}

function decode(message) {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const fields = Object.fromEntries(Object.entries(message.fields).map(([name, text]) => [name, bytes(text)]));
  return { ...message, fields };
}
