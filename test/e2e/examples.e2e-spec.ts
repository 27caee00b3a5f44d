import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ask, BallastError } from '../../examples/typescript-client/ballast-client';
import { AccountCardDocument, PositionsAsOfDocument } from '../../examples/typescript-client/generated/operations';
import { watchList } from '../../examples/typescript-client/watch-list';
import { type ApiWorld, closes, openApiWorld } from '../support/api-world';

const root = path.resolve(__dirname, '../..');
const queryFolder = path.join(root, 'examples/queries');
const queryFiles = fs
  .readdirSync(queryFolder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.graphql'))
  .sort();
let world: ApiWorld;
let token: string;

beforeAll(async () => {
  world = await openApiWorld();
  token = await world.token({ roles: ['risk'] });
}, 60_000);
afterAll(() => world?.close());

const asOf = new Date(closes[2]).toISOString();
const variables = {
  code: 'A-01',
  asOf,
  from: new Date(closes[0]).toISOString(),
  to: asOf,
  idempotencyKey: 'examples',
  currency: 'USD',
  scenarios: ['2020-03'],
  trades: [{ instrumentId: 'XYZ-2612-110-C', quantity: '2' }],
  cash: [{ currency: 'USD', amount: '1000.00' }],
  spot: -0.1,
  input: {
    idempotencyKey: 'examples of a market',
    underlyings: [
      { underlyingId: 'XYZ', kind: 'EQUITY', currency: 'USD', price: '92.5', rate: 0.04, dividendYield: 0 },
    ],
    quotes: [
      { instrumentId: 'XYZ-2612-90-P', bid: '2.40', ask: '2.60' },
      { instrumentId: 'XYZ-2612-110-C', bid: '0.35', ask: '0.45' },
    ],
  },
};

/** The values an operation declares, of those the examples need. */
function variablesOf(text: string): object {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => text.includes(`$${name}:`)));
}

describe('the query pack', () => {
  it('serves the three users', () => {
    expect(new Set(queryFiles.map((name) => path.dirname(name)))).toEqual(
      new Set(['front-end', 'risk-manager', 'reconciliation-job']),
    );
  });

  it.each(queryFiles)('%s answers without an error', async (name) => {
    const text = fs.readFileSync(path.join(queryFolder, name), 'utf8');
    const { status, data, errors } = await world.ask(text, variablesOf(text), token);
    expect({ status, errors }).toEqual({ status: 200, errors: [] });
    const [answered] = Object.values(data as Record<string, unknown>);
    expect(answered).not.toBeNull();
    expect((answered as { userErrors?: unknown }).userErrors ?? []).toEqual([]);
  });
});

describe('the TypeScript client', () => {
  it('is generated from the committed schema and query pack; run `npm run schema:write` after a change', () => {
    const { stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'tools/write-client.cjs'), '--print'], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).toBe(fs.readFileSync(path.join(root, 'examples/typescript-client/generated/operations.ts'), 'utf8'));
  });

  it('asks with types and gives exact amounts', async () => {
    const { account } = await ask({ url: world.url, token }, AccountCardDocument, { code: 'A-01' });
    expect(account?.requirement?.initial?.amount).toMatch(/^\d+\.\d{2}$/);
    expect(account?.requirement?.status).toBe('LIQUIDATION');
  });

  it('reads pages to the end, and says the code of a refusal', async () => {
    const lines = await watchList({ url: world.url, token }, 5);
    expect(lines[0]).toMatch(/^A-01 LIQUIDATION buffer -\d+\.\d{2} USD ratio -\S+ quality OK$/);
    const whole = await watchList({ url: world.url, token }, 500);
    expect(lines).toEqual(whole);
    const foreign = ask({ url: world.url, token }, PositionsAsOfDocument, { code: 'B-01', asOf, after: null });
    await expect(foreign).rejects.toThrow(BallastError);
    await expect(foreign).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program that asks this process' server, so not synchronously. */
function run(program: string, words: readonly string[]): Promise<Run> {
  const child = spawn(program, words, { env: { ...process.env, BALLAST_TOKEN: token } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const present = (program: string) => spawnSync(program, ['--version']).status === 0;
const hasPython = present('python3');
const hasCurl = present('curl');

(hasPython ? describe : describe.skip)(`the Python example${hasPython ? '' : ' (skipped: no python3)'}`, () => {
  it('prints the same accounts as the TypeScript one', async () => {
    const { code, stdout, stderr } = await run('python3', [
      path.join(root, 'examples/python/watch_list.py'),
      world.url,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const codes = stdout
      .trim()
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split(' ')[0]);
    const expected = await watchList({ url: world.url, token });
    expect(codes).toEqual(expected.map((line) => line.split(' ')[0]));
    expect(stdout).toMatch(/shortfall.*: \d+\.\d{2}\n$/);
  });
});

(hasCurl ? describe : describe.skip)(`the curl example${hasCurl ? '' : ' (skipped: no curl)'}`, () => {
  it('prints the answer as it came', async () => {
    const { code, stdout, stderr } = await run('sh', [
      path.join(root, 'examples/curl/account-card.sh'),
      'A-01',
      world.url,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      data: { account: { code: 'A-01', requirement: { status: 'LIQUIDATION' } } },
    });
  });
});
