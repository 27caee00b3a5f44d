import { formatMoney } from '@ballast/domain';
import { identifierCell } from '@ballast/formats';
import { AccountStore, FirmStore, newId, RequirementStore } from '@ballast/persistence';
import { ReleaseHeldRequirement } from '@ballast/use-cases';
import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { parsedValue, singleValue } from '../option-value';
import { alignColumns, printJson, printText } from '../print';

interface ReleaseOptions {
  readonly account?: string;
  readonly actor?: string;
  readonly reason: string;
  readonly firm?: string;
  readonly json?: boolean;
}

/** `ballast release`: confirms requirements that moved too far. */
@Command({
  name: 'release',
  arguments: '<run>',
  argsDescription: { run: 'identifier of the run whose requirements are held' },
  description: 'Confirms held requirements of a run, so that they decide status and calls. Nothing is rewritten.',
})
export class ReleaseCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly accounts: AccountStore,
    private readonly requirements: RequirementStore,
    private readonly release: ReleaseHeldRequirement,
  ) {
    super();
  }

  override async run([runId = '']: string[], options: ReleaseOptions): Promise<void> {
    const firm = await chooseFirm(this.firms, options.firm);
    const scope = { firmId: firm.id };
    const principal = { subject: options.actor ?? operatorName(), firmId: firm.id, roles: ['admin'] as const };
    const { released, stillHeld } = await this.release.execute(principal, {
      idempotencyKey: newId(),
      runId,
      accountCode: options.account,
      reason: options.reason,
    });
    const ids = new Set(released.map(({ accountId }) => accountId));
    const accounts = await this.accounts.findByIds(scope, [...ids]);
    const found = (await this.requirements.findByRun(scope, runId)).filter(({ accountId }) => ids.has(accountId));
    const rows = found.map((requirement) => ({
      account: accounts.get(requirement.accountId)?.code ?? requirement.accountId,
      initial: requirement.initialRequirement === null ? null : formatMoney(requirement.initialRequirement),
      maintenance: requirement.maintenanceRequirement === null ? null : formatMoney(requirement.maintenanceRequirement),
      currency: requirement.currency,
      status: requirement.status,
      quality: requirement.quality,
    }));
    if (options.json === true)
      await printJson({ firm: firm.code, run: runId, confirmedBy: principal.subject, released: rows, stillHeld });
    else {
      const heading = ['account', 'initial', 'maintenance', 'currency', 'status', 'quality'];
      const lines = rows.map((row) => Object.values(row).map((value) => value ?? 'none'));
      await printText(alignColumns([heading, ...lines], [1, 2]));
    }
    if (stillHeld > 0) {
      process.stderr.write(`${stillHeld} requirements of the run are still held\n`);
      process.exitCode = exitCodes.held;
    }
  }

  @Option({ flags: '--account <code>', description: 'only this account; default every held account of the run' })
  account(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--actor <name>', description: "who confirms; default the operating system's user" })
  actor(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({
    flags: '--reason <text>',
    description: 'why the move is right; kept with the confirmation',
    required: true,
  })
  reason(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--firm <code>', description: 'firm of the run; needed where several exist' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--json', description: 'as JSON' })
  json(): boolean {
    return true;
  }
}
