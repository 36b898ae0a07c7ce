// JSON-LD to canonical N-Quads by the reference implementations, `jsonld` and
// `rdf-canonize`, behind one pipe: first a line with the contexts by their URLs,
// then a line of documents at a time, answered by a line of canonical forms.

import { createInterface } from 'node:readline';
import jsonld from 'jsonld';

let contexts;
const documentLoader = async (url) => {
  const document = contexts[url];
  if (!document) throw new Error(`unknown context: ${url}`);
  return { contextUrl: null, documentUrl: url, document };
};

async function canonical(document) {
  try {
    const nquads = await jsonld.canonize(document, {
      algorithm: 'RDFC-1.0',
      format: 'application/n-quads',
      // Refuse what would be dropped.
      safe: true,
      base: null,
      documentLoader,
      canonizeOptions: { maxWorkFactor: 3 },
    });
    return { nquads };
  } catch (error) {
    return { error: [error.name, error.message, JSON.stringify(error.details)].join(': ') };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.contexts) {
    contexts = request.contexts;
    continue;
  }
  const answers = [];
  for (const document of request.documents) answers.push(await canonical(document));
  process.stdout.write(`${JSON.stringify(answers)}\n`);
}
