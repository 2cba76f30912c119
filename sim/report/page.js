// The report's own script: unpacks the numbers, draws the charts, obeys the controls, searches.
"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const packed = read("numbers");
  const specs = read("specs");

  // Columns to rows; a column of words is a list of words and an index for each row.
  function rows(columns) {
    const names = Object.keys(columns);
    const at = names.map((name) => {
      const column = columns[name];
      return Array.isArray(column) ? (k) => column[k] : (k) => column.w[column.i[k]] ?? null;
    });
    const length = names.length ? (columns[names[0]].i ?? columns[names[0]]).length : 0;
    return Array.from({length}, (_, k) =>
      Object.fromEntries(names.map((name, c) => [name, at[c](k)])));
  }

  const unpacked = {};
  const dataOf = (name) => {
    if (name === "world") return packed.world;
    return (unpacked[name] ??= rows(packed[name]));
  };

  // Puts the data where a chart names them.
  function filled(node) {
    if (Array.isArray(node)) return node.map(filled);
    if (node === null || typeof node !== "object") return node;
    const made = {};
    for (const [key, value] of Object.entries(node)) {
      if (key === "data" && value && value.name in packed) {
        const {name, ...rest} = value;
        made.data = {...rest, values: dataOf(name)};
      } else made[key] = filled(value);
    }
    return made;
  }

  const controls = [...document.querySelectorAll("[data-signal]")];
  const valueOf = (control) =>
    control.type === "range" ? Number(control.value) : control.value;
  const state = () => Object.fromEntries(controls.map((c) => [c.dataset.signal, valueOf(c)]));

  function started(spec) {
    const now = state();
    const made = filled(spec);
    for (const param of made.params ?? []) if (param.name in now) param.value = now[param.name];
    return made;
  }

  const NARROW = 560; // pixels below which a legend has one column
  const views = [];
  async function draw(figure) {
    const spec = specs[figure.dataset.chart];
    const drawn = started(spec);
    const options = {actions: false, ast: true, renderer: "svg", tooltip: {theme: "custom"}};
    if (figure.clientWidth < NARROW) drawn.config.legend = {...drawn.config.legend, columns: 1};
    const {view} = await vegaEmbed(figure, drawn, options);
    const svg = figure.querySelector("svg");
    if (svg) svg.setAttribute("aria-hidden", "true"); // the figure itself has the name
    views.push({view, signals: new Set((spec.params ?? []).map((p) => p.name))});
    if (figure.dataset.chart === "map") view.addEventListener("click", choose);
  }

  function choose(_, item) {
    const select = document.querySelector('[data-signal="economy"]');
    const code = item && item.datum && item.datum.iso3;
    if (!select || !code || ![...select.options].some((o) => o.value === code)) return;
    select.value = code;
    tell(select);
  }

  function tell(control) {
    const name = control.dataset.signal;
    const shown = document.querySelector(`[data-shows="${name}"]`);
    if (shown) shown.textContent = control.value;
    for (const {view, signals} of views)
      if (signals.has(name)) view.signal(name, valueOf(control)).runAsync();
  }

  function search(field) {
    const table = document.getElementById(field.dataset.search);
    const body = [...table.tBodies[0].rows];
    const count = document.querySelector(`[data-counts="${field.dataset.search}"]`);
    const find = () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      for (const row of body) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        left += !row.hidden;
      }
      count.textContent = `${left} of ${body.length} rows`;
    };
    field.addEventListener("input", find);
    find();
  }

  for (const control of controls) control.addEventListener("input", () => tell(control));
  document.querySelectorAll("[data-search]").forEach(search);
  const figures = [...document.querySelectorAll("[data-chart]")];
  Promise.all(figures.map(draw)).then(() => {
    document.documentElement.dataset.ready = "true";
  });
})();
