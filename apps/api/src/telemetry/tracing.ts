import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** Spans on their way to a collector. */
export interface Tracing {
  /** Sends what is still held back, then stops. */
  readonly close: () => Promise<void>;
}

/**
 * Starts to send spans to an OTLP collector over HTTP. The exporter is loaded only here, so an installation without a
 * collector pays nothing: without a provider every span is an empty shell.
 *
 * @param endpoint  base address of the collector, `/v1/traces` is added; OTEL_EXPORTER_OTLP_ENDPOINT
 */
export async function startTracing(endpoint: string): Promise<Tracing> {
  const { BatchSpanProcessor, NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: 5_000 });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'ballast' }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1_000 })],
  });
  provider.register();
  return {
    close: async () => {
      // A collector that is away must not hold up a shutdown.
      await provider.shutdown().catch(() => undefined);
      trace.disable();
      context.disable();
    },
  };
}

/** Opens a span for one transaction on the record, below the request that is active; call the result at its end. */
export function traceTransaction(): (failure?: unknown) => void {
  const span = trace.getTracer('ballast').startSpan('postgres transaction', { kind: SpanKind.CLIENT });
  span.setAttribute('db.system.name', 'postgresql');
  return (failure) => {
    if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
}
