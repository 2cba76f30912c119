// Starts the page and ties its parts together.
import { showControls, showFound, make } from "./controls.js";
import { Country } from "./country.js";
import { showHeadline } from "./headline.js";
import { ask, download, Refusal, silence, text } from "./server.js";
import { percent, shade, Side } from "./side.js";
import { selection, recall, remember, SIDES, state } from "./state.js";

const at = (id) => document.getElementById(id);
const page = { library: null, world: null };
const sides = {};
const hosts = { moved: at("moved"), groups: at("groups") };

const chosenText = (id) => at(id).selectedOptions[0]?.textContent ?? "";
const told = {
  seed: () => page.library.seed,
  version: () => page.library.version,
  viewText: () => `${chosenText("group")}, ${chosenText("segment")}, shares of ${chosenText("measure")}`,
  fieldText: () => chosenText("map-field"),
  stage(name) {
    clearProblem();
    sides[name].write();
    showHeadline(at("headline"), at("headline-month"), sides.a.last, sides.b.last);
    at("status").textContent = `Scenario ${name.toUpperCase()}: ${sides[name].last.runs} runs drawn.`;
  },
  map: (name) => sides[name].drawMap(),
  economy: (iso3) => choose(iso3),
  problem,
};
const country = new Country(at, sides, problem);

function problem(message, side) {
  const box = at("problem");
  box.textContent = side ? `Scenario ${side.toUpperCase()}: ${message}` : message;
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
}

function clearProblem() {
  at("problem").hidden = true;
}

silence.changed = (on) => {
  at("silence").textContent = on
    ? "No answer for five seconds. The program behind this page is busy, compiles the model (once, about a minute) or has stopped; the page goes on by itself as soon as it answers."
    : "";
  at("silence").hidden = !on;
};

/** What a chart is built for. */
const axes = ({ offerings, months }) => JSON.stringify([offerings, months]);

const aboutCache = new Map();

/** What a side's scenario says of itself, moves left out. */
async function describe(name) {
  const body = { ...selection(name), moves: [] };
  const key = JSON.stringify(body);
  if (!aboutCache.has(key)) aboutCache.set(key, await ask("/api/describe", body));
  return aboutCache.get(key);
}

/** Take up a side's scenario: charts for its offerings, controls, a first run. */
async function takeUp(name) {
  const about = await describe(name);
  const fresh = !sides[name].about || axes(sides[name].about) !== axes(about);
  if (fresh) sides[name].build(about, page.world);
  sides[name].about = about;
  state[name].from ??= about.start;
  state.month ??= about.months.length - 1;
  sides[name].run();
}

function controls() {
  const side = state[state.side];
  const { about } = sides[state.side];
  const words = at("find").value.trim();
  if (words) showFound(hosts, about, side.moves, moved, words);
  else showControls(hosts, about, side.moves, moved);
}

/** A control moved: value null takes the move back. */
function moved(path, value, economies, final) {
  const began = performance.now();
  const side = state[state.side];
  const quantity = sides[state.side].about.quantities.find((q) => q.path === path);
  if (value === null) delete side.moves[path];
  else if (quantity.kind === "lever") side.moves[path] = { value, on: side.from, economies };
  else side.moves[path] = { value };
  remember();
  sides[state.side].run(began, !final);
}

function options(id, list, value) {
  at(id).replaceChildren(...list.map(([key, label]) => make("option", { value: key, textContent: label })));
  if (value !== undefined && value !== null) at(id).value = value;
}

/** Fill every list from the scenario of the side that is being changed. */
function fill() {
  const { about } = sides[state.side];
  const side = state[state.side];
  for (const radio of document.querySelectorAll("input[name=side]")) radio.checked = radio.value === state.side;
  for (const name of SIDES) sides[name].panel?.classList.toggle("active", name === state.side);
  const own = side.upload ? [["", `uploaded: ${side.upload.name}`]] : [];
  options("scenario", [...own, ...page.library.scenarios.map((s) => [s.name, s.name])], side.upload ? "" : side.scenario);
  at("narrative").textContent = about.narrative;
  at("policies").replaceChildren(...page.library.policies.map(({ name, says }) => {
    const box = make("input", { type: "checkbox", value: name, checked: side.policies.includes(name) });
    box.addEventListener("change", () => lay(name, box.checked));
    return make("label", { className: "policy", title: says }, box, ` ${name}`);
  }));
  options("from", about.months.map((m) => [m, m]), side.from);
  options("group", about.groups.map((g) => [g, g.replace(/^world:/, "").replace(":", ": ")]), state.view.group);
  options("segment", [["all", "all users"], ...about.segments.map((s) => [s.name, s.label])], state.view.segment);
  at("measure").value = state.view.measure;
  at("map-field").value = state.field;
  at("month").max = about.months.length - 1;
  at("month").value = state.month;
  options("country", [["", "choose"], ...Object.entries(about.economies).sort((x, y) => x[1].localeCompare(y[1]))], state.country ?? "");
  options("decision-segment", about.segments.map((s) => [s.name, s.label]), state.who);
  monthText();
  key();
  controls();
}

function monthText() {
  const text = sides[state.side].about.months[state.month];
  at("month-text").textContent = text;
  at("month").setAttribute("aria-valuetext", text);
}

