// A process that runs commands of `ballast` one after the other: the start of a process costs more than most commands.
// A line of JSON in is a command, a line of JSON out is what it left behind.
import '../../apps/cli/src/production-mode';
import 'reflect-metadata';
import { createInterface } from 'node:readline';
import { CommandFactory } from 'nest-commander';
import { commandList } from '../../apps/cli/src/command-list';
import { describeFailure, exitCodeOf } from '../../apps/cli/src/exit-code';
import type { CommandResult } from './ballast-process';

/** What the parent asks for. */
export interface DrivenCommand {
  readonly words: readonly string[];
}

const answer = process.stdout.write.bind(process.stdout);

/** Takes what is written to a stream instead of writing it. */
function capture(stream: NodeJS.WriteStream): { readonly end: () => string } {
  const write = stream.write.bind(stream);
  let text = '';
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const done = rest.at(-1);
    if (typeof done === 'function') process.nextTick(done as () => void);
    return true;
  }) as typeof stream.write;
  return {
    end: () => {
      stream.write = write;
      return text;
    },
  };
}

async function runOnce({ words }: DrivenCommand): Promise<CommandResult> {
  const [out, err] = [capture(process.stdout), capture(process.stderr)];
  process.exitCode = 0;
  let failure = '';
  try {
    const command = commandList.find(({ name }) => name === words[0]);
    if (command === undefined) throw new Error(`no command ${words[0]}`);
    process.argv = [process.execPath, 'ballast', ...words];
    const rethrow = (error: Error): never => {
      throw error;
    };
    const module = (await command.load()) as Parameters<typeof CommandFactory.run>[0];
    await CommandFactory.run(module, { logger: false, abortOnError: false, errorHandler: rethrow, serviceErrorHandler: rethrow }); // prettier-ignore
  } catch (error) {
    failure = describeFailure(error);
    process.exitCode = exitCodeOf(error);
  }
  const { exitCode } = process;
  process.exitCode = 0;
  return { exitCode: Number(exitCode), stdout: out.end(), stderr: err.end() + (failure === '' ? '' : `${failure}\n`) };
}

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin }))
    answer(`${JSON.stringify(await runOnce(JSON.parse(line) as DrivenCommand))}\n`);
}

void main();
