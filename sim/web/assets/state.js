// What the page shows, as one value that the address holds.

export const SIDES = ["a", "b"];

const empty = () => ({ scenario: "baseline", policies: [], moves: {}, from: null, upload: null });

export const state = {
  a: empty(),
  b: empty(),
  side: "b",
  view: { group: "world:World", segment: "all", measure: "share" },
  month: null,
  field: "leader",
  country: null,
  who: null,
};

/** The request body that stands for one side. */
export function selection(side) {
  const { scenario, policies, moves, upload } = state[side];
  const list = Object.keys(moves).sort().map((path) => ({ path, ...moves[path] }));
  return { scenario, policies, moves: list, upload };
}

const toText = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

let writing = 0;

/** Put the state into the address, a moment after the last change. */
export function remember() {
  clearTimeout(writing);
  writing = setTimeout(() => {
    const text = toText(new TextEncoder().encode(JSON.stringify(state)));
    history.replaceState(null, "", `#${text}`);
  }, 150);
}

/** Take the state from the address; what is not understood stays as it is. */
export function recall() {
  if (location.hash.length < 2) return;
  try {
    const found = JSON.parse(new TextDecoder().decode(toBytes(location.hash.slice(1))));
    for (const key of Object.keys(state)) {
      if (typeof found[key] === typeof state[key] || state[key] === null) {
        const nested = state[key] !== null && typeof state[key] === "object";
        state[key] = nested ? { ...state[key], ...found[key] } : (found[key] ?? state[key]);
      }
    }
  } catch {
    history.replaceState(null, "", location.pathname);
  }
}
