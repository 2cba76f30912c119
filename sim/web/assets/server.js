// Talks to the machine this page comes from, and to no other.

export class Refusal extends Error {}

const PATIENCE_MS = 5000;
const silent = new Set();

/** What the page does when an answer is waited for too long (true), and when none is (false). */
export const silence = { changed: () => {} };

/** Wait for an answer; one that does not come for five seconds is told of. */
async function patiently(promise) {
  const mark = {};
  const timer = setTimeout(() => {
    silent.add(mark);
    silence.changed(true);
  }, PATIENCE_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    if (silent.delete(mark) && !silent.size) silence.changed(false);
  }
}

async function send(address, body, signal) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  let answer;
  try {
    answer = await patiently(fetch(address, { ...options, signal }));
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal("The program behind this page has ended. Start spheres serve again.");
  }
  if (!answer.ok) {
    const said = await answer.json().catch(() => ({}));
    throw new Refusal(said.message ?? `refused (${answer.status})`);
  }
  return answer;
}

export async function ask(address, body, signal) {
  return patiently((await send(address, body, signal)).json());
}

export async function text(address, body) {
  return patiently((await send(address, body)).text());
}

/** Messages of a run, one at a time, as they come. */
export async function* messages(address, body, signal) {
  const reader = (await send(address, body, signal)).body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await patiently(reader.read());
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

/** Hand a text or an image to the person as a file. */
export function download(name, content, type) {
  const link = document.createElement("a");
  const address = type ? URL.createObjectURL(new Blob([content], { type })) : content;
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  if (type) setTimeout(() => URL.revokeObjectURL(address), 1000);
}
