import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startService, type RunningService } from '../support/ballast-process';

const readme = readFileSync(path.resolve(__dirname, '../../README.md'), 'utf8');

/** The first fenced block of a language. */
function block(language: string): string {
  const text = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];
  if (text === undefined) throw new Error(`README has no ${language} block`);
  return text;
}

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
});
