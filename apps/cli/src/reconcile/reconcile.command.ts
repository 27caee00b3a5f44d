import { Decimal } from '@ballast/domain';
import { identifierCell, nonNegativeDecimalCell, positiveIntegerCell } from '@ballast/formats';
import { FirmStore, newId, ReconciliationStore } from '@ballast/persistence';
import {
  defaultTolerances,
  type Reconciliation,
  type ReconciliationTolerances,
  ResolveBreaks,
  StartReconciliation,
  type StoredBreak,
} from '@ballast/use-cases';
import { Command, Help, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { readInput } from '../input-file';
import { singleValue, parsedValue } from '../option-value';
import { printJson, printText } from '../print';
import { startProgressBar } from '../progress-bar';
import { breakJson, breaksText, reconciliationHead, reconciliationJson } from './reconciliation-text';

interface ReconcileOptions {
  readonly statement?: string;
  readonly run?: string;
  readonly firm?: string;
  readonly json?: boolean;
  readonly partial?: boolean;
  readonly tolerance?: Decimal;
  readonly relativeTolerance?: Decimal;
  readonly priceTolerance?: Decimal;
  readonly relativePriceTolerance?: Decimal;
  readonly quantityTolerance?: Decimal;
  readonly break?: readonly number[];
  readonly note?: string;
  readonly actor?: string;
  readonly confirm?: boolean;
  readonly reject?: boolean;
}

const breaksPerPage = 500;

/** `ballast reconcile`: compares a run with a statement of another house, and settles what disagrees. */
@Command({
  name: 'reconcile',
  arguments: '[verb] [id]',
  argsDescription: { verb: 'show | resolve; without it a statement is compared', id: 'identifier of a reconciliation' },
  description: 'Compares a run with a statement of a clearing house or prime broker and traces every break.',
})
export class ReconcileCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly reconciliations: ReconciliationStore,
    private readonly start: StartReconciliation,
    private readonly resolve: ResolveBreaks,
  ) {
    super();
  }

  override async run([verb, id]: string[], options: ReconcileOptions): Promise<void> {
    if (verb === undefined) return this.compare(options);
    if (verb !== 'show' && verb !== 'resolve')
      throw new CommandFailure(exitCodes.usage, `unknown word ${JSON.stringify(verb)}; expected show or resolve`);
    if (id === undefined) throw new CommandFailure(exitCodes.usage, `reconcile ${verb}: an id is needed`);
    const { id: firmId } = await chooseFirm(this.firms, options.firm);
    if (verb === 'resolve') await this.settle(firmId, id, options);
    const reconciliation = await this.reconciliations.findById({ firmId }, id);
    if (reconciliation === null) throw new CommandFailure(exitCodes.dataRejected, `no reconciliation has the id ${id}`);
    await this.print(firmId, reconciliation, options);
  }

  private async compare(options: ReconcileOptions): Promise<void> {
    const { statement: path, run } = options;
    if (path === undefined) throw new CommandFailure(exitCodes.usage, '--statement FILE is needed');
    const { id: firmId } = await chooseFirm(this.firms, options.firm);
    const statement = await readInput(path);
    const bar = await startProgressBar('reconcile', 1_000, { unit: 'accounts' });
    const principal = { subject: options.actor ?? operatorName(), firmId, roles: ['back-office'] as const };
    const { reconciliation, repeated } = await this.start
      .execute(principal, {
        statement,
        tolerances: tolerancesOf(options),
        ...(run === undefined ? {} : { runId: run }),
        ...(options.partial === true ? { coversFirm: false } : {}),
        onProgress: (done, total) => bar.update(Math.round((1_000 * done) / Math.max(1, total)), done),
      })
      .finally(() => bar.stop());
    if (repeated) process.stderr.write('compared before: the same statement, run and tolerances; shown again\n');
    await this.print(firmId, reconciliation, options);
  }

  private async settle(firmId: string, reconciliationId: string, options: ReconcileOptions): Promise<void> {
    const { break: breaks, note, confirm, reject } = options;
    if (breaks === undefined) throw new CommandFailure(exitCodes.usage, '--break NUMBERS is needed, or --break all');
    if (note === undefined)
      throw new CommandFailure(exitCodes.usage, '--note TEXT is needed: why the break is settled');
    if (confirm === true && reject === true) throw new CommandFailure(exitCodes.usage, 'one of --confirm and --reject');
    const ordinals = breaks.length === 0 ? null : breaks;
    const action = confirm === true ? 'CONFIRM' : reject === true ? 'REJECT' : 'PROPOSE';
    const principal = { subject: options.actor ?? operatorName(), firmId, roles: ['back-office'] as const };
    await this.resolve.execute(principal, {
      idempotencyKey: newId(),
      reconciliationId,
      ordinals,
      action,
      note,
    });
  }

  /** Breaks stream page by page; exit code 5 while any is open. */
  private async print(firmId: string, reconciliation: Reconciliation, { json }: ReconcileOptions): Promise<void> {
    if (reconciliation.openBreakCount > 0) process.exitCode = exitCodes.held;
    const records: unknown[] = [];
    if (json !== true) await printText(reconciliationHead(reconciliation));
    for await (const page of this.pages(firmId, reconciliation.id)) {
      if (json === true) records.push(...page.map(breakJson));
      else await printText(breaksText(page));
    }
    if (json === true) await printJson({ ...reconciliationJson(reconciliation), breaks: records });
  }

  private async *pages(firmId: string, reconciliationId: string): AsyncGenerator<readonly StoredBreak[]> {
    let after: string | undefined;
    do {
      const request = { reconciliationId, open: false, first: breaksPerPage, after };
      const page = await this.reconciliations.findBreaks({ firmId }, request);
      if (page.items.length > 0) yield page.items.map(({ node }) => node);
      after = page.hasNextPage ? page.items.at(-1)?.cursor : undefined;
    } while (after !== undefined);
  }

  @Option({ flags: '--statement <file>', description: 'statement as CSV, JSON or activity XML; - for standard input' })
  statement(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--run <id>', description: 'run to compare with; default the latest completed one' })
  runId(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--partial', description: 'the statement speaks of some accounts only; others are no breaks' })
  partial(): boolean {
    return true;
  }

  @Option({
    flags: '--tolerance <amount>',
    description: 'amounts this far apart agree; default one minor unit: 0.01 USD, 0.00000001 BTC',
  })
  tolerance(value: string, previous: unknown): Decimal {
    return parsedValue(value, previous, nonNegativeDecimalCell);
  }

  @Option({ flags: '--relative-tolerance <share>', description: '… or within this share of the larger; default 0' })
  relativeTolerance(value: string, previous: unknown): Decimal {
    return parsedValue(value, previous, nonNegativeDecimalCell);
  }

  @Option({
    flags: '--price-tolerance <amount>',
    description: 'prices this far apart agree; default 0.0001, of coins 0.00000001',
  })
  priceTolerance(value: string, previous: unknown): Decimal {
    return parsedValue(value, previous, nonNegativeDecimalCell);
  }

  @Option({ flags: '--relative-price-tolerance <share>', description: '… or within this share; default 0' })
  relativePriceTolerance(value: string, previous: unknown): Decimal {
    return parsedValue(value, previous, nonNegativeDecimalCell);
  }

  @Option({ flags: '--quantity-tolerance <units>', description: 'quantities this far apart agree; default 0' })
  quantityTolerance(value: string, previous: unknown): Decimal {
    return parsedValue(value, previous, nonNegativeDecimalCell);
  }

  @Option({ flags: '--break <numbers>', description: 'resolve: numbers of breaks such as 1,4, or all' })
  breaks(value: string, previous: unknown): readonly number[] {
    return parsedValue(value, previous, (text) => (text === 'all' ? [] : text.split(',').map(positiveIntegerCell)));
  }

  @Option({ flags: '--note <text>', description: 'resolve: why, in one line; it stays in the record' })
  note(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--confirm', description: 'resolve: confirm what another person proposed' })
  confirm(): boolean {
    return true;
  }

  @Option({ flags: '--reject', description: 'resolve: reject what another person proposed; the break is open again' })
  reject(): boolean {
    return true;
  }

  @Option({ flags: '--actor <name>', description: 'who acts; default the user of the operating system' })
  actor(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--firm <code>', description: 'firm of the run; needed where several exist' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--json', description: 'the reconciliation and its breaks as JSON' })
  json(): boolean {
    return true;
  }

  @Help('after')
  explain(): string {
    return `
  reconcile --statement house.csv [--run ID] [--tolerance 1 --relative-tolerance 0.0001]
  reconcile show ID
  reconcile resolve ID --break 3 --note 'late booking, corrected on 23 Nov'
  reconcile resolve ID --break all --confirm --note 'seen' --actor somebody-else
Exit code 5: breaks are open.`;
  }
}

function tolerancesOf(options: ReconcileOptions): ReconciliationTolerances {
  const { quantity, price, amount } = defaultTolerances;
  return {
    quantity: { ...quantity, absolute: options.quantityTolerance ?? quantity.absolute },
    price: {
      absolute: options.priceTolerance ?? price.absolute,
      relative: options.relativePriceTolerance ?? price.relative,
    },
    amount: { absolute: options.tolerance ?? amount.absolute, relative: options.relativeTolerance ?? amount.relative },
  };
}
