// What one caller can take: a rate, places, time; and the list of operations of a locked-down deployment.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'graphql';
import { Client } from 'pg';
import WebSocket from 'ws';
import { type Answer, type ApiWorld, openApiWorld } from '../support/api-world';

const listed = '{ accounts { totalCount } }';
const watched = 'subscription { bufferChanged { accountId } }';
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const hash = hashOf(listed);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-bounds-'));
const codeOf = ({ errors }: Answer): string | undefined => errors[0]?.extensions.code;

let world: ApiWorld;
beforeAll(async () => {
  const file = path.join(folder, 'operations.json');
  fs.writeFileSync(file, JSON.stringify({ [hash]: listed, [hashOf(watched)]: watched }));
  world = await openApiWorld({
    PERSISTED_OPERATIONS_FILE: file,
    AD_HOC_ROLES: 'risk',
    RATE_LIMIT_PER_MINUTE: '60',
    FIRM_CONCURRENCY: '1',
    DEVELOPER_TOOLS: 'off',
  });
}, 60_000);
afterAll(async () => {
  await world?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const post = (body: object, token: string) =>
  fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });

describe('a deployment with a list of operations', () => {
  it('answers them by hash and by text, and everything else to the roles that may', async () => {
    const broker = await world.token({ roles: ['broker'] });
    const byHash = await post({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }, broker);
    expect(await byHash.json()).toMatchObject({ data: { accounts: { totalCount: 12 } } });
    expect((await world.ask(listed, {}, broker)).errors).toEqual([]);
    expect(codeOf(await world.ask('{ __typename }', {}, broker))).toBe('FORBIDDEN');
    expect((await world.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });

  it('tells nothing about its schema', async () => {
    const answer = await world.ask('{ acounts { totalCount } }');
    expect([codeOf(answer), /did you mean/i.test(answer.text)]).toEqual(['GRAPHQL_VALIDATION_FAILED', false]);
    expect(codeOf(await world.ask('{ __schema { types { name } } }'))).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await world.send({ path: '/graphiql' })).toMatchObject({ status: 404 });
  });
});

/** Begins a subscription and waits for the refusal; `query` may be anything a client could send. */
async function refusalOf(query: unknown, token: string): Promise<string | undefined> {
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const say = (message: object) => socket.send(JSON.stringify(message));
  const code = await new Promise<string | undefined>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    socket.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as { type: string; payload?: Answer['errors'] };
      if (type === 'connection_ack') {
        say({ type: 'subscribe', id: '1', payload: { query } });
        // A stream that is open says nothing until something happens.
        setTimeout(() => resolve(undefined), 1_000).unref();
      }
      if (type === 'error') resolve(payload?.[0]?.extensions.code ?? 'no code');
    });
  });
  socket.terminate();
  return code;
}

describe('a socket of a deployment with a list of operations', () => {
  it('begins the listed subscriptions, and others for the roles that may', async () => {
    const broker = await world.token({ roles: ['broker'], subject: 'watcher' });
    const risk = await world.token({ roles: ['risk'], subject: 'watcher' });
    expect(await refusalOf(watched, broker)).toBeUndefined();
    expect(await refusalOf(`${watched} `, broker)).toBe('FORBIDDEN');
    expect(await refusalOf(`${watched} `, risk)).toBeUndefined();
  });

  it('takes no syntax tree past the list', async () => {
    const risk = await world.token({ roles: ['risk'], subject: 'watcher' });
    expect(await refusalOf(parse(watched), risk)).toBe('BAD_USER_INPUT');
  });

  it('counts subscriptions that begin against the minute of the caller', async () => {
    const busy = await world.token({ roles: ['risk'], subject: 'busy' });
    for (let turn = 0; turn < 60; turn += 1) await world.ask('{ __typename }', {}, busy);
    expect(await refusalOf(watched, busy)).toBe('RATE_LIMITED');
  });
});

describe('while the record does not answer', () => {
  it('a request that waits for a place of its firm is told so in time', async () => {
    const locker = new Client({ connectionString: world.database.ownerUrl });
    await locker.connect();
    await locker.query('BEGIN; LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE');
    const answers = await Promise.all([world.ask(listed), world.ask(listed)]);
    await locker.query('ROLLBACK');
    await locker.end();
    for (const answer of answers) expect([answer.status, codeOf(answer)]).toEqual([503, 'UNAVAILABLE']);
    expect(answers.some(({ errors }) => errors[0]?.message.includes('took too long'))).toBe(true);
    expect(await world.ask(listed)).toMatchObject({ status: 200, errors: [] });
  }, 20_000);
});

describe('a caller that asks too much', () => {
  it('is told how long to wait, aliases counted one by one, while others are answered', async () => {
    const beta = await world.token({ roles: ['risk'], firm: 'beta' });
    const aliases = `{ ${Array.from({ length: 15 }, (_, n) => `a${n}: accounts { totalCount }`).join(' ')} }`;
    const statuses: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) statuses.push((await world.ask(aliases, {}, beta)).status);
    expect(statuses).toEqual([200, 200, 200, 200]);
    const refused = await post({ query: listed }, beta);
    expect([refused.status, await refused.json()]).toMatchObject([
      429,
      { data: null, errors: [{ extensions: { code: 'RATE_LIMITED' } }] },
    ]);
    const wait = Number(refused.headers.get('retry-after'));
    expect([wait >= 1, wait <= 60]).toEqual([true, true]);
    expect(await world.ask(listed)).toMatchObject({ status: 200, errors: [] });
  });

  it('pays once for each request of a text that is asked again, answered or refused', async () => {
    const caller = await world.token({ roles: ['risk'], subject: 'counted' });
    const query = 'query ($code: String!) { account(code: $code) { code } }';
    const statuses: number[] = [];
    for (let turn = 0; turn < 61; turn += 1)
      statuses.push((await world.ask(query, { code: turn % 2 === 0 ? 'A-01' : 'none' }, caller)).status);
    expect(statuses.findIndex((status) => status === 429)).toBe(60);
  });

  it('is refused in the middle of a request whose aliases go beyond the rate', async () => {
    const limited = await world.token({ roles: ['risk'] });
    const aliases = `{ ${Array.from({ length: 15 }, (_, n) => `a${n}: __typename`).join(' ')} }`;
    const answers: Answer[] = [];
    for (let turn = 0; turn < 5; turn += 1) answers.push(await world.ask(aliases, {}, limited));
    expect([answers.at(-1)?.status, codeOf(answers.at(-1) as Answer)]).toEqual([429, 'RATE_LIMITED']);
  });
});
