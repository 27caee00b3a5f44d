import { EmbeddedPostgres, findPostgresBinaries, findServerUser } from '@ballast/persistence';

/**
 * A process that uses the embedded server, driven by lines on its standard input: started with a data directory (and
 * optionally `binaries FOLDER` to find programs from there), it reports one JSON line, and leaves on `release`.
 */
async function main([dataDir, mode, folder]: readonly string[]): Promise<void> {
  if (mode === 'binaries') {
    report({ binaries: findPostgresBinaries({ user: findServerUser(), searchFrom: folder as string }) });
    return;
  }
  const server = await EmbeddedPostgres.acquire({
    dataDir: dataDir as string,
    settings: { fsync: 'off' },
    durable: false,
  });
  report({ started: server.started, appUrl: server.appUrl, uid: process.getuid?.() });
  process.stdin.once('data', () => {
    void server.release().then((stopped) => {
      report({ stopped });
      process.exit(0);
    });
  });
}

function report(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

main(process.argv.slice(3)).catch((failure: unknown) => {
  report({ failure: (failure as Error).message });
  process.exitCode = 1;
});
