import { type Instant, parseInstant } from '@ballast/domain';
import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { parsedValue } from '../option-value';
import { printJson } from '../print';
import { endEarlyOnSignal, leaveSignals, waitForEarlyEnd } from './early-end';

/** Runs the service until a signal ends it. The API is loaded only now, because it is heavy. */
async function runService(
  service: { readonly demo: boolean; readonly demoUntil?: Instant },
  json: boolean,
): Promise<void> {
  endEarlyOnSignal();
  const { serve } = await import('../../../api/src/serve');
  const quiet = json ? { print: () => undefined } : {};
  const running = await serve({ ...service, ...quiet, onSignalsMinded: leaveSignals }).catch(
    async (failure: unknown) => {
      await waitForEarlyEnd();
      throw failure;
    },
  );
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
    return runService({ demo: false }, options.json === true);
  }

  @Option({ flags: '--json', description: 'announce the address as JSON' })
  json(): boolean {
    return true;
  }
}

/** `ballast demo`: the service on three invented firms. */
@Command({ name: 'demo', description: 'As serve, after loading the demo firms into an empty database.' })
export class DemoCommand extends BallastCommand {
  override run(_words: string[], options: { json?: boolean; asOf?: Instant }): Promise<void> {
    const { asOf } = options;
    return runService({ demo: true, ...(asOf === undefined ? {} : { demoUntil: asOf }) }, options.json === true);
  }

  @Option({
    flags: '--as-of <instant>',
    description: 'the history ends at the last close up to this instant; default: now',
  })
  asOf(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--as-of'));
  }

  @Option({ flags: '--json', description: 'announce the address as JSON' })
  json(): boolean {
    return true;
  }
}
