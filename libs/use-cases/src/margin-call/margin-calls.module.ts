import { Module } from '@nestjs/common';
import { AcknowledgeMarginCall } from './acknowledge-margin-call';
import { AdvanceMarginCalls } from './advance-margin-calls';
import { ChangeMarginCall } from './change-margin-call';
import { DeliverWebhooks } from '../webhook/deliver-webhooks';
import { MarginCallTermsReader } from './margin-call-terms-reader';
import { MovedCallDeadlines, ReadMovedDeadlines } from './moved-call-deadlines';
import { ReadCalledAccounts, ReadMarginCallEvents, ReadMarginCalls } from './read-margin-calls';
import { PaymentStores, RecordMarginCallPayment } from './record-margin-call-payment';
import { WaiveMarginCall } from './waive-margin-call';

const useCases = [
  AcknowledgeMarginCall,
  AdvanceMarginCalls,
  DeliverWebhooks,
  ReadCalledAccounts,
  ReadMarginCallEvents,
  ReadMarginCalls,
  ReadMovedDeadlines,
  RecordMarginCallPayment,
  WaiveMarginCall,
];

/** Everything people and time do to margin calls, and the webhooks told of it; needs the stores of the persistence module. */
@Module({
  providers: [ChangeMarginCall, MarginCallTermsReader, MovedCallDeadlines, PaymentStores, ...useCases],
  exports: useCases,
})
export class MarginCallsModule {}
