import { setTimeout as delay } from 'node:timers/promises';
import { context, type Span, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Observed } from '../../core/kernel/outside/observer.ts';
import type { Listener } from './listeners.ts';

/** Traces that go to a collector. */
export interface Traces extends Listener {
  /** Sends what has not gone yet. */
  close(): Promise<void>;
}

/**
 * A span for each call, each transaction in it and each job, sent to the collector that the standard variables name
 * (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER` …). A span carries registered names,
 * outcomes and the id of the request; nothing of a business or a person.
 */
export function createTraces({
  version,
  service,
  onTrouble,
}: {
  version: string;
  service: string;
  onTrouble?: ((message: string) => void) | undefined;
}): Traces {
  const provider = new BasicTracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    ),
    spanProcessors: [new BatchSpanProcessor(telling(new OTLPTraceExporter(), onTrouble))],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracer = provider.getTracer('deskhand', version);
  return {
    begin(observed) {
      const span = startSpan(tracer, observed);
      const inside = trace.setSpan(context.active(), span);
      return {
        within: work => context.with(inside, work),
        end({ outcome, failed }) {
          span.setAttribute('deskhand.outcome', outcome);
          if (failed) span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
          span.end();
        },
      };
    },
    // A collector that is away must not keep the process from ending: by itself the exporter tries for ten seconds.
    close: async () => {
      const sent = provider.shutdown().catch(() => undefined);
      await Promise.race([sent, delay(lastTry_ms, undefined, { ref: false })]);
    },
  };
}

const lastTry_ms = 2_000;

/** Says once that a collector does not take what it is sent, which the exporter keeps to itself, and once that it does again. */
function telling(
  exporter: SpanExporter,
  onTrouble: (message: string) => void = () => undefined,
): SpanExporter {
  let isWell = true;
  return {
    export: (spans, done) =>
      exporter.export(spans, result => {
        const isTaken = result.code === 0;
        if (isTaken !== isWell)
          onTrouble(
            isTaken
              ? 'the collector takes traces again'
              : 'the collector of OTEL_EXPORTER_OTLP_ENDPOINT does not take traces; what it does not take is lost',
          );
        isWell = isTaken;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

const startSpan = (tracer: Tracer, { kind, name, via, request_id }: Observed): Span =>
  tracer.startSpan(`${kind} ${name}`, {
    attributes: {
      'deskhand.kind': kind,
      'deskhand.name': name,
      ...(via === undefined ? {} : { 'deskhand.via': via }),
      ...(request_id === undefined ? {} : { 'deskhand.request_id': request_id }),
      ...(kind === 'transaction' ? { 'db.system.name': 'postgresql' } : {}),
    },
  });
