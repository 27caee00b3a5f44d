import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Instant, instantOf } from '@ballast/domain';
import { FirmControlsStore, FirmStore, WebhookStore } from '@ballast/persistence';
import {
  AdvanceMarginCalls,
  delayAfter,
  DeliverWebhooks,
  deliverySettings,
  MarginCallTermsReader,
  sendWebhook,
  signWebhook,
} from '@ballast/use-cases';
import { MarginCallClock } from '../../apps/api/src/margin-call/margin-call-clock';
import { openMarginCallDesk } from '../support/margin-call-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { at } from '../support/record-samples';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let db: TestDatabase;
let server: Server;
let url: string;
const received: Received[] = [];
/** What the receiver answers; null = nothing at all. */
let answer: number | null = 200;
/** Attempts at the address that never answers. */
const silence = { begun: 0, ended: 0 };

beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 10 });
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString('utf8')));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      if (request.url === '/silent') {
        silence.begun += 1;
        response.on('close', () => (silence.ended += 1));
      } else if (answer !== null) response.writeHead(answer).end('not read');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await db?.close();
});
beforeEach(() => {
  received.length = 0;
  answer = 200;
});

const secret = 's'.repeat(64);
const settings = { ...deliverySettings, allowPrivate: true, timeoutMs: 300, attempts: 3, firstDelayMs: 1_000 };
const monday = at('2026-12-07T21:00:00Z');
const later = (seconds: number): Instant => instantOf(Date.now() + seconds * 1_000);

async function openReceiver(code: string, address = url) {
  const desk = await openMarginCallDesk(db, code);
  const webhooks = new WebhookStore(db.database);
  const id = await webhooks.add(desk.scope, { url: address, secret, recordedBy: 'ops' });
  await desk.run(monday, '900');
  const deliveries = new DeliverWebhooks(webhooks);
  const deliver = (now: Instant) => deliveries.execute(desk.scope.firmId, () => now, settings);
  const stand = async () => {
    const [target] = await webhooks.findTargets(desk.scope);
    return `${target?.pending}/${target?.delivered}/${target?.dead}`;
  };
  return { desk, webhooks, deliveries, deliver, id, stand };
}

