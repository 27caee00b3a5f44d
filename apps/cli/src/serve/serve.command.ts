import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { printJson } from '../print';

/** Runs the service until a signal ends it. The API is loaded only now, because it is heavy. */
async function runService(demo: boolean, json: boolean): Promise<void> {
  const { serve } = await import('../../../api/src/serve');
  const running = await serve({ demo, ...(json ? { print: () => undefined } : {}) });
  if (json) await printJson({ ready: true, url: running.url });
  await running.closed;
}

/** `ballast serve`: the service on the operator's data. */
@Command({
  name: 'serve',
  description: 'Runs the GraphQL service on DATABASE_URL or the embedded database of DATA_DIR.',
})
export class ServeCommand extends BallastCommand {
  override run(_words: string[], options: { json?: boolean }): Promise<void> {
    return runService(false, options.json === true);
  }

  @Option({ flags: '--json', description: 'announce the address as JSON' })
  json(): boolean {
    return true;
  }
}

/** `ballast demo`: the service on three invented firms. */
@Command({ name: 'demo', description: 'As serve, after loading the demo firms into an empty database.' })
export class DemoCommand extends BallastCommand {
  override run(_words: string[], options: { json?: boolean }): Promise<void> {
    return runService(true, options.json === true);
  }

  @Option({ flags: '--json', description: 'announce the address as JSON' })
  json(): boolean {
    return true;
  }
}
