// A peer behind a pipe: a JSON request a line in, a JSON answer a line out.

import { createInterface } from 'node:readline';

// Standard output is the pipe; what the peers log goes to standard error.
console.log = console.error;

// The peers would fetch schemas and registries from the open web. What is tested
// here is between them and the service on this machine; a wait for a name that
// does not resolve would be measured as theirs.
const fetchAnywhere = globalThis.fetch;
globalThis.fetch = async (resource, options) => {
  const { hostname } = new URL(resource.url ?? resource);
  if (hostname !== '127.0.0.1') throw new TypeError(`not reached out to: ${hostname}`);
  return fetchAnywhere(resource, options);
};

/** Why a peer refused, with the reasons within. */
export function reason(error) {
  if (!error) return undefined;
  const within = [...(error.errors ?? []).map((inner) => inner.message), reason(error.cause)];
  return [error.message, ...within].filter(Boolean).join('; ');
}

/** Answers each request by the function its `command` names. */
export async function serve(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { command, ...request } = JSON.parse(line);
    let answer;
    try {
      answer = { ok: await commands[command](request) };
    } catch (error) {
      answer = { error: reason(error) ?? String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
