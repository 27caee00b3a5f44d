// How long the costliest accepted queries take, and how the event loop fares while they are asked in parallel.
// node tools/build.cjs && node dist/test/bench/attack.bench.js
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { signLocalToken } from '../../apps/api/src/authentication/token';
import { fillFirm } from '../support/api-world';
import { dearestQueries } from '../support/attacks/dearest-queries';
import { openTestDatabase } from '../support/postgres';
import { describeMachine } from './machine';
import { type ServiceProcess, startServiceProcess } from './service-process';

async function ask(
  url: string,
  token: string,
  query: string,
): Promise<{ readonly ms: number; readonly outcome: string }> {
  const began = performance.now();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  const body = (await response.json()) as { errors?: { message: string; extensions: { code: string } }[] };
  const [error] = body.errors ?? [];
  const outcome = error === undefined ? 'answered' : `${error.extensions.code}: ${error.message.slice(0, 60)}`;
  return { ms: performance.now() - began, outcome };
}

async function lagOf({ url }: ServiceProcess): Promise<string> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1]) * 1_000;
  return `p99 ${value('nodejs_eventloop_lag_p99_seconds').toFixed(0)} ms, max ${value('nodejs_eventloop_lag_max_seconds').toFixed(0)} ms`;
}

/** Asks 200 heavy queries at once, and for health meanwhile. */
async function flood(
  service: ServiceProcess,
  token: string,
  { name, textOf }: { readonly name: string; readonly textOf: (index: number) => string },
): Promise<void> {
  // Begins a new window of the event-loop figures.
  await lagOf(service);
  const began = performance.now();
  const all = Promise.all(Array.from({ length: 200 }, (_, index) => ask(service.url, token, textOf(index))));
  const health: number[] = [];
  let flooding = true;
  void all.finally(() => (flooding = false));
  while (flooding) {
    const asked = performance.now();
    await (await fetch(`${service.url}/health/live`)).text();
    health.push(performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const outcomes = (await all).map(({ outcome }) => outcome);
  const answered = outcomes.filter((outcome) => outcome === 'answered').length;
  const others = [...new Set(outcomes)].filter((word) => word !== 'answered').join('; ') || 'none';
  process.stdout.write(
    `${name}: ${answered} answered in ${((performance.now() - began) / 1_000).toFixed(1)} s, others ${others}; ` +
      `event-loop lag ${await lagOf(service)}; slowest health answer ${Math.max(...health).toFixed(0)} ms\n`,
  );
}

async function main(): Promise<void> {
  const database = await openTestDatabase();
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-bench-'));
  const { firmId } = await fillFirm(database, 'BENCH', 500);
  const environment = { ...database.environment, DATA_DIR: dataDir, PORT: '0', RATE_LIMIT_PER_MINUTE: '1000000' };
  const service = await startServiceProcess(environment);
  try {
    const token = await signLocalToken(openSigningKey(dataDir), { subject: 'bench', firmId, roles: ['risk'] }, 1);
    process.stdout.write(`${describeMachine()}\n\n| query | median of 5 [ms] | outcome |\n| --- | ---: | --- |\n`);
    for (const [name, query] of Object.entries(dearestQueries)) {
      const answers = [];
      for (let turn = 0; turn < 5; turn += 1) answers.push(await ask(service.url, token, query));
      const median = answers.map(({ ms }) => ms).sort((a, b) => a - b)[2] ?? 0;
      process.stdout.write(`| ${name} | ${median.toFixed(0)} | ${answers[0]?.outcome} |\n`);
    }
    process.stdout.write(`\nevent-loop lag, one at a time: ${await lagOf(service)}\n`);
    const heavy = dearestQueries['requirement with detail of 50 accounts'] ?? '';
    await flood(service, token, { name: '200 times the same', textOf: () => heavy });
    await flood(service, token, { name: '200 texts nobody has asked', textOf: (index) => `${heavy} # ${index}` });
  } finally {
    service.process.kill('SIGTERM');
    await new Promise((resolve) => service.process.once('exit', resolve));
    await database.close();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
