import { identifierCell } from '@ballast/formats';
import { type FirmVerification, VerifyHistory } from '@ballast/use-cases';
import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { exitCodes } from '../exit-code';
import { parsedValue, singleValue } from '../option-value';
import { printJson, printText } from '../print';
import { startProgressBar } from '../progress-bar';
import { stopOnSignal } from '../stop-on-signal';

interface VerifyHistoryOptions {
  readonly firm?: string;
  readonly head?: string;
  readonly exportHead?: string;
  readonly json?: boolean;
  readonly resume?: boolean;
}

/** `ballast verify-history`: proves that history is what was written. */
@Command({
  name: 'verify-history',
  description:
    'Recomputes the hash chain over all stored history and names the first row that is not as it was written.',
})
export class VerifyHistoryCommand extends BallastCommand {
  constructor(private readonly verifyHistory: VerifyHistory) {
    super();
  }

  override async run(_words: string[], options: VerifyHistoryOptions): Promise<void> {
    const verified: FirmVerification[] = [];
    const stop = stopOnSignal('verify-history: stops after the rows at hand; a second signal ends it at once');
    const progressBar = await startProgressBar('verify', 1_000);
    const steps = this.verifyHistory.execute({
      ...(options.firm === undefined ? {} : { firmCode: options.firm }),
      ...(options.head === undefined ? {} : { headFile: options.head }),
      signal: stop.signal,
      resume: options.resume === true,
      onProgress: (_firm, { rowsDone, rowsTotal }) =>
        progressBar.update(Math.round((1_000 * rowsDone) / Math.max(1, rowsTotal)), rowsDone),
    });
    try {
      for await (const firm of steps) verified.push(firm);
    } finally {
      progressBar.stop();
    }
    const isStopped = stop.signal.aborted;
    stop.end();
    const isSound = verified.every(({ breakCount }) => breakCount === 0);
    if (options.json === true) await printJson(verified);
    else await printText(verified.map(describe).join(''));
    if (isSound && !isStopped && options.exportHead !== undefined) {
      await this.verifyHistory.exportHeads(options.exportHead, verified);
    }
    if (!isSound) process.exitCode = exitCodes.held;
    if (!isStopped) return;
    process.stderr.write('stopped: what was compared is kept; --resume goes on\n');
    process.exitCode = stop.exitCode();
  }

  @Option({
    flags: '--resume',
    description: 'go on where a verification was stopped; links are verified from the first',
  })
  resume(): boolean {
    return true;
  }

  @Option({ flags: '--firm <code>', description: 'only this firm; default: every firm' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({
    flags: '--head <file>',
    description: 'compare with the heads in this file; default: HISTORY_HEAD_FILE, or the one in DATA_DIR',
  })
  head(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({
    flags: '--export-head <file>',
    description: 'append the newest links to this file when history is sound; keep it on another machine',
  })
  exportHead(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--json', description: 'the findings as JSON' })
  json(): boolean {
    return true;
  }
}

function describe(firm: FirmVerification): string {
  const { firmCode, links, rows, headsConfirmed, head, breakCount, breaks, stopped } = firm;
  const what = `${links} links over ${rows} rows, ${headsConfirmed} heads kept outside`;
  const verdict = stopped === null ? 'sound' : 'sound as far as it was compared';
  if (breakCount === 0)
    return `${firmCode}: ${verdict}; ${what}; head ${head?.sequence ?? 0} ${head?.hash ?? 'none'}\n`;
  const lines = breaks.map(({ sequence, table, key, kind, detail }) => {
    return `  link ${sequence ?? '(none)'} ${table} ${kind}${key === null ? '' : ` ${key}`}: ${detail}\n`;
  });
  const more = breakCount > breaks.length ? `  and ${breakCount - breaks.length} more\n` : '';
  return `${firmCode}: ${breakCount} breaks; ${what}\n${lines.join('')}${more}`;
}
