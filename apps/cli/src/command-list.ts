// The commands of `ballast`, and how each is loaded: only the one that runs.
import type { DynamicModule, Type } from '@nestjs/common';

/** One command: what the overview says of it, and its module, loaded when it runs. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Type | DynamicModule>;
  /** Begins what takes long before the command itself is loaded and its words are checked; resolves when that may go on. */
  readonly begin?: (words: readonly string[]) => Promise<void>;
}

export const commandList: readonly CommandEntry[] = [
  {
    name: 'serve',
    summary: 'run the service on DATABASE_URL or the embedded database',
    load: async () => offline((await import('./serve/serve.command')).ServeCommand),
  },
  {
    name: 'demo',
    summary: 'run the service on three invented firms with 90 days of history',
    load: async () => offline((await import('./serve/serve.command')).DemoCommand),
    begin: async (words) => (await import('./serve/begin-demo')).beginDemo(words),
  },
  {
    name: 'token',
    summary: 'sign a bearer token for an installation with its own key',
    load: async () => {
      const [{ databaseCommand }, { TokenCommand }] = await Promise.all([
        import('./database-module'),
        import('./token/token.command'),
      ]);
      return databaseCommand(TokenCommand);
    },
  },
  {
    name: 'import',
    summary: 'load accounts, instruments, positions, balances, collateral, haircuts, prices, a market or parameters',
    load: async () => (await import('./import/import.module')).importCommandModule,
  },
  {
    name: 'run',
    summary: 'evaluate every account of a firm',
    load: async () => (await import('./run/run.module')).runCommandModule,
  },
  {
    name: 'worker',
    summary: 'work on runs over many accounts, beside any number of other workers',
    load: async () => offline((await import('./worker/worker.command')).WorkerCommand),
  },
  {
    name: 'schedules',
    summary: 'show what workers do by the clock, and when they last did',
    load: async () => (await import('./schedules/schedules.module')).schedulesCommandModule,
  },
  {
    name: 'maintain',
    summary: 'make partitions ahead and apply the retention policy',
    load: async () => (await import('./maintain/maintain.module')).maintainCommandModule,
  },
  {
    name: 'replay',
    summary: 'recompute a past run from its stored inputs',
    load: async () => (await import('./replay/replay.module')).replayCommandModule,
    begin: () => sayWhenStopped('replay'),
  },
  {
    name: 'verify-history',
    summary: 'prove that stored history is what was written',
    load: async () => (await import('./verify-history/verify-history.module')).verifyHistoryCommandModule,
    begin: () => sayWhenStopped('verify-history'),
  },
  {
    name: 'calls',
    summary: 'list margin calls, mark those that are overdue',
    load: async () => (await import('./calls/calls.module')).callsCommandModule,
  },
  {
    name: 'webhooks',
    summary: 'keep the addresses that are told of margin calls',
    load: async () => (await import('./webhooks/webhooks.module')).webhooksCommandModule,
  },
  {
    name: 'release',
    summary: 'confirm requirements of a run that moved too far',
    load: async () => (await import('./release/release.module')).releaseCommandModule,
  },
  {
    name: 'parameters',
    summary: 'show parameter sets and their impact, approve or reject them',
    load: async () => (await import('./parameters/parameters.module')).parametersCommandModule,
  },
  {
    name: 'controls',
    summary: 'show or set the release gate and the cadence of runs',
    load: async () => (await import('./controls/controls.module')).controlsCommandModule,
  },
  {
    name: 'lifecycle',
    summary: 'settle expiries, apply exercises, corporate actions and dividends',
    load: async () => (await import('./lifecycle/lifecycle.module')).lifecycleCommandModule,
  },
  {
    name: 'reconcile',
    summary: 'compare a run with a statement of another house and settle the breaks',
    load: async () => (await import('./reconcile/reconcile.module')).reconcileCommandModule,
  },
  {
    name: 'export',
    summary: 'write a list of any length as CSV or NDJSON',
    load: async () => (await import('./export/export.module')).exportCommandModule,
  },
  {
    name: 'firm-risk',
    summary: 'add up the accounts of a firm: Greeks, stress, concentration',
    load: async () => (await import('./firm-risk/firm-risk.module')).firmRiskCommandModule,
  },
  {
    name: 'report',
    summary: 'write margin statements, a summary of coverage and calls, or what expiries make of accounts',
    load: async () => (await import('./report/report.module')).reportCommandModule,
  },
  {
    name: 'price',
    summary: 'price every contract of a CSV file',
    load: async () => offline((await import('./price/price.command')).PriceCommand),
  },
  {
    name: 'implied-volatility',
    summary: 'find the volatility behind every price of a CSV file',
    load: async () =>
      offline((await import('./implied-volatility/implied-volatility.command')).ImpliedVolatilityCommand),
  },
  {
    name: 'margin',
    summary: 'compute the requirement of one portfolio file',
    load: async () => offline((await import('./margin/margin.command')).MarginCommand),
  },
  {
    name: 'what-if',
    summary: 'show one portfolio file after trades, cash and a move of the market',
    load: async () => offline((await import('./analysis/what-if.command')).WhatIfCommand),
  },
  {
    name: 'levels',
    summary: 'find the prices at which the buffer of one portfolio file is gone',
    load: async () => offline((await import('./analysis/levels.command')).LevelsCommand),
  },
  {
    name: 'stress',
    summary: 'revalue one portfolio file under historical and custom scenarios, and find what exhausts its buffer',
    load: async () => offline((await import('./analysis/stress.command')).StressCommand),
  },
  {
    name: 'restore',
    summary: 'find the deposit and the trades that bring one portfolio file back',
    load: async () => offline((await import('./analysis/restore.command')).RestoreCommand),
  },
  {
    name: 'attribute',
    summary: 'split the change between two portfolio files by its causes',
    load: async () => offline((await import('./analysis/attribute.command')).AttributeCommand),
  },
  {
    name: 'var',
    summary: 'estimate value at risk and expected shortfall of one portfolio file',
    load: async () => offline((await import('./analysis/value-at-risk.command')).ValueAtRiskCommand),
  },
  {
    name: 'breach',
    summary: 'estimate how likely the buffer of one portfolio file is exhausted',
    load: async () => offline((await import('./analysis/breach.command')).BreachCommand),
  },
  {
    name: 'size',
    summary: 'size the buffer of one portfolio file and say when to look again',
    load: async () => offline((await import('./analysis/size.command')).SizeCommand),
  },
  {
    name: 'backtest',
    summary: 'test 99 % requirements of standard portfolios on price history',
    load: async () => offline((await import('./backtest/backtest.command')).BacktestCommand),
  },
  {
    name: 'span',
    summary: 'compute requirements from an exchange risk-parameter file',
    load: async () => offline((await import('./span/span.command')).SpanCommand),
  },
];

/** Marks the module of commands that need no database. */
class OfflineModule {}

function offline(command: Type): DynamicModule {
  return { module: OfflineModule, providers: [command] };
}

/** From now on, however long loading takes. */
async function sayWhenStopped(name: string): Promise<void> {
  (await import('./stop-on-signal')).stopBeforeWork(name);
}
