import { parseCrontab } from 'graphile-worker';

/** What is done by the clock. */
export const scheduleNames = [
  'end-of-day',
  'intraday',
  'positions',
  'calls',
  'roll-ups',
  'maintain',
  'history-heads',
] as const;
export type ScheduleName = (typeof scheduleNames)[number];

/** When what is done by the clock is done. */
export interface ScheduleSettings {
  /** Minute, hour, day of month, month and weekday in UTC of the run over each firm; none when absent. */
  readonly endOfDay?: string;
  /** Whether each firm is evaluated whenever the cadence of its controls has passed. */
  readonly intraday: boolean;
  /** Whether accounts whose positions were stated anew are evaluated; no when absent. */
  readonly positions?: boolean;
  /** Whole months of history to keep; everything when absent. */
  readonly keepMonths?: number;
}

/** Task of the queue that works on a schedule. */
export function scheduleTask(name: ScheduleName): string {
  return `schedule:${name}`;
}

/**
 * The schedules as a crontab of graphile-worker, which puts each due job into the queue once, however many workers look at
 * the clock. `fill` is how far back a job that fell into a stop is made up for; the others are due again soon by
 * themselves. Of those that only the last one counts of, a job that waits makes way for the next.
 */
export function crontabOf({ endOfDay, intraday, positions = false }: ScheduleSettings): string {
  const line = (times: string, name: ScheduleName, options: string): string =>
    `${times} ${scheduleTask(name)} ?id=${name}&max=5${options}`;
  const latestAlone = (name: ScheduleName): string => `&jobKey=${name}&jobKeyMode=replace`;
  return [
    ...(endOfDay === undefined ? [] : [line(endOfDay, 'end-of-day', '&fill=1d')]),
    ...(intraday ? [line('* * * * *', 'intraday', latestAlone('intraday'))] : []),
    ...(positions ? [line('* * * * *', 'positions', latestAlone('positions'))] : []),
    line('* * * * *', 'calls', latestAlone('calls')),
    line('* * * * *', 'roll-ups', latestAlone('roll-ups')),
    line('15 2 * * *', 'maintain', `&fill=1d${latestAlone('maintain')}`),
    line('*/15 * * * *', 'history-heads', latestAlone('history-heads')),
  ].join('\n');
}

/** @throws Error when a text is not five fields of a crontab */
export function requireTimes(text: string): string {
  if (!/^\S+( \S+){4}$/.test(text)) throw new Error('five fields');
  parseCrontab(crontabOf({ endOfDay: text, intraday: false }));
  return text;
}