function key() {
  const { about } = sides[state.side];
  const items = state.field === "leader"
    ? [...about.offerings.map((o) => [o.colour, o.label]), [about.no_use, "no use"]]
    : [0.1, 0.3, 0.5, 0.7, 0.9].map((v) => [shade(state.field, v, about), `${percent(v - 0.1)} to ${percent(v + 0.1)}`]);
  at("map-key").replaceChildren(...items.map(([colour, label]) => {
    const swatch = make("i");
    swatch.style.background = colour;
    return make("span", {}, swatch, label);
  }));
}

/** Change which scenario the side starts from; on refusal everything stays as it was. */
async function change(update) {
  const name = state.side;
  const before = structuredClone(state[name]);
  Object.assign(state[name], update);
  try {
    await takeUp(name);
    clearProblem();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    state[name] = before;
    problem(error.message);
  }
  fill();
  remember();
}

function lay(name, on) {
  const policies = state[state.side].policies.filter((other) => other !== name);
  change({ policies: on ? [...policies, name].sort() : policies });
}

function choose(iso3) {
  state.country = iso3 || null;
  at("country").value = iso3;
  remember();
  country.show();
}

let timer = 0;
function play() {
  const button = at("play");
  const going = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(going));
  button.textContent = going ? "Pause" : "Play";
  clearTimeout(timer);
  if (!going) return;
  if (state.month >= Number(at("month").max)) state.month = 0;
  const step = async () => {
    if (state.month >= Number(at("month").max)) return play();
    await setMonth(state.month + 1);
    timer = setTimeout(step, 60);
    return undefined;
  };
  step();
}

async function setMonth(month) {
  state.month = month;
  at("month").value = month;
  monthText();
  remember();
  await Promise.all(SIDES.map((name) => sides[name].drawMap()));
}

function view(update) {
  state.view = { ...state.view, ...update };
  if (update.group && update.group !== "world:World") state.view = { group: update.group, segment: "all", measure: state.view.measure === "spend" ? "share" : state.view.measure };
  if (update.segment && update.segment !== "all") state.view = { group: "world:World", segment: update.segment, measure: state.view.measure === "spend" ? "share" : state.view.measure };
  if (update.measure === "spend") state.view = { group: "world:World", segment: "all", measure: "spend" };
  at("group").value = state.view.group;
  at("segment").value = state.view.segment;
  at("measure").value = state.view.measure;
  remember();
  for (const name of SIDES) sides[name].run();
}

async function save() {
  try {
    const name = sides[state.side].last?.name ?? "scenario";
    download(`${name}.yaml`, await text("/api/save", selection(state.side)), "application/yaml");
  } catch (error) {
    problem(error.message);
  }
}

async function upload(file) {
  if (!file) return;
  const content = file.size > 200000 ? null : await file.text();
  at("upload").value = "";
  if (content === null) problem(`${file.name}: larger than 200,000 bytes.`);
  else await change({ upload: { name: file.name, text: content }, moves: {}, policies: [], from: null });
}

function listen() {
  for (const radio of document.querySelectorAll("input[name=side]")) radio.addEventListener("change", () => { state.side = radio.value; remember(); fill(); });
  at("scenario").addEventListener("change", (e) => e.target.value && change({ scenario: e.target.value, upload: null }));
  at("from").addEventListener("change", (e) => {
    const side = state[state.side];
    side.from = e.target.value;
    for (const move of Object.values(side.moves)) if (move.on) move.on = side.from;
    remember();
    sides[state.side].run();
  });
  at("find").addEventListener("input", controls);
  at("reset").addEventListener("click", () => change({ moves: {} }));
  at("save").addEventListener("click", save);
  at("upload").addEventListener("change", (e) => upload(e.target.files[0]));
  at("group").addEventListener("change", (e) => view({ group: e.target.value }));
  at("segment").addEventListener("change", (e) => view({ segment: e.target.value }));
  at("measure").addEventListener("change", (e) => view({ measure: e.target.value }));
  at("map-field").addEventListener("change", (e) => { state.field = e.target.value; key(); setMonth(state.month); });
  at("month").addEventListener("input", (e) => setMonth(Number(e.target.value)));
  at("play").addEventListener("click", play);
  at("country").addEventListener("change", (e) => choose(e.target.value));
  at("decision-segment").addEventListener("change", (e) => { state.who = e.target.value; remember(); });
  at("explain").addEventListener("click", () => country.explain());
}

async function start() {
  recall();
  [page.library, page.world] = await Promise.all([ask("/api/library"), ask("/api/world")]);
  for (const name of SIDES) {
    sides[name] = new Side(name, told);
    sides[name].frame();
    at("panels").append(sides[name].panel);
    at("maps").append(sides[name].mapPanel);
  }
  try {
    for (const name of SIDES) await takeUp(name);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    problem(`${error.message} The page starts from the baseline.`);
    for (const name of SIDES) Object.assign(state[name], { scenario: "baseline", policies: [], moves: {}, upload: null, from: null });
    for (const name of SIDES) await takeUp(name);
  }
  fill();
  listen();
  if (state.country) country.show();
  document.documentElement.dataset.ready = "true";
}

start().catch((error) => problem(error instanceof Refusal ? error.message : `The page failed: ${error.message}`));
