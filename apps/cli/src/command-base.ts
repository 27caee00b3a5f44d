import type { Command } from 'commander';
import { CommandRunner } from 'nest-commander';

/** A command of `ballast`: strict about its words, and its failures end in main, never in the parser. */
export abstract class BallastCommand extends CommandRunner {
  override setCommand(command: Command): this {
    command.exitOverride();
    command.allowExcessArguments(false);
    command.showHelpAfterError(`(ballast ${command.name()} --help lists the words it knows)`);
    super.setCommand(command);
    return this;
  }
}
