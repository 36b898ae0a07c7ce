// `@digitalcredentials/verifier-core` behind the least HTTP server that Node has, one
// process a core: POST a credential, get its log. Tells its port on standard output.

import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { availableParallelism } from 'node:os';
import { json } from 'node:stream/consumers';
import { verifyCredential } from '@digitalcredentials/verifier-core';

if (cluster.isPrimary) {
  for (let core = 0; core < availableParallelism(); core += 1) cluster.fork();
  cluster.once('listening', (_, { port }) => console.log(port));
} else {
  const server = createServer(async (request, response) => {
    const { log } = await verifyCredential({ credential: await json(request), knownDIDRegistries: [] });
    const good = log?.some((step) => step.id === 'valid_signature' && step.valid);
    response.writeHead(good ? 200 : 500, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(log ?? []));
  });
  server.listen(0, '127.0.0.1');
}
