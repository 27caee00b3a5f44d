import { randomBytes } from 'node:crypto';
import { formatInstant } from '@ballast/domain';
import { identifierCell } from '@ballast/formats';
import { FirmStore, newId, WebhookStore } from '@ballast/persistence';
import { deliverySettings, parseWebhookAddress, sendWebhook, UseCaseError } from '@ballast/use-cases';
import { Command, Help, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { parsedValue } from '../option-value';
import { alignColumns, printJson, printText } from '../print';

interface WebhookOptions {
  readonly firm?: string;
  readonly json?: boolean;
}

const verbs = ['add', 'list', 'remove', 'test'] as const;

/** `ballast webhooks`: addresses that are told of margin calls. */
@Command({
  name: 'webhooks',
  arguments: '<verb> [target]',
  argsDescription: { verb: verbs.join(' | '), target: 'address for add, identifier for remove and test' },
  description: 'Keeps the addresses that are told of every step of a margin call, signed and at least once.',
})
export class WebhooksCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly webhooks: WebhookStore,
  ) {
    super();
  }

  override async run([word = '', target]: string[], options: WebhookOptions): Promise<void> {
    const verb = verbs.find((known) => known === word);
    if (verb === undefined)
      throw new CommandFailure(exitCodes.usage, `unknown verb ${JSON.stringify(word)}; expected ${verbs.join(', ')}`);
    if ((target === undefined) !== (verb === 'list'))
      throw new CommandFailure(exitCodes.usage, verb === 'list' ? 'list takes no target' : `${verb} needs a target`);
    const firm = await chooseFirm(this.firms, options.firm);
    const scope = { firmId: firm.id };
    if (verb === 'list') return this.list(scope, options);
    if (verb === 'add') return this.add(scope, target ?? '', options);
    if (verb === 'remove') return this.remove(scope, target ?? '', options);
    return this.test(scope, target ?? '', options);
  }

  private async list(scope: { readonly firmId: string }, { json }: WebhookOptions): Promise<void> {
    const rows = (await this.webhooks.findTargets(scope)).map((target) => ({
      id: target.id,
      url: target.url,
      recordedBy: target.recordedBy,
      since: formatInstant(target.knownAt),
      pending: target.pending,
      delivered: target.delivered,
      dead: target.dead,
    }));
    if (json === true) return printJson(rows);
    const heading = ['id', 'url', 'recorded by', 'since', 'pending', 'delivered', 'dead'];
    return printText(alignColumns([heading, ...rows.map((row) => Object.values(row).map(String))], [4, 5, 6]));
  }

  private async add(scope: { readonly firmId: string }, text: string, { json }: WebhookOptions): Promise<void> {
    const url = refusing(() => parseWebhookAddress(text, { allowPrivate: privateAllowed() })).href;
    const secret = randomBytes(32).toString('hex');
    const id = await this.webhooks.add(scope, { url, secret, recordedBy: operatorName() });
    if (json === true) return printJson({ id, url, secret });
    return printText(`${id}\nsecret ${secret}\nIt is not shown again; the receiver checks signatures with it.\n`);
  }

  private async remove(scope: { readonly firmId: string }, id: string, { json }: WebhookOptions): Promise<void> {
    if (!(await this.webhooks.remove(scope, id, operatorName())))
      throw new CommandFailure(exitCodes.dataRejected, `no webhook ${id}`);
    return json === true ? printJson({ removed: id }) : printText(`removed ${id}\n`);
  }

  private async test(scope: { readonly firmId: string }, id: string, { json }: WebhookOptions): Promise<void> {
    const target = await this.webhooks.findSecret(scope, id);
    if (target === null) throw new CommandFailure(exitCodes.dataRejected, `no webhook ${id}`);
    const messageId = newId();
    const body = JSON.stringify({ id: messageId, kind: 'test', at: new Date().toISOString(), data: {} });
    const { timeoutMs } = deliverySettings;
    const timestamp = Math.floor(Date.now() / 1_000);
    const message = {
      ...target,
      id: messageId,
      kind: 'test',
      body,
      timestamp,
      timeoutMs,
      allowPrivate: privateAllowed(),
    };
    const status = await sendWebhook(message).catch((failure: unknown) => {
      throw new CommandFailure(
        exitCodes.unavailable,
        `${target.url}: ${failure instanceof Error ? failure.message : String(failure)}`,
      );
    });
    if (status < 200 || status > 299)
      throw new CommandFailure(exitCodes.unavailable, `${target.url}: answered ${status}`);
    return json === true ? printJson({ id, status }) : printText(`${target.url} answered ${status}\n`);
  }

  @Option({ flags: '--firm <code>', description: 'firm whose calls are told; needed where several exist' })
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
  webhooks add https://example.com/ballast     prints the secret, once
  webhooks list | remove ID | test ID
Private addresses and http are refused unless WEBHOOKS_ALLOW_PRIVATE is on.`;
  }
}

function privateAllowed(): boolean {
  return process.env['WEBHOOKS_ALLOW_PRIVATE'] === 'on';
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (failure) {
    if (failure instanceof UseCaseError) throw new CommandFailure(exitCodes.usage, failure.message);
    throw failure;
  }
}
