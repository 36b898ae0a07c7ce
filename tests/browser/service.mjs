// The service as a child process on a database and a folder of its own.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const project = new URL('../../', import.meta.url).pathname;
const binary = process.env.LANYARD_TEST_BINARY ?? join(project, 'target/debug/lanyard');

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

export async function startService() {
  const folder = mkdtempSync(join(tmpdir(), 'lanyard-browser-'));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const environment = {
    ...process.env,
    LANYARD_CATALOGUE_DIR: join(project, 'catalogue'),
    LANYARD_DATABASE_URL: `sqlite://${folder}/lanyard.db`,
    LANYARD_PUBLIC_URL: base,
    LANYARD_LISTEN: `127.0.0.1:${port}`,
    LANYARD_LOG: 'warn',
  };
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn(binary, ['serve', '--sample'], { cwd: folder, env: environment, stdio: ['ignore', log, log] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for (let tries = 0; ; tries += 1) {
    if (child.exitCode !== null || tries > 600) throw new Error(readFileSync(join(folder, 'log'), 'utf8'));
    try {
      await fetch(`${base}/healthz`);
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const apiKey = readFileSync(join(folder, 'data/sample-api-key'), 'utf8').trim();
  const post = (path, body) =>
    fetch(`${base}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    base,
    post,
    lanyard: (...words) => spawnSync(binary, words, { cwd: folder, env: environment, encoding: 'utf8' }),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** A completion of an invented learner. */
export const completion = (reference, name) => ({
  learner: { name, identifiers: [{ type: 'email', value: `${reference}@example.org` }] },
  achievement: 'introduction-digital-data-technology',
  completedAt: '2026-05-01T15:30:00Z',
  startedOn: '2026-04-20',
  deliveryMode: 'face-to-face',
  results: [{ name: 'Final quiz', value: '92', resultType: 'Percent' }],
  evidence: [{ url: 'https://learning.example.org/portfolio/1', name: 'Portfolio', narrative: 'A service redesigned.' }],
  reference,
});
