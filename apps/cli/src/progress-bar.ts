// Progress on a terminal; nothing when stderr is a file or a pipe.

/** Shows how far a long command is. */
export interface ProgressBar {
  readonly update: (done: number, rows: number) => void;
  readonly stop: () => void;
}

const silent: ProgressBar = { update: () => undefined, stop: () => undefined };

/** Starts a bar over a total number of bytes; silent without a terminal or without a total. */
export async function startProgressBar(label: string, total: number | undefined): Promise<ProgressBar> {
  if (!process.stderr.isTTY || total === undefined || total === 0) return silent;
  const { Presets, SingleBar } = await import('cli-progress');
  const format = `${label} [{bar}] {percentage} % | {rows} rows | {eta_formatted} left`;
  const bar = new SingleBar(
    { format, stream: process.stderr, hideCursor: true, etaBuffer: 50 },
    Presets.shades_classic,
  );
  bar.start(total, 0, { rows: 0 });
  return {
    update: (done, rows) => bar.update(done, { rows: rows.toLocaleString('en-US') }),
    stop: () => bar.stop(),
  };
}
