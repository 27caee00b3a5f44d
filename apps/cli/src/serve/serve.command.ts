import { Command } from 'nest-commander';
import { BallastCommand } from '../command-base';

/** Runs the service until a signal ends it. The API is loaded only now, because it is heavy. */
async function runService(demo: boolean): Promise<void> {
  const { serve } = await import('../../../api/src/serve');
  const running = await serve({ demo });
  await running.closed;
}

/** `ballast serve`: the service on the operator's data. */
@Command({
  name: 'serve',
  description: 'Runs the GraphQL service on DATABASE_URL or the embedded database of DATA_DIR.',
})
export class ServeCommand extends BallastCommand {
  override run(): Promise<void> {
    return runService(false);
  }
}

/** `ballast demo`: the service on three invented firms. */
@Command({ name: 'demo', description: 'As serve, after loading the demo firms into an empty database.' })
export class DemoCommand extends BallastCommand {
  override run(): Promise<void> {
    return runService(true);
  }
}
