import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { threadCount } from './thread-count';

/** `ballast worker`: one process that works on shards. */
@Command({
  name: 'worker',
  description:
    'Works on runs over many accounts until a signal ends it, on all cores. Start one per machine, on any number of machines.',
})
export class WorkerCommand extends BallastCommand {
  override async run(_words: string[], options: { readonly threads?: number }): Promise<void> {
    const { runWorkerProcess } = await import('../../../worker/src/run-worker-process');
    await runWorkerProcess(options.threads === undefined ? {} : { threads: options.threads });
  }

  @Option({ flags: '--threads <count>', description: 'threads that compute; default: WORKER_THREADS, else the cores' })
  threads(value: string, previous: unknown): number {
    return threadCount(value, previous);
  }
}