describe('notifications', () => {
  it('are signed, tell the call, and stop once received', async () => {
    const { deliver, stand } = await openReceiver('SIGNED');
    expect(await stand()).toBe('1/0/0');
    expect(await deliver(later(1))).toEqual({ delivered: 1, failed: 0, dead: 0 });
    const [{ headers, body }] = received as [Received];
    const message = JSON.parse(body) as { id: string; kind: string; data: { accountCode: string; marginCall: object } };
    expect(message).toMatchObject({
      kind: 'margin-call.raised',
      data: { accountCode: 'SIGNED-1', marginCall: { state: 'RAISED', amount: '300', currency: 'USD' } },
    });
    expect(headers['ballast-notification-id']).toBe(message.id);
    const stamp = Number(headers['ballast-timestamp']);
    expect(headers['ballast-signature']).toBe(`v1=${signWebhook(secret, stamp, body)}`);
    expect(await deliver(later(100_000))).toEqual({ delivered: 0, failed: 0, dead: 0 });
    expect(await stand()).toBe('0/1/0');
  });

  it('are tried again after 1 s and 2 s, with the same identifier, and given up after the third time', async () => {
    const { deliver, stand } = await openReceiver('RETRY');
    answer = 500;
    const start = later(1);
    const after = (ms: number) => deliver(instantOf(start + ms));
    expect(await after(0)).toMatchObject({ failed: 1 });
    expect(await after(999)).toMatchObject({ failed: 0 });
    expect(await after(1_000)).toMatchObject({ failed: 1 });
    expect(await after(2_999)).toMatchObject({ failed: 0 });
    expect(await after(3_000)).toMatchObject({ dead: 1 });
    expect(new Set(received.map(({ headers }) => headers['ballast-notification-id'])).size).toBe(1);
    expect([received.length, await stand()]).toEqual([3, '0/0/1']);
    expect([1, 2, 3, 30].map((attempt) => delayAfter(attempt, deliverySettings))).toEqual([
      30_000, 60_000, 120_000, 7_200_000,
    ]);
  });

  it('wait for a receiver that does not answer, and reach it when it does', async () => {
    const { deliver, stand } = await openReceiver('SILENT');
    answer = null;
    expect(await deliver(later(1))).toMatchObject({ failed: 1 });
    answer = 204;
    expect(await deliver(later(10))).toMatchObject({ delivered: 1 });
    expect(await stand()).toBe('0/1/0');
  });

  it('go out once when many deliver at a time, and again when a taker dies', async () => {
    const { desk, webhooks, deliver } = await openReceiver('TAKERS');
    const now = later(1);
    const [lost] = await webhooks.claim(desk.scope, { at: now, leaseMs: 900, limit: 5 });
    expect(lost?.attempt).toBe(1);
    await Promise.all(Array.from({ length: 8 }, () => deliver(now)));
    expect(received).toHaveLength(0);
    await Promise.all(Array.from({ length: 8 }, () => deliver(later(5))));
    expect(received).toHaveLength(1);
    // The one that was thought dead comes back too late to say anything.
    if (lost === undefined) throw new Error('nothing was taken');
    expect(await webhooks.settle(desk.scope, lost, { state: 'DEAD', status: null, error: 'late' })).toBe(false);
  });

  it('are taken, signed and put off by the time of each, not by that of the start', async () => {
    const { desk, deliveries, stand } = await openReceiver('CLOCK');
    answer = 500;
    const start = later(1);
    // Every look at the clock is a minute after the one before: taken, signed, put off.
    let looks = 0;
    const now = (): Instant => instantOf(start + 60_000 * looks++);
    expect(await deliveries.execute(desk.scope.firmId, now, settings)).toMatchObject({ failed: 1 });
    expect(Number(received[0]?.headers['ballast-timestamp'])).toBe(Math.floor((start + 60_000) / 1_000));
    const wait = (ms: number) => deliveries.execute(desk.scope.firmId, () => instantOf(start + 120_000 + ms), settings);
    expect(await wait(settings.firstDelayMs - 1)).toMatchObject({ failed: 0 });
    expect(await wait(settings.firstDelayMs)).toMatchObject({ failed: 1 });
    expect(await stand()).toBe('1/0/0');
  });

  it('end with their target, which keeps its secret to itself', async () => {
    const { desk, webhooks, deliver, id } = await openReceiver('REMOVED');
    expect(JSON.stringify(await webhooks.findTargets(desk.scope))).not.toContain(secret);
    await expect(webhooks.add(desk.scope, { url, secret, recordedBy: 'ops' })).rejects.toThrow(
      expect.objectContaining({ code: 'CONFLICT' }),
    );
    expect(await webhooks.remove(desk.scope, id, 'ops')).toBe(true);
    expect(await webhooks.remove(desk.scope, id, 'ops')).toBe(false);
    expect(await deliver(later(1))).toEqual({ delivered: 0, failed: 0, dead: 0 });
  });
});

describe('the clock of margin calls', () => {
  it('advances and delivers for other firms while the receiver of one does not answer', async () => {
    const { database } = db;
    const silent = await openReceiver('C-1', url.replace('/hook', '/silent'));
    const heard = await openReceiver('C-2');
    const terms = new MarginCallTermsReader(new FirmControlsStore(database));
    const advance = new AdvanceMarginCalls(database, silent.desk.calls, terms);
    const clock = new MarginCallClock(new FirmStore(database), advance, silent.deliveries);
    const afterDue = instantOf(Math.max(Date.now(), monday) + 100 * 3_600_000);
    clock.start({ allowPrivateWebhooks: true, periodMs: 20, now: () => afterDue });
    const stateOf = async ({ desk }: typeof heard) =>
      (await desk.calls.findPage(desk.scope, { first: 1 })).items[0]?.node.state;
    const isDone = async () => /^0\/[2-9]\/0$/.test(await heard.stand()) && silence.begun > 0;
    while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 20));
    // Not one attempt there has ended, and what happened since was delivered and advanced here.
    expect([silence.begun > 0, silence.ended]).toEqual([true, 0]);
    expect([await stateOf(silent), await stateOf(heard)]).toEqual(['ESCALATED', 'ESCALATED']);
    server.closeAllConnections();
    await clock.onModuleDestroy();
    expect(silence.ended).toBe(silence.begun);
  });
});

describe('sendWebhook', () => {
  it('does not go to private addresses, by number or by name', async () => {
    const message = { secret, id: 'a', kind: 'test', body: '{}', timestamp: 1, timeoutMs: 2_000, allowPrivate: false };
    expect(() => sendWebhook({ ...message, url })).toThrow('https');
    expect(() => sendWebhook({ ...message, url: 'https://127.0.0.1/' })).toThrow('private');
    await expect(sendWebhook({ ...message, url: 'https://localhost/' })).rejects.toThrow('private address');
    expect(received).toEqual([]);
  });
});
