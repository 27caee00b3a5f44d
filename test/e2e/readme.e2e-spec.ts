import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runBallast, startService, type RunningService } from '../support/ballast-process';

const readme = readFileSync(path.resolve(__dirname, '../../README.md'), 'utf8');

/** The first fenced block of a language. */
function block(language: string): string {
  const text = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];
  if (text === undefined) throw new Error(`README has no ${language} block`);
  return text;
}

interface ScenarioLoss {
  readonly group: string;
  readonly index: number;
  readonly loss: number;
}

interface Explained {
  readonly initial: { readonly amount: string };
  readonly worstScenario: ScenarioLoss;
  readonly scenarios: readonly ScenarioLoss[];
  readonly breakdown: readonly { readonly amount: { readonly amount: string } }[];
  readonly contributions: readonly { readonly instrumentId: string }[];
}

interface History {
  readonly account: { readonly earlier: Explained; readonly latest: Explained };
  readonly marginRuns: { readonly edges: readonly { readonly node: { readonly id: string } }[] };
}

const explanation = `initial { amount } worstScenario { group index loss } scenarios { group index loss }
  breakdown { amount { amount } } contributions { instrumentId }`;
const history = `query ($code: String!) {
  account(code: $code) {
    earlier: requirement(asOf: "2026-11-10T21:00:00Z") { ${explanation} }
    latest: requirement { ${explanation} }
  }
  marginRuns(first: 100) { edges { node { id } } }
}`;

describe('the example of the README', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ballast-readme-'));
  const environment = { DATA_DIR: path.join(folder, 'data'), PORT: '0' };
  const start = (): Promise<RunningService> => startService(['demo', '--as-of', '2026-11-20T21:00:00Z'], environment);
  const answerOf = async (service: RunningService): Promise<unknown> => {
    const token = await service.token({ firm: 'HARBOUR', roles: ['risk'] });
    return service.query(block('graphql'), {}, token);
  };
  let service: RunningService | undefined;

  afterAll(async () => {
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  it('answers what the README says, at the first start and again after a stop', async () => {
    service = await start();
    const expected = JSON.parse(block('json')) as unknown;
    expect(await answerOf(service)).toEqual(expected);
    await service.stop();
    service = await start();
    expect(await answerOf(service)).toEqual(expected);
    const { data } = await service.query<{ marginRuns: { totalCount: number } }>(
      '{ marginRuns { totalCount } }',
      {},
      await service.token({ firm: 'HARBOUR', roles: ['risk'] }),
    );
    expect(data.marginRuns.totalCount).toBe(90);
  }, 180_000);

  it('explains and replays runs of the past, of every firm', async () => {
    const running = service as RunningService;
    for (const [firm, code] of [
      ['HARBOUR', 'MM-001'],
      ['MERIDIAN', 'FX-003'],
      ['NORDLICHT', 'CB-002'],
    ] as const) {
      // prettier-ignore
      const token = await running.token({ firm, roles: ['risk'] });
      const { data, errors } = await running.query<History>(history, { code }, token);
      expect(errors).toBeUndefined();
      for (const requirement of [data.account.earlier, data.account.latest]) {
        const { scenarios, breakdown, contributions, worstScenario, initial } = requirement;
        expect(scenarios).toContainEqual(worstScenario);
        expect(contributions.length).toBeGreaterThan(0);
        expect(breakdown[0]?.amount.amount).toBe(initial.amount);
      }
      const runs = data.marginRuns.edges.map(({ node }) => node.id);
      expect(runs).toHaveLength(90);
      // A run long before the newest ones, of which no explanation is stored.
      const replayed = await runBallast(['replay', runs[60] as string, '--firm', firm], environment);
      expect([replayed.exitCode, replayed.stdout]).toEqual([0, expect.stringContaining('every figure equal')]);
    }
  }, 180_000);
});
