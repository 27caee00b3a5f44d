import { formatInstant } from '@ballast/domain';
import { identifierCell } from '@ballast/formats';
import {
  FirmStore,
  newId,
  ParameterImpactStore,
  type RiskParameterSet,
  RiskParameterStore,
} from '@ballast/persistence';
import { DecideRiskParameters } from '@ballast/use-cases';
import { Command, Help, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { parsedValue } from '../option-value';
import { alignColumns, printJson, printText } from '../print';
import { impactHeading, impactLine, impactRecord } from './impact-text';

interface ParameterOptions {
  readonly firm?: string;
  readonly actor?: string;
  readonly json?: boolean;
}

const verbs = ['list', 'impact', 'approve', 'reject'] as const;
const rowsPerPage = 1_000;

/** `ballast parameters`: looks at proposed parameter sets and decides on them. */
@Command({
  name: 'parameters',
  arguments: '<verb> [id]',
  argsDescription: { verb: verbs.join(' | '), id: 'identifier of the parameter set' },
  description: 'Shows parameter sets and their impact, and approves or rejects what another person proposed.',
})
export class ParametersCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly sets: RiskParameterStore,
    private readonly impacts: ParameterImpactStore,
    private readonly decide: DecideRiskParameters,
  ) {
    super();
  }

  override async run([verb = '', id]: string[], options: ParameterOptions): Promise<void> {
    const known = verbs.find((word) => word === verb);
    if (known === undefined)
      throw new CommandFailure(exitCodes.usage, `parameters ${verb}: expected ${verbs.join(', ')}`);
    if ((id === undefined) !== (known === 'list'))
      throw new CommandFailure(
        exitCodes.usage,
        `parameters ${known}: ${id === undefined ? 'an id is needed' : 'no id is taken'}`,
      );
    const { id: firmId } = await chooseFirm(this.firms, options.firm);
    if (id === undefined) return this.list(firmId, options);
    if (known === 'impact') return this.impact(firmId, id, options);
    const status = known === 'approve' ? 'APPROVED' : 'REJECTED';
    const principal = { subject: options.actor ?? operatorName(), firmId, roles: ['admin'] as const };
    const set = await this.decide.execute(principal, { idempotencyKey: newId(), parameterSetId: id, status });
    await this.printSets([set], options);
  }

  private async list(firmId: string, options: ParameterOptions): Promise<void> {
    await this.printSets(await this.sets.findAll({ firmId }), options);
  }

  private async impact(firmId: string, id: string, { json }: ParameterOptions): Promise<void> {
    const impact = (await this.impacts.findByIds({ firmId }, [id])).get(id);
    if (impact === undefined)
      throw new CommandFailure(exitCodes.dataRejected, `no impact report of a parameter set ${id}`);
    const records: unknown[] = [];
    const lines: (readonly string[])[] = [];
    let after: string | undefined;
    do {
      const page = await this.impacts.findPage({ firmId }, { parameterSetId: id, first: rowsPerPage, after });
      for (const { node } of page.items) {
        if (json === true) records.push(impactRecord(node));
        else lines.push(impactLine(node));
      }
      after = page.hasNextPage ? page.items.at(-1)?.cursor : undefined;
    } while (after !== undefined);
    if (json === true) return printJson({ ...impact, accounts: records });
    const head = [
      `parameter set ${id}: ${impact.accountCount} accounts on the market of ${impact.asOf === null ? 'no instant' : formatInstant(impact.asOf)}`,
      ...impact.totals.map(
        (total) =>
          `${total.methodology} ${total.currency}: ${total.changedCount} of ${total.accountCount} accounts change; ` +
          `initial ${total.initialBefore} -> ${total.initialAfter}, maintenance ${total.maintenanceBefore} -> ${total.maintenanceAfter}`,
      ),
    ];
    await printText(`${head.join('\n')}\n\n${alignColumns([impactHeading, ...lines], [2, 3, 4, 5, 6, 7])}`);
  }

  private async printSets(sets: readonly RiskParameterSet[], { json }: ParameterOptions): Promise<void> {
    const records = sets.map((set) => ({
      id: set.id,
      methodology: set.methodology,
      version: set.version,
      status: set.status,
      effectiveFrom: formatInstant(set.effectiveFrom),
      proposedBy: set.proposedBy,
      decidedBy: set.decidedBy,
      name: set.name,
      hash: set.hash,
    }));
    if (json === true) return printJson(records);
    const heading = ['id', 'methodology', 'version', 'status', 'effective from', 'proposed by', 'decided by', 'name'];
    const rows = records.map(({ hash: _, ...shown }) => Object.values(shown).map((value) => String(value ?? '-')));
    await printText(alignColumns([heading, ...rows], [2]));
  }

  @Option({ flags: '--firm <code>', description: 'firm of the set; needed where several exist' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--actor <name>', description: "who decides; default the operating system's user" })
  actor(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--json', description: 'as JSON' })
  json(): boolean {
    return true;
  }

  @Help('after')
  explain(): string {
    return `
  parameters list
  parameters impact ID
  parameters approve ID --actor NAME      by another person than the one who proposed it
  parameters reject ID --actor NAME
ballast import parameters FILE proposes a set.`;
  }
}
