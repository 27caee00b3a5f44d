// How an analysis of a portfolio file ends: text or JSON on standard output, reasons on standard error, exit code.
import type { FileAnswer } from '@ballast/file-use-cases';
import { decodeText } from '@ballast/formats';
import { CommandFailure } from '../exit-code';
import { readInput } from '../input-file';
import { printJson, printText } from '../print';

/** Options that every analysis has. */
export interface AnalysisOptions {
  readonly portfolio: string;
  readonly json?: boolean;
}

/** Reads a text file; `-` is standard input. */
export async function readTextFile(path: string): Promise<{ readonly text: string; readonly fileName: string }> {
  const source = await readInput(path);
  return { text: decodeText(source.bytes, source.name).text, fileName: source.name };
}

/** Prints the answer, or throws the refusal as the failure of the command. */
export async function printAnswer<Output>(
  fileName: string,
  result: FileAnswer<Output>,
  options: { readonly json?: boolean; readonly format: (output: Output) => string },
): Promise<void> {
  if (result.status === 'rejected') throw new CommandFailure(result.exitCode, result.message);
  if (options.json === true) await printJson(result.output);
  else await printText(options.format(result.output));
  if (result.status === 'indeterminate')
    process.stderr.write(`${fileName}: indeterminate: the portfolio cannot be valued\n`);
  process.exitCode = result.exitCode;
}
