// Controls and releases on the command line: what moves too far waits for a person.
import { formatInstant } from '@ballast/domain';
import { IdempotencyStore, RiskParameterStore } from '@ballast/persistence';
import { DecideRiskParameters } from '@ballast/use-cases';
import { closes, fillFirm } from '../support/api-world';
import { runBallast } from '../support/ballast-process';
import { openProposals } from '../support/parameter-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const unknownId = '00000000-0000-4000-8000-000000000000';
const [first, second] = closes.map(formatInstant) as [string, string];

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
  const { firmId } = await fillFirm(db, 'ALPHA', 3, [closes[0]]);
  const person = (subject: string) => ({ subject, firmId, roles: ['risk'] as const });
  // From the second close on requirements are twice as high.
  const set = await openProposals(db.database).execute(person('ann'), {
    idempotencyKey: 'wider',
    methodology: 'SPAN',
    name: 'wider',
    effectiveFrom: closes[1],
    parametersText: JSON.stringify({ default: { priceScanRange: { fraction: 0.268 } } }),
  });
  await new DecideRiskParameters(new IdempotencyStore(db.database), new RiskParameterStore(db.database)).execute(
    person('bob'),
    { idempotencyKey: 'approve', parameterSetId: set.id, status: 'APPROVED' },
  );
}, 60_000);
afterAll(async () => {
  await db?.close();
});

describe('ballast controls', () => {
  it('sets limits from a date on, once per key, and shows those in force', async () => {
    const from = ['--from', '2026-11-17T00:00:00Z', '--key', 'tight'];
    const set = await answerOf<object>('controls', 'set', '--release-amount', '50', ...from);
    expect(set).toMatchObject({ releaseAmount: 50, releaseFraction: 0.25, recordedBy: 'ann' });
    expect(await answerOf('controls', 'set', '--release-amount', '50', ...from)).toEqual(set);
    expect(await answerOf('controls', 'show', '--as-of', first)).toMatchObject({ releaseAmount: 10_000 });
    const shown = await ballast('controls', 'show', '--as-of', second);
    expect(shown.stdout).toMatch(/^and above +50 USD$/m);
  }, 120_000);

  it.each([
    [['controls', 'set'], 2, 'controls set: name at least one control'],
    [['controls', 'unset'], 2, 'controls unset: expected show or set'],
    [['controls', 'set', '--release-fraction', '-1'], 3, 'controls.releaseFraction: expected a number ≥ 0, got -1'],
    [
      ['controls', 'set', '--release-amount', '60', '--from', '2026-11-17T00:00:00Z', '--key', 'tight'],
      3,
      'idempotencyKey: it was used for another request',
    ],
  ])('%j ends with %i', async (words, exitCode, message) => {
    expect(await refusalOf(...words)).toEqual([exitCode, message]);
  });
});

describe('ballast release', () => {
  let run: string;

  it('is what a run with moves beyond the limits waits for', async () => {
    const { exitCode, stdout, stderr } = await ballast('run', '--as-of', second, '--json');
    const report = JSON.parse(stdout) as { run: string; held: number };
    expect([exitCode, report.held, stderr]).toEqual([5, 2, '2 of 3 accounts are held until somebody releases them\n']);
    run = report.run;
  }, 60_000);

  it('confirms one account, then the rest, with the reason', async () => {
    const reason = ['--reason', 'wider scan range as approved', '--actor', 'ruth'];
    const one = await ballast('release', run, '--account', 'A-01', ...reason, '--json');
    expect([one.exitCode, one.stderr]).toEqual([5, '1 requirements of the run are still held\n']);
    expect(JSON.parse(one.stdout)).toMatchObject({
      confirmedBy: 'ruth',
      released: [{ account: 'A-01', quality: 'OK', currency: 'USD' }],
      stillHeld: 1,
    });
    const rest = await ballast('release', run, ...reason);
    expect([rest.exitCode, rest.stderr]).toEqual([0, '']);
    expect(rest.stdout).toMatch(/^A-0[23] +\d+\.\d\d +\d+\.\d\d +USD +[A-Z_]+ +OK/m);
    expect(await refusalOf('release', run, ...reason)).toEqual([3, 'no account of the run waits for a release']);
  }, 120_000);

  it.each([
    [['--account', 'NOPE', '--reason', 'x'], 3, 'no account has the code NOPE'],
    [['--reason', ''], 2, expect.stringContaining('--reason')],
    [[], 2, "error: required option '--reason <text>' not specified"],
  ])('with %j ends with %i', async (words, exitCode, message) => {
    expect(await refusalOf('release', run, ...words)).toEqual([exitCode, message]);
  });

  it('refuses a run that does not exist', async () => {
    expect(await refusalOf('release', unknownId, '--reason', 'x')).toEqual([3, 'no margin run has that id']);
  });
});
