// One economy: its portfolio over time on both sides, and its decision term by term.
import { Chart, downloads, shareRows, sharesSpec } from "./charts.js";
import { make } from "./controls.js";
import { ask } from "./server.js";
import { selection, SIDES, state } from "./state.js";

export class Country {
  constructor(at, sides, problem) {
    Object.assign(this, { at, sides, problem, charts: {}, asking: null });
  }

  /** Draw the chosen economy's portfolio on both sides. */
  async show() {
    this.at("country-hint").hidden = Boolean(state.country);
    this.at("decisions").replaceChildren();
    if (!state.country) return;
    this.asking?.abort();
    const control = new AbortController();
    this.asking = control;
    try {
      for (const name of SIDES) {
        const found = await ask("/api/economy", { selection: selection(name), iso3: state.country }, control.signal);
        if (control.signal.aborted) return;
        await this.draw(name, found);
      }
    } catch (error) {
      if (error.name !== "AbortError") this.problem(error.message);
    }
  }

  async draw(name, found) {
    const { about, labels } = this.sides[name];
    let chart = this.charts[name];
    if (!chart || chart.about !== about) {
      const host = make("div", { className: "chart" });
      host.setAttribute("role", "img");
      chart = new Chart(host, sharesSpec(about, 250), () => `${chart.found.iso3}-${name}`);
      chart.about = about;
      chart.label = `portfolio of scenario ${name.toUpperCase()}`;
      chart.box = make("div", {}, host, downloads(chart, () => table(chart.found)));
      this.charts[name] = chart;
      this.at("countries").replaceChildren(...SIDES.map((side) => this.charts[side]?.box).filter(Boolean));
    }
    chart.found = found;
    const last = found.level[found.level.length - 1];
    const facts = `first ${found.runs} runs · AI users in ${found.months[found.months.length - 1]}: ${(100 * last[2]).toFixed(0)} % of potential (${(100 * last[0]).toFixed(0)} to ${(100 * last[4]).toFixed(0)} %)`;
    await chart.show({ bands: shareRows(found, labels), cursor: this.sides[name].cursor() }, { caption: `${name.toUpperCase()}: ${found.name}, shares of AI use`, facts });
    await chart.say(`Portfolio of ${found.name} over time, scenario ${name.toUpperCase()}; ${facts}`);
  }

  /** The decision of the chosen segment in the chosen month, on both sides. */
  async explain() {
    if (!state.country) return this.problem("Choose an economy first.");
    const who = this.at("decision-segment").value;
    const say = this.at("explain-state");
    this.at("explain").disabled = true;
    try {
      const made = [];
      for (const name of SIDES) {
        say.textContent = `Working out the decision of scenario ${name.toUpperCase()}, a few seconds.`;
        const body = { selection: selection(name), iso3: state.country, month: this.sides[name].month(), segment: who };
        made.push(decision(name, await ask("/api/decision", body), this.sides[name].labels));
      }
      this.at("decisions").replaceChildren(...made);
      say.textContent = "";
    } catch (error) {
      say.textContent = "";
      this.problem(error.message);
    } finally {
      this.at("explain").disabled = false;
    }
    return undefined;
  }
}

function table(found) {
  return found.months.flatMap((month, q) => found.order.map((offering, k) => {
    const [p05, p25, p50, p75, p95] = found.each[q][k];
    return { month, iso3: found.iso3, offering, p05, p25, p50, p75, p95 };
  }));
}

const signed = (value) => (Math.abs(value) < 0.005 ? "0.00" : value.toFixed(2));

/** A table of the terms of attraction, best offering first, and what would change the choice. */
function decision(name, found, labels) {
  const [segment] = found.segments;
  const views = segment.offerings;
  const terms = Object.keys(views[0].terms);
  const head = make("tr", {}, make("th", { scope: "col", textContent: "log attraction, logit units" }), ...views.map((v) => make("th", { scope: "col", textContent: labels[v.name] ?? v.name })));
  const line = (title, cells) => make("tr", {}, make("th", { scope: "row", textContent: title }), ...cells.map((text) => make("td", { className: "number", textContent: text })));
  const body = terms.map((term) => line(term, views.map((v) => signed(v.terms[term]))));
  body.push(line("sum", views.map((v) => (v.feasible ? signed(v.attraction) : "not to be had"))));
  body.push(line("share of what is chosen", views.map((v) => `${(100 * v.choice_share).toFixed(1)} %`)));
  body.push(line("share of use", views.map((v) => `${(100 * v.share).toFixed(1)} %`)));
  const holder = make("div", { className: "wide", tabIndex: 0 }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)));
  holder.setAttribute("role", "region");
  holder.setAttribute("aria-label", `Decision of ${found.economy} in scenario ${name.toUpperCase()}`);
  const verdict = segment.leader === null
    ? "Nothing can be had."
    : `${labels[segment.leader]} leads${segment.runner_up ? `, ${labels[segment.runner_up]} is ${signed(segment.gap)} behind` : ""}. AI users: ${(100 * segment.adoption.level).toFixed(1)} % of the segment.`;
  const flips = (found.flips ?? []).map((text) => make("li", { textContent: text }));
  return make("div", {}, make("h3", { textContent: `${name.toUpperCase()}: ${found.economy}, ${segment.label}, ${found.month}` }), make("p", { textContent: verdict }), holder, ...(flips.length ? [make("p", { textContent: "What would flip it:" }), make("ul", {}, ...flips)] : []));
}
