import { formatInstant, formatMoney, type Instant, instantOf, parseInstant } from '@ballast/domain';
import { identifierCell } from '@ballast/formats';
import { AccountStore, FirmStore, MarginCallStore, type StoredMarginCall } from '@ballast/persistence';
import { AdvanceMarginCalls } from '@ballast/use-cases';
import { Command, Help, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm } from '../firm-choice';
import { parsedValue } from '../option-value';
import { alignColumns, printJson, printText } from '../print';

interface CallsOptions {
  readonly open?: boolean;
  readonly at?: Instant;
  readonly firm?: string;
  readonly json?: boolean;
}

const rowsPerPage = 500;

/** `ballast calls`: margin calls, and what their deadlines bring about. */
@Command({
  name: 'calls',
  arguments: '[verb]',
  argsDescription: { verb: 'list (default) | advance' },
  description: 'Lists margin calls, the last raised first; advance marks those that are overdue or to be escalated.',
})
export class CallsCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly accounts: AccountStore,
    private readonly calls: MarginCallStore,
    private readonly advance: AdvanceMarginCalls,
  ) {
    super();
  }

  override async run([verb = 'list']: string[], options: CallsOptions): Promise<void> {
    if (verb !== 'list' && verb !== 'advance')
      throw new CommandFailure(exitCodes.usage, `unknown verb ${JSON.stringify(verb)}; expected list, advance`);
    if (verb === 'list' && options.at !== undefined)
      throw new CommandFailure(exitCodes.usage, '--at belongs to calls advance');
    const firm = await chooseFirm(this.firms, options.firm);
    if (verb === 'list') return this.list(firm.id, options);
    const at = options.at ?? instantOf(Date.now());
    const moved = await this.advance.execute(firm.id, at);
    if (options.json === true) return printJson({ firm: firm.code, at: formatInstant(at), ...moved });
    return printText(`${moved.overdue} calls overdue, ${moved.escalated} escalated at ${formatInstant(at)}\n`);
  }

  private async list(firmId: string, options: CallsOptions): Promise<void> {
    const rows: ReturnType<typeof recordOf>[] = [];
    let after: string | undefined;
    do {
      const filter = options.open === true ? { open: true } : {};
      const page = await this.calls.findPage({ firmId }, { first: rowsPerPage, after, filter });
      const ids = page.items.map(({ node }) => node.accountId);
      const accounts = await this.accounts.findByIds({ firmId }, ids);
      rows.push(...page.items.map(({ node }) => recordOf(node, accounts.get(node.accountId)?.code ?? node.accountId)));
      after = page.hasNextPage ? page.items.at(-1)?.cursor : undefined;
    } while (after !== undefined);
    if (options.json === true) return printJson(rows);
    const heading = ['account', 'state', 'amount', 'paid', 'outstanding', 'currency', 'raised', 'due', 'id'];
    const lines = rows.map((row) => [
      ...[row.account, row.state, row.amount, row.paid, row.outstanding, row.currency, row.raisedAt, row.dueAt, row.id],
    ]);
    return printText(rows.length === 0 ? 'no margin calls\n' : alignColumns([heading, ...lines], [2, 3, 4]));
  }

  @Option({ flags: '--open', description: 'only calls that are not closed' })
  open(): boolean {
    return true;
  }

  @Option({ flags: '--at <instant>', description: 'advance: deadlines up to this instant; default now' })
  at(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--at'));
  }

  @Option({ flags: '--firm <code>', description: 'firm of the calls; needed where several exist' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--json', description: 'as JSON' })
  json(): boolean {
    return true;
  }

  @Help('after')
  explain(): string {
    return `
  calls --open --json
  calls advance --at 2026-12-08T21:00:00Z      the service does this by itself every few seconds`;
  }
}

function recordOf(call: StoredMarginCall, account: string) {
  const { currency, id, state, closeReason } = call;
  const money = (amount: StoredMarginCall['amount']): string => formatMoney({ amount, currency });
  return {
    account,
    state,
    amount: money(call.amount),
    paid: money(call.paid),
    outstanding: money(call.outstanding),
    currency,
    raisedAt: formatInstant(call.raisedAt),
    dueAt: formatInstant(call.dueAt),
    closedAt: call.closedAt === null ? null : formatInstant(call.closedAt),
    closeReason,
    id,
  };
}
