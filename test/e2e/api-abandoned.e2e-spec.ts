import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiWorld, openApiWorld } from '../support/api-world';

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld();
}, 60_000);
afterAll(() => world?.close());

const callers = 40;
const query = 'query ($code: String!) { account(code: $code) { code name requirement { asOf status } } }';

/** Sends a whole request and leaves at once. */
async function askAndLeave(token: string): Promise<void> {
  const body = JSON.stringify({ query, variables: { code: 'A-03' } });
  const { hostname, port } = new URL(world.url);
  const socket = net.connect(Number(port), hostname);
  const head = `POST /graphql HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\n`;
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () => resolve());
  });
  socket.on('error', () => undefined);
  socket.resetAndDestroy();
}

/** Requests about an account that have been counted, by outcome. */
async function counted(): Promise<Readonly<Record<string, number>>> {
  const page = await (await fetch(`${world.url}/metrics`)).text();
  const lines = page.matchAll(
    /^ballast_request_seconds_count\{(?=.*operation="query account").*outcome="(\w+)".*\} (\d+)$/gm,
  );
  return Object.fromEntries([...lines].map(([, outcome, count]) => [outcome as string, Number(count)]));
}

const sumOf = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

describe('callers of a hot operation who leave before their answer', () => {
  it('are counted like all others', async () => {
    const token = await world.token({ roles: ['risk'] });
    for (let time = 0; time < 3; time += 1) await world.ask(query, { code: 'A-03' }, token);
    const before = sumOf(await counted());
    await Promise.all(Array.from({ length: callers }, () => askAndLeave(token)));
    let after = await counted();
    for (let look = 0; look < 100 && sumOf(after) < before + callers; look += 1) {
      await sleep(20);
      after = await counted();
    }
    expect(sumOf(after)).toBe(before + callers);
    expect(after.refused).toBeGreaterThan(0);
  });
});
