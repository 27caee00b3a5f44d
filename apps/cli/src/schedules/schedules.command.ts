import { formatInstant } from '@ballast/domain';
import { PersistenceError } from '@ballast/persistence';
import { JobQueue } from '@ballast/use-cases';
import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { alignColumns, printJson, printText } from '../print';

/** `ballast schedules`: what workers do by the clock, and when they last did. */
@Command({
  name: 'schedules',
  description: 'Shows what workers do by the clock, when it was last due and what failed.',
})
export class SchedulesCommand extends BallastCommand {
  constructor(private readonly queue: JobQueue) {
    super();
  }

  override async run(_words: string[], { json }: { readonly json?: boolean }): Promise<void> {
    if (!(await this.queue.isProvided()))
      throw new PersistenceError('CONFIGURATION_INVALID', 'JOBS_DATABASE_URL: without it nothing is done by the clock');
    const states = (await this.queue.findSchedules()).map(({ knownSince, lastDue, ...rest }) => ({
      ...rest,
      knownSince: formatInstant(knownSince),
      lastDue: lastDue === null ? null : formatInstant(lastDue),
    }));
    if (json === true) return printJson(states);
    if (states.length === 0) return printText('no worker minded the clock yet\n');
    const rows = states.map(({ name, lastDue, waiting, lastError }) => [name, lastDue ?? 'never', String(waiting), lastError ?? '']); // prettier-ignore
    await printText(alignColumns([['schedule', 'last due', 'waiting', 'last error'], ...rows]));
  }

  @Option({ flags: '--json', description: 'as JSON' })
  json(): boolean {
    return true;
  }
}
