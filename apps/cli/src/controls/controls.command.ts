import { formatInstant, type Instant, instantOf, parseInstant } from '@ballast/domain';
import { identifierCell, numberCell } from '@ballast/formats';
import { FirmStore, newId } from '@ballast/persistence';
import { type FirmControlsInForce, SetFirmControls } from '@ballast/use-cases';
import { Command, Help, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { parsedValue, singleValue } from '../option-value';
import { alignColumns, printJson, printText } from '../print';

interface ControlsOptions {
  readonly firm?: string;
  readonly actor?: string;
  readonly json?: boolean;
  readonly asOf?: Instant;
  readonly from?: Instant;
  readonly key?: string;
  readonly releaseFraction?: number;
  readonly releaseAmount?: number;
  readonly releaseAmountByCurrency?: Readonly<Record<string, number>>;
  readonly cadence?: number;
}

/** `ballast controls`: shows and sets the limits by which a firm watches its own figures. */
@Command({
  name: 'controls',
  arguments: '<verb>',
  argsDescription: { verb: 'show | set' },
  description: 'Shows or sets, from a date on, which moves of requirements are held and how often runs are expected.',
})
export class ControlsCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly controls: SetFirmControls,
  ) {
    super();
  }

  override async run([verb = '']: string[], options: ControlsOptions): Promise<void> {
    if (verb !== 'show' && verb !== 'set')
      throw new CommandFailure(exitCodes.usage, `controls ${verb}: expected show or set`);
    const { id: firmId } = await chooseFirm(this.firms, options.firm);
    const principal = { subject: options.actor ?? operatorName(), firmId, roles: ['admin'] as const };
    const now = instantOf(Date.now());
    if (verb === 'show') return print(await this.controls.inForce(principal, options.asOf ?? now), options);
    const { releaseFraction, releaseAmount, releaseAmountByCurrency, cadence: cadenceMs } = options;
    const stated = { releaseFraction, releaseAmount, releaseAmountByCurrency, cadenceMs };
    if (Object.values(stated).every((value) => value === undefined))
      throw new CommandFailure(exitCodes.usage, 'controls set: name at least one control');
    const idempotencyKey = options.key ?? newId();
    await print(
      await this.controls.execute(principal, { ...stated, idempotencyKey, effectiveFrom: options.from, now }),
      options,
    );
  }

  @Option({
    flags: '--release-fraction <fraction>',
    description: 'hold moves of more than this part, for example 0.25',
  })
  releaseFraction(value: string, previous: unknown): number {
    return parsedValue(value, previous, numberCell);
  }

  @Option({
    flags: '--release-amount <amount>',
    description: 'and of more than this amount in USD, at the rates of the snapshot',
  })
  releaseAmount(value: string, previous: unknown): number {
    return parsedValue(value, previous, numberCell);
  }

  @Option({
    flags: '--release-amount-by-currency <list>',
    description: 'the amount for these base currencies instead, the whole list: BTC=0.2,EUR=9000',
  })
  releaseAmountByCurrency(value: string, previous: unknown): Readonly<Record<string, number>> {
    return parsedValue(value, previous, (text) => {
      const parts = text.split(',').map((part) => part.split('='));
      return Object.fromEntries(
        parts.map(([currency = '', amount]) => {
          if (amount === undefined) throw new Error('Expected CURRENCY=AMOUNT, separated by commas.');
          return [currency, numberCell(amount)];
        }),
      );
    });
  }

  @Option({ flags: '--cadence <seconds>', description: 'usual seconds from one run to the next; twice that is STALE' })
  cadence(value: string, previous: unknown): number {
    return parsedValue(value, previous, (text) => Math.round(numberCell(text) * 1_000));
  }

  @Option({ flags: '--from <instant>', description: 'set: since when they hold; default now' })
  from(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--from'));
  }

  @Option({ flags: '--as-of <instant>', description: 'show: in force then; default now' })
  asOf(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--as-of'));
  }

  @Option({ flags: '--key <key>', description: 'set: the same key sets once; default a new one' })
  key(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--actor <name>', description: "who sets; default the operating system's user" })
  actor(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--firm <code>', description: 'firm of the controls; needed where several exist' })
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
  controls show
  controls set --release-fraction 0.3 --release-amount 25000 --from 2027-01-01T00:00:00Z
  controls set --cadence 60
Earlier controls stay on record; a control that is not named keeps its value.`;
  }
}

async function print(controls: FirmControlsInForce, { json }: ControlsOptions): Promise<void> {
  const { effectiveFrom } = controls;
  const record = { ...controls, effectiveFrom: effectiveFrom === null ? null : formatInstant(effectiveFrom) };
  if (json === true) return printJson(record);
  const byCurrency = Object.entries(controls.releaseAmountByCurrency).map(([code, amount]) => `${amount} ${code}`);
  await printText(
    alignColumns(
      [
        ['held above', `${controls.releaseFraction * 100} %`],
        ['and above', [`${controls.releaseAmount} USD`, ...byCurrency].join(', ')],
        ['run every', `${controls.cadenceMs / 1_000} s`],
        ['since', record.effectiveFrom ?? 'published'],
        ['set by', controls.recordedBy ?? '-'],
      ],
      [],
    ),
  );
}
