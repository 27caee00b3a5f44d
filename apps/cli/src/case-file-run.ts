// The shared course of `price` and `implied-volatility`: stream in, stream out, tell what was refused.
import { describeProblem } from '@ballast/formats';
import type { CaseFileSource, CaseFileSummary, CaseFileTarget } from '@ballast/file-use-cases';
import { exitCodes } from './exit-code';
import { streamInput } from './input-file';
import { openOutput } from './output-target';
import { startProgressBar } from './progress-bar';

/** Options of both commands. */
export interface CaseFileOptions {
  readonly in: string;
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * Runs one case file from `--in` to `--out` or standard output. Refused rows set exit code 3 and are named on stderr;
 * a refused file leaves no output file behind.
 */
export async function runCaseFile(
  options: CaseFileOptions,
  label: string,
  evaluate: (source: CaseFileSource, target: CaseFileTarget) => Promise<CaseFileSummary>,
): Promise<void> {
  const input = await streamInput(options.in);
  const output = await openOutput(options.out);
  const bar = await startProgressBar(label, input.size);
  let bytesDone = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of input.bytes) {
      bytesDone += chunk.length;
      yield chunk;
    }
  };
  try {
    const summary = await evaluate(
      { name: input.name, bytes: counted() },
      {
        format: options.json === true ? 'json' : 'csv',
        write: output.write,
        onProgress: ({ rows }) => bar.update(bytesDone, rows),
      },
    );
    await output.commit();
    bar.stop();
    report(summary);
  } catch (error) {
    bar.stop();
    output.discard();
    throw error;
  }
}

function report(summary: CaseFileSummary): void {
  const lines = [...summary.warnings.map((warning) => `warning: ${warning}`), ...summary.refusals.map(describeProblem)];
  if (summary.refused > summary.refusals.length) lines.push(`… and ${summary.refused - summary.refusals.length} more`);
  if (summary.refused > 0) {
    lines.push(`${summary.refused} of ${summary.rows} rows refused`);
    process.exitCode = exitCodes.dataRejected;
  }
  if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`);
}
