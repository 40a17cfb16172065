import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { CallObserver, CallOutcome, Observation, ProviderCall } from '../gateway/call-observer.ts';
import { ATTRIBUTE, FIRST_CHUNK } from './attributes.ts';
import { captureAnswer, inputMessages } from './content.ts';
import type { TraceSource } from './trace-source.ts';
import { type EntryOf, upstreamAttributes } from './upstream.ts';

interface CallSpanOptions {
  readonly source: TraceSource;
  readonly entryOf: EntryOf;
  /** Whether what is asked and answered goes into spans. */
  readonly capturesContent: boolean;
}

/** A span for each call of a provider, by the conventions for clients of GenAI. Nothing is done for each token. */
export function createCallSpans({ source, entryOf, capturesContent }: CallSpanOptions): CallObserver {
  return {
    begin(call) {
      const operation = trace.getSpanContext(call.trace);
      if (!operation || !trace.isSpanContextValid(operation)) return NOT_TRACED;
      const { model, kind } = call;
      const name = model.kind === 'IMAGE' ? 'generate_content' : 'chat';
      const attributes = {
        [ATTRIBUTE.operation]: name,
        [ATTRIBUTE.requestModel]: model.name,
        [ATTRIBUTE.model]: model.id,
        ...upstreamAttributes(model.provider, entryOf),
        ...requestAttributes(call),
      };
      const span = source.tracer.startSpan(`${name} ${model.name}`, { kind: SpanKind.CLIENT, attributes }, call.trace);
      const within = trace.setSpan(call.trace, span);
      const observation = observe(span, call);
      const run: Observation['run'] = (ask) => source.run(within, ask);
      if (!capturesContent || !span.isRecording()) return { ...observation, run };
      span.setAttribute(ATTRIBUTE.inputMessages, inputMessages(call));
      return { ...(kind === 'CHAT' ? captureAnswer(span, observation) : observation), run };
    },
  };
}

function observe(span: Span, { kind, signal, model }: ProviderCall): Observation {
  const begin = performance.now();
  let isTold = false;

  function fail(code: string) {
    isTold = true;
    span.setAttributes({ [ATTRIBUTE.errorType]: code, [ATTRIBUTE.code]: code });
    span.setStatus({ code: SpanStatusCode.ERROR });
  }

  return {
    firstPart() {
      if (kind !== 'CHAT' || !model.provider.supportsStream) return;
      const told = { [ATTRIBUTE.timeToFirstChunk]: (performance.now() - begin) / 1000 };
      span.setAttributes(told).addEvent(FIRST_CHUNK, told);
    },
    succeeded(outcome) {
      isTold = true;
      span.setAttributes(outcomeAttributes(outcome));
    },
    failed({ code, status }) {
      fail(code);
      if (status !== undefined) span.setAttribute(ATTRIBUTE.httpStatus, status);
    },
    end() {
      if (!isTold && signal.aborted) span.setAttribute(ATTRIBUTE.code, 'LEFT');
      else if (!isTold) fail('_OTHER'); // A bug, which is in the log.
      span.end();
    },
  };
}

function requestAttributes(call: ProviderCall): Attributes {
  if (call.kind === 'IMAGE') return { [ATTRIBUTE.outputType]: 'image', [ATTRIBUTE.imageCount]: call.request.count };
  const { responseFormat, ...options } = call.request;
  const attributes: Attributes = { [ATTRIBUTE.stream]: call.model.provider.supportsStream };
  for (const name of OPTIONS) if (options[name] !== undefined) attributes[ATTRIBUTE[name]] = options[name];
  if (call.model.kind === 'IMAGE') attributes[ATTRIBUTE.outputType] = 'image';
  else if (responseFormat) attributes[ATTRIBUTE.outputType] = responseFormat.type === 'TEXT' ? 'text' : 'json';
  return attributes;
}

/** The options of a chat that are numbers. What it stops at is text of the caller's. */
const OPTIONS = ['temperature', 'topP', 'topK', 'maxTokens', 'seed', 'presencePenalty', 'frequencyPenalty'] as const;

function outcomeAttributes({ reason, usage, model }: CallOutcome): Attributes {
  const attributes: Attributes = { [ATTRIBUTE.code]: reason, [ATTRIBUTE.finishReasons]: [reason.toLowerCase()] };
  if (model !== undefined) attributes[ATTRIBUTE.responseModel] = model;
  const counts = [
    [ATTRIBUTE.inputTokens, usage?.promptTokens],
    [ATTRIBUTE.cacheReadTokens, usage?.cachedPromptTokens],
    [ATTRIBUTE.cacheWriteTokens, usage?.cacheWriteTokens],
    [ATTRIBUTE.outputTokens, usage?.completionTokens],
    [ATTRIBUTE.reasoningTokens, usage?.reasoningTokens],
  ] as const;
  for (const [name, count] of counts) if (typeof count === 'number') attributes[name] = count;
  return attributes;
}

const NOT_TRACED: Observation = { firstPart() {}, succeeded() {}, failed() {}, end() {} };
