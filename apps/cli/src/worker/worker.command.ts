import { Command } from 'nest-commander';
import { BallastCommand } from '../command-base';

/** `ballast worker`: one process that works on shards. */
@Command({
  name: 'worker',
  description:
    'Works on runs over many accounts until a signal ends it. Start as many as there are cores, on any number of machines.',
})
export class WorkerCommand extends BallastCommand {
  override async run(): Promise<void> {
    const { runWorkerProcess } = await import('../../../worker/src/run-worker-process');
    await runWorkerProcess();
  }
}
