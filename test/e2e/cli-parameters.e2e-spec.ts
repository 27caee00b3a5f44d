// Parameters on the command line: proposed, looked at, decided by another person.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { formatInstant } from '@ballast/domain';
import { closes, fillFirm } from '../support/api-world';
import { runBallast } from '../support/ballast-process';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const folder = mkdtempSync(path.join(tmpdir(), 'ballast-parameters-'));
const write = (name: string, content: object): string => {
  writeFileSync(path.join(folder, name), JSON.stringify(content));
  return path.join(folder, name);
};
const unknownId = '00000000-0000-4000-8000-000000000000';
const second = formatInstant(closes[1]);

let db: TestDatabase;
const ballast = (...words: string[]) => runBallast(words, { ...db.environment, USER: 'ann', HISTORY_HEAD_FILE: '' });
async function answerOf<Answer>(...words: string[]): Promise<Answer> {
  const { exitCode, stdout, stderr } = await ballast(...words, '--json');
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Answer;
}
/** Exit code and message of a refusal, which prints nothing to read further. */
async function refusalOf(...words: string[]): Promise<[number | null, string]> {
  const { exitCode, stdout, stderr } = await ballast(...words);
  expect(stdout).toBe('');
  return [exitCode, stderr.split('\n')[0] ?? ''];
}

beforeAll(async () => {
  db = await openTestDatabase();
  await fillFirm(db, 'ALPHA', 3, [closes[0]]);
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await db?.close();
});

interface ParameterSet {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly effectiveFrom: string;
  readonly proposedBy: string;
  readonly decidedBy: string | null;
}

describe('ballast parameters', () => {
  let id: string;

  it('proposes a set with its impact on every account', async () => {
    const parameters = { default: { priceScanRange: { fraction: 0.268 } } };
    const file = write('wider.json', { methodology: 'SPAN', name: 'wider', effectiveFrom: second, parameters });
    const proposed = await ballast('import', 'parameters', file);
    expect(proposed.exitCode).toBe(0);
    id = /ballast parameters impact ([0-9a-f-]{36})/.exec(proposed.stderr)?.[1] ?? '';
    const [newest] = await answerOf<ParameterSet[]>('parameters', 'list');
    expect(newest).toMatchObject({ id, status: 'PROPOSED', proposedBy: 'ann', decidedBy: null, effectiveFrom: second });
    const impact = await answerOf<{
      accountCount: number;
      accounts: { accountCode: string; maintenanceBefore: string; maintenanceAfter: string }[];
    }>('parameters', 'impact', id);
    expect([impact.accountCount, impact.accounts.map(({ accountCode }) => accountCode).sort()]).toEqual([
      3,
      ['A-01', 'A-02', 'A-03'],
    ]);
    const wider = impact.accounts.filter((row) => Number(row.maintenanceAfter) > 1.25 * Number(row.maintenanceBefore));
    expect(wider.length).toBe(2);
    const shown = await ballast('parameters', 'impact', id);
    expect(shown.stdout).toMatch(/^SPAN USD: 2 of 3 accounts change; initial \d+\.\d\d -> \d+\.\d\d/m);
  }, 120_000);

  it('is decided by another person than the one who proposed it, once', async () => {
    expect(await refusalOf('parameters', 'approve', id)).toEqual([
      3,
      'ann proposed the parameter set; another person has to decide',
    ]);
    const [approved] = await answerOf<ParameterSet[]>('parameters', 'approve', id, '--actor', 'bob');
    expect(approved).toMatchObject({ id, status: 'APPROVED', decidedBy: 'bob' });
    expect(await refusalOf('parameters', 'reject', id, '--actor', 'eve')).toEqual([
      3,
      'the parameter set was approved by bob',
    ]);
  }, 120_000);

  it.each([
    [['parameters', 'adopt', unknownId], 2, 'parameters adopt: expected list, impact, approve, reject'],
    [['parameters', 'approve'], 2, 'parameters approve: an id is needed'],
    [['parameters', 'list', unknownId], 2, 'parameters list: no id is taken'],
    [['parameters', 'approve', unknownId], 3, 'no parameter set has that id'],
    [['parameters', 'impact', unknownId], 3, `no impact report of a parameter set ${unknownId}`],
  ])('%j ends with %i', async (words, exitCode, message) => {
    expect(await refusalOf(...words)).toEqual([exitCode, message]);
  });
});
