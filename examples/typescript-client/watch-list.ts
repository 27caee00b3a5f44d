import { ask, type BallastConnection, everyPage } from './ballast-client';
import { NearestToTroubleDocument, type NearestToTroubleQuery } from './generated/operations';

type Row = NearestToTroubleQuery['accounts']['edges'][number]['node'];

/** Every account of the firm that is not HEALTHY, the one nearest to trouble first, a line each. */
export async function watchList(connection: BallastConnection, pageSize = 50): Promise<string[]> {
  const rows = everyPage<Row>(async (after) => {
    const { accounts } = await ask(connection, NearestToTroubleDocument, { first: pageSize, after });
    return { rows: accounts.edges.map(({ node }) => node), pageInfo: accounts.pageInfo };
  });
  const lines: string[] = [];
  for await (const { code, requirement } of rows) {
    if (!requirement || requirement.status === 'HEALTHY') continue;
    const { buffer, equity, status, quality, bufferRatio } = requirement;
    const amount = buffer ? `${buffer.amount} ${equity?.currency ?? ''}`.trim() : 'unknown';
    lines.push(`${code} ${status} buffer ${amount} ratio ${bufferRatio ?? '-'} quality ${quality}`);
  }
  return lines;
}

if (require.main === module) {
  const [, , url = 'http://127.0.0.1:4000', token = process.env['BALLAST_TOKEN'] ?? ''] = process.argv;
  watchList({ url, token }).then(
    (lines) => process.stdout.write(`${lines.join('\n')}\n`),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
