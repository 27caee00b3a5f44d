// Entry of the command line: finds the command, loads it alone, runs it, turns its end into an exit code.
import './production-mode';
import 'reflect-metadata';
import { commandList, type CommandEntry } from './command-list';
import { CommandFailure, describeFailure, exitCodeOf, exitCodes } from './exit-code';

async function main(words: readonly string[]): Promise<void> {
  const [name] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return printOverview(name);
  if (name === '--version' || name === '-V') return printVersion();
  const command = commandList.find((candidate) => candidate.name === name);
  if (command === undefined) {
    throw new CommandFailure(
      exitCodes.usage,
      `unknown command ${JSON.stringify(name)}; ballast --help lists the commands`,
    );
  }
  const begun = command.begin?.(words.slice(1));
  await import('nest-commander');
  await begun;
  await runCommand(command);
}

async function runCommand(command: CommandEntry): Promise<void> {
  const [{ CommandFactory }, module] = await Promise.all([import('nest-commander'), command.load()]);
  const rethrow = (error: Error): never => {
    throw error;
  };
  process.argv[1] = 'ballast';
  await CommandFactory.run(module as Parameters<typeof CommandFactory.run>[0], {
    logger: false,
    abortOnError: false,
    errorHandler: rethrow,
    serviceErrorHandler: rethrow,
  });
}

function printOverview(name: string | undefined): void {
  const width = Math.max(...commandList.map((command) => command.name.length));
  const lines = commandList.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  const codes =
    'exit codes: 0 ok, 1 internal, 2 usage, 3 data rejected, 4 unavailable, 5 held or indeterminate, 78 configuration';
  const text = `Usage: ballast <command> [options]\n\nCommands:\n${lines.join('\n')}\n\nballast <command> --help tells its options\n${codes}\n`;
  if (name !== undefined) process.stdout.write(text);
  else process.stderr.write(text);
  process.exitCode = name === undefined ? exitCodes.usage : exitCodes.ok;
}

function printVersion(): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  process.stdout.write(`${(require('../../../../package.json') as { version: string }).version}\n`);
}

/** Whoever reads our output may stop early (`ballast price … | head`); that is no failure. */
function endOnFailedOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok);
  process.stderr.write(`standard output: ${error.message}\n`);
  process.exit(exitCodes.unavailable);
}

process.stdout.on('error', endOnFailedOutput);
process.stderr.on('error', () => process.exit(exitCodes.unavailable));
main(process.argv.slice(2)).catch((error: unknown) => {
  const text = describeFailure(error);
  if (text !== '') process.stderr.write(`${text}\n`);
  process.exitCode = exitCodeOf(error);
});
