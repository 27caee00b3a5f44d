// Calls, webhooks and maintenance on the command line.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runBallast } from '../support/ballast-process';
import { openMarginCallDesk } from '../support/margin-call-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { at } from '../support/record-samples';

let db: TestDatabase;
const unknownId = '00000000-0000-4000-8000-000000000000';
const run = (words: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  runBallast(words, { ...db.environment, USER: 'ann', HISTORY_KEEP_MONTHS: '', ...environment });
const ballast = (...words: string[]) => run(words);
async function answerOf<Answer>(words: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Answer> {
  const { exitCode, stdout, stderr } = await run([...words, '--json'], environment);
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Answer;
}
async function refusalOf(words: readonly string[], environment?: NodeJS.ProcessEnv): Promise<[number | null, string]> {
  const { exitCode, stdout, stderr } = await run(words, environment);
  expect(stdout).toBe('');
  return [exitCode, stderr.split('\n')[0] ?? ''];
}

beforeAll(async () => {
  db = await openTestDatabase();
  const desk = await openMarginCallDesk(db, 'ALPHA');
  await desk.run(at('2026-12-07T21:00:00Z'), '900');
}, 60_000);
afterAll(() => db?.close());

describe('ballast calls', () => {
  interface Call {
    readonly id: string;
    readonly account: string;
    readonly state: string;
    readonly outstanding: string;
    readonly dueAt: string;
  }

  it('lists what is called, and marks what is overdue and escalated at an instant', async () => {
    const [call] = await answerOf<Call[]>(['calls', '--open']);
    expect(call).toMatchObject({ account: 'ALPHA-1', state: 'RAISED', amount: '300.00', outstanding: '300.00' });
    const early = await answerOf(['calls', 'advance', '--at', '2026-12-07T21:00:01Z']);
    expect(early).toMatchObject({ firm: 'ALPHA', overdue: 0, escalated: 0 });
    const late = await ballast('calls', 'advance', '--at', '2026-12-09T21:00:00Z');
    expect([late.exitCode, late.stdout]).toEqual([
      0,
      expect.stringMatching(/^1 calls overdue, [01] escalated at 2026-12-09/),
    ]);
    const text = await ballast('calls', 'list');
    expect(text.stdout).toMatch(
      new RegExp(`^ALPHA-1 +(OVERDUE|ESCALATED) +300\\.00 +0\\.00 +300\\.00 +USD .*${call?.id}`, 'm'),
    );
  }, 120_000);

  it.each([
    [['calls', 'forgive'], 'unknown verb "forgive"; expected list, advance'],
    [['calls', '--at', '2026-12-09T21:00:00Z'], '--at belongs to calls advance'],
  ])('%j ends with 2', async (words, message) => {
    expect(await refusalOf(words)).toEqual([2, message]);
  });
});

describe('ballast webhooks', () => {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const open = { WEBHOOKS_ALLOW_PRIVATE: 'on' };
  let server: Server;
  let url: string;
  let status = 204;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString('utf8')));
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  afterAll(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('keeps an address, shows its secret once, tests it with a signature, and forgets it', async () => {
    const { id, secret } = await answerOf<{ id: string; secret: string }>(['webhooks', 'add', url], open);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    const listed = await ballast('webhooks', 'list');
    expect(listed.stdout).toMatch(new RegExp(`^${id} +${url} +ann `, 'm'));
    expect(listed.stdout).not.toContain(secret);

    expect(await answerOf(['webhooks', 'test', id], open)).toEqual({ id, status: 204 });
    const [{ headers, body } = { headers: {} as IncomingHttpHeaders, body: '' }] = received;
    expect(JSON.parse(body)).toMatchObject({ kind: 'test', data: {} });
    const signed = `${String(headers['ballast-timestamp'])}.${body}`;
    expect(headers['ballast-signature']).toBe(`v1=${createHmac('sha256', secret).update(signed).digest('hex')}`);

    status = 500;
    expect(await refusalOf(['webhooks', 'test', id], open)).toEqual([4, `${url}: answered 500`]);
    expect(await ballast('webhooks', 'remove', id)).toMatchObject({ exitCode: 0, stdout: `removed ${id}\n` });
    expect(await answerOf(['webhooks', 'list'])).toEqual([]);
  }, 120_000);

  it.each([
    [['webhooks'], 2, expect.stringContaining('missing required argument')],
    [['webhooks', 'ring', unknownId], 2, 'unknown verb "ring"; expected add, list, remove, test'],
    [['webhooks', 'add'], 2, 'add needs a target'],
    [['webhooks', 'add', 'http://127.0.0.1/hook'], 2, expect.stringContaining('https')],
    [['webhooks', 'remove', unknownId], 3, `no webhook ${unknownId}`],
    [['webhooks', 'test', unknownId], 3, `no webhook ${unknownId}`],
  ])('%j ends with %i', async (words, exitCode, message) => {
    expect(await refusalOf(words)).toEqual([exitCode, message]);
  });
});

describe('ballast maintain', () => {
  it('makes partitions ahead, once, and gives up nothing unless told', async () => {
    const first = await answerOf<{ partitionsMade: number; months: unknown[] }>(['maintain']);
    expect(first.months).toEqual([]);
    const again = await ballast('maintain');
    expect(again).toMatchObject({ exitCode: 0, stdout: '0 partitions made ahead; everything is kept\n' });
    expect((await ballast('maintain', '--keep-months', '9999', '--dry-run')).stdout).toBe(
      '0 partitions made ahead; 9999 whole months are kept\n',
    );
  }, 120_000);

  it.each([
    [['maintain', '--keep-months', '0'], {}, 2, expect.stringContaining('from 1 to 9999, got "0"')],
    [['maintain'], { HISTORY_KEEP_MONTHS: 'x' }, 78, expect.stringMatching(/^HISTORY_KEEP_MONTHS: .* got "x"$/)],
    [
      ['maintain', '--keep-months', '9'],
      { MIGRATION_DATABASE_URL: '' },
      78,
      expect.stringContaining('MIGRATION_DATABASE_URL'),
    ],
  ])('%j with %j ends with %i', async (words, environment, exitCode, message) => {
    expect(await refusalOf(words, environment)).toEqual([exitCode, message]);
  });
});
