import { instantOf } from '@ballast/domain';
import { Database, type PersistenceOptions, PersistenceModule } from '@ballast/persistence';
import {
  DemoFirmModule,
  ListAccounts,
  MarginCallsModule,
  MarketModule,
  PriceContract,
  ReadAccount,
  ReadBalances,
  ReadBufferHistory,
  ReadBufferPolicy,
  ReadCollateral,
  ReadGreeks,
  ReadInstruments,
  ReadLifecycleEvents,
  ReadMarginRuns,
  ReadMarketSnapshot,
  ReadOperations,
  ReadParameterImpact,
  ReadPositions,
  ReadRequirement,
  ReadRequirementDetail,
  ReadRequirements,
  ReadRiskParameterSets,
  ReadScenarios,
  ReadSession,
  ReconciliationModule,
  RecordBalance,
  RecordPositions,
  RiskParametersModule,
  RunMarginModule,
  SetBufferPolicy,
  StartMarginRun,
  WatchBuffers,
  WatchMarginCalls,
  WatchMarginRun,
  WatchRunOutcomes,
} from '@ballast/use-cases';
import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type EndpointPolicy, graphqlOptions } from './graphql/graphql-options';
import { Loaders } from './graphql/loaders';
import type { RequestContext } from './graphql/request-context';
import type { HotPath } from './hot-path/hot-path';
import { logFailure } from './http/process-log';
import { atDeadline } from './http/request-bounds';
import { principalOf } from './http/request-gate';
import type { TokenVerifier } from './authentication/token';
import { MarginCallClock } from './margin-call/margin-call-clock';
import { RollUpClock } from './buffer-observation/roll-up-clock';
import { resolvers } from './resolvers';
import { subscriptionOptions } from './subscription/subscription-options';
import { nameOperation } from './telemetry/request-observer';

const useCases = [
  ListAccounts,
  PriceContract,
  ReadAccount,
  ReadBalances,
  ReadBufferHistory,
  ReadBufferPolicy,
  ReadCollateral,
  ReadGreeks,
  ReadInstruments,
  ReadLifecycleEvents,
  ReadMarginRuns,
  ReadMarketSnapshot,
  ReadOperations,
  ReadParameterImpact,
  ReadPositions,
  ReadRequirement,
  ReadRequirementDetail,
  ReadRequirements,
  ReadRiskParameterSets,
  ReadScenarios,
  SetBufferPolicy,
  RecordBalance,
  RecordPositions,
  StartMarginRun,
  WatchBuffers,
  WatchMarginCalls,
  WatchMarginRun,
  WatchRunOutcomes,
];

/** The API: GraphQL over the use cases, which reach the record through the persistence module. */
@Module({})
export class ApiModule {
  /**
   * @param record  the record, or where it is
   * @param verify  who a bearer token belongs to, for subscriptions; requests over HTTP pass the gate before
   */
  static register(
    record: PersistenceOptions | Database,
    policy: EndpointPolicy,
    verify: TokenVerifier,
    hotPath: HotPath,
  ): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        PersistenceModule.register(record),
        RiskParametersModule,
        MarginCallsModule,
        MarketModule,
        ReconciliationModule,
        RunMarginModule,
        DemoFirmModule,
        GraphQLModule.forRootAsync<MercuriusDriverConfig>({
          driver: MercuriusDriver,
          inject: [Database],
          useFactory: (database: Database) => ({
            ...graphqlOptions(contextFactory(database), logFailure, policy, hotPath),
            subscription: subscriptionOptions(database, verify, logFailure),
          }),
        }),
      ],
      providers: [...useCases, MarginCallClock, RollUpClock, ...resolvers],
    };
  }
}

/** Makes the context of a request; its transaction ends with the response, however the response ends. */
function contextFactory(database: Database) {
  return (request: FastifyRequest, reply: FastifyReply): RequestContext | Record<string, never> => {
    const principal = principalOf(request);
    // A request that the gate refused gets here for its error only, and resolves nothing.
    if (principal === undefined) return {};
    const session = new ReadSession(database, principal);
    reply.raw.once('close', () => void session.close());
    atDeadline(request, () => void session.close());
    return {
      principal,
      session,
      loaders: new Loaders(session),
      request,
      now: instantOf(Date.now()),
      nameOperation: (operation) => nameOperation(request, operation),
    };
  };
}
