// Sliders made from what the scenario says of itself: any lever, any uncertainty.

const STEPS = 400;

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
export { make };

/** Seven significant digits at most, without a tail of zeros. */
export const short = (value) => String(Number(value.toPrecision(6)));

function place(quantity, value) {
  const [low, high] = quantity.slider;
  const part = quantity.log
    ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
    : (value - low) / (high - low || 1);
  return Math.round(Math.min(1, Math.max(0, part)) * STEPS);
}

function valueAt(quantity, step) {
  const [low, high] = quantity.slider;
  const part = step / STEPS;
  const value = quantity.log ? low * (high / low) ** part : low + (high - low) * part;
  return Number(value.toPrecision(4));
}

/** One control. `change(path, value | null, economies, final)` is told of every move. */
function row(quantity, move, selectors, change) {
  const id = `q-${quantity.path}`;
  const start = quantity.now;
  const value = move ? move.value : start;
  const unit = quantity.unit === "1" ? "" : quantity.unit;
  const slider = make("input", { type: "range", min: 0, max: STEPS, step: 1, id, value: place(quantity, value) });
  const field = make("input", { type: "number", step: "any", min: quantity.range[0], max: quantity.range[1], value: short(value) });
  field.setAttribute("aria-label", `${quantity.label}, as a number`);
  const describe = () => slider.setAttribute("aria-valuetext", `${field.value} ${unit}`.trim());
  const box = make("div", { className: move ? "row moved" : "row" });
  box.dataset.path = quantity.path;
  const where = economiesField(quantity, move, selectors);
  const economies = () => (where && where.value ? [where.value] : []);
  const tell = (number, final) => {
    box.classList.add("moved");
    describe();
    change(quantity.path, number, economies(), final);
  };
  slider.addEventListener("input", () => {
    const number = valueAt(quantity, Number(slider.value));
    field.value = short(number);
    tell(number, false);
  });
  slider.addEventListener("change", () => tell(Number(field.value), true));
  field.addEventListener("change", () => {
    if (field.value === "" || !field.checkValidity()) return field.reportValidity();
    slider.value = place(quantity, Number(field.value));
    return tell(Number(field.value), true);
  });
  where?.addEventListener("change", () => box.classList.contains("moved") && tell(Number(field.value), true));
  const back = make("button", { type: "button", textContent: "↺" });
  back.setAttribute("aria-label", `Undo ${quantity.label}`);
  back.addEventListener("click", () => {
    field.value = short(start);
    slider.value = place(quantity, start);
    box.classList.remove("moved");
    describe();
    change(quantity.path, null, [], true);
  });
  describe();
  const title = make("div", { className: "title" }, make("label", { htmlFor: id, textContent: quantity.label }), make("span", { className: "quiet", textContent: unit }));
  box.append(title, make("div", { className: "set" }, slider, field, back));
  if (where) box.append(where);
  box.append(help(quantity));
  return box;
}

function economiesField(quantity, move, selectors) {
  if (quantity.scope !== "economy") return null;
  const list = make("select", {}, make("option", { value: "", textContent: "in every economy" }));
  for (const { value, label } of selectors) list.append(make("option", { value, textContent: label }));
  list.value = move?.economies?.[0] ?? "";
  list.setAttribute("aria-label", `Where ${quantity.label} moves`);
  return list;
}

function help(quantity) {
  const [low, high] = quantity.range;
  const text = [
    quantity.path,
    `allowed ${short(low)} to ${short(high)}`,
    quantity.draw ? `drawn: ${quantity.draw}` : "not drawn",
    `${quantity.confidence}, ${quantity.evidence}`,
    quantity.source,
    quantity.note ?? "",
  ].filter(Boolean).join(" · ");
  return make("details", { className: "help" }, make("summary", { textContent: `${quantity.kind}, what is known` }), make("p", { textContent: text }));
}

const TITLES = { segments: "Segments", offerings: "Offerings", us: "US policy", cn: "Chinese policy" };

/** All controls of a scenario, by group; a group's rows are made when it is opened. */
export function showControls(hosts, about, moves, change) {
  const selectors = about.selectors;
  const of = (quantity) => row(quantity, moves[quantity.path], selectors, change);
  const moved = about.quantities.filter((q) => moves[q.path]);
  hosts.moved.replaceChildren(...(moved.length ? [make("h2", { textContent: "Moved" }), ...moved.map(of)] : []));
  const groups = new Map();
  for (const quantity of about.quantities) {
    if (moves[quantity.path]) continue;
    const words = quantity.path.split(".");
    const owner = words[0] === "segments" || words[0] === "offerings" ? `${words[0]}.${words[1]}` : words[0];
    const key = quantity.kind === "lever" ? `lever ${owner}` : `uncertainty ${owner}`;
    groups.set(key, [...(groups.get(key) ?? []), quantity]);
  }
  const keys = [...groups.keys()].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  hosts.groups.replaceChildren(...keys.map((key) => group(key, groups.get(key), of, key === "lever us")));
}

const rank = (key) => (key.startsWith("lever") ? 0 : key.includes("segments.") ? 2 : key.includes("offerings.") ? 3 : 1);

function group(key, quantities, of, open) {
  const [kind, owner] = key.split(" ");
  const [first, second] = owner.split(".");
  const name = second ? `${TITLES[first]}: ${second.replaceAll("_", " ")}` : (TITLES[owner] ?? owner);
  const box = make("details", { open }, make("summary", { textContent: `${name} (${kind === "lever" ? "levers" : "uncertainties"}, ${quantities.length})` }));
  const fill = () => box.childElementCount > 1 || box.append(...quantities.map(of));
  box.addEventListener("toggle", () => box.open && fill());
  if (open) fill();
  return box;
}

/** Controls whose name holds all words of a search. */
export function showFound(hosts, about, moves, change, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = about.quantities.filter((q) => {
    const text = `${q.path} ${q.label} ${q.unit} ${q.note ?? ""}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const rows = found.slice(0, 40).map((q) => row(q, moves[q.path], about.selectors, change));
  const note = make("p", { className: "quiet", textContent: `${found.length} found` });
  hosts.moved.replaceChildren();
  hosts.groups.replaceChildren(note, ...rows);
}
