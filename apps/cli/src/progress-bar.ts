// Progress on a terminal; nothing when stderr is a file or a pipe.

/** Shows how far a long command is. */
export interface ProgressBar {
  /** Tells what an earlier process has done already: no part of the pace. */
  readonly begin: (done: number, rows: number) => void;
  /** @param rows  what is counted, where the bar itself goes by something else */
  readonly update: (done: number, rows: number) => void;
  readonly stop: () => void;
}

/** What is counted, and where it is shown. */
export interface ProgressDisplay {
  /** Name of what is counted; rows when absent. */
  readonly unit?: string;
  readonly stream?: NodeJS.WriteStream;
}

const silent: ProgressBar = { begin: () => undefined, update: () => undefined, stop: () => undefined };

/**
 * Starts a bar with the count, the pace since the start and the time left; silent without a terminal or without a total.
 *
 * @param total  what `done` is at the end
 */
export async function startProgressBar(
  label: string,
  total: number | undefined,
  { unit = 'rows', stream = process.stderr }: ProgressDisplay = {},
): Promise<ProgressBar> {
  if (!stream.isTTY || total === undefined || total === 0) return silent;
  const { Presets, SingleBar } = await import('cli-progress');
  const format = `${label} [{bar}] {percentage} % | {rows} ${unit} | {pace}/s | {eta_formatted} left`;
  const bar = new SingleBar({ format, stream, hideCursor: true, etaBuffer: 50 }, Presets.shades_classic);
  const startedAt = performance.now();
  let rowsBefore = 0;
  bar.start(total, 0, { rows: 0, pace: 0 });
  return {
    begin: (done, rows) => {
      rowsBefore = rows;
      // The time left is estimated from the values since the bar was started.
      bar.start(total, done, { rows: rows.toLocaleString('en-US'), pace: 0 });
    },
    update: (done, rows) => {
      const seconds = Math.max(0.001, (performance.now() - startedAt) / 1_000);
      const pace = Math.round((rows - rowsBefore) / seconds);
      bar.update(done, { rows: rows.toLocaleString('en-US'), pace: pace.toLocaleString('en-US') });
    },
    stop: () => bar.stop(),
  };
}
