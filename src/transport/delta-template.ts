import type { ExecutionResult } from 'graphql';
import type { ChatEvent } from '../gateway/chat/chat-event.ts';

type Delta = Extract<ChatEvent, { readonly text: string }>;
type Field = 'seq' | 'text' | 'offset';

/** The JSON of a result, cut where the fields of a delta stand in it. */
interface Template {
  readonly head: string;
  /** Each field with what follows it. */
  readonly slots: readonly (readonly [Field, string])[];
}

/**
 * The result of a delta depends on nothing but its three fields, and almost all events are deltas. So GraphQL executes
 * one of each type with values that stand for the fields, and every other is filled in where those came out: aliases,
 * fragments and directives are as GraphQL understood them.
 * @returns the JSON of an event's result; undefined for an event that has to be executed
 */
export function createDeltaTemplates(execute: (event: Delta) => unknown): (event: unknown) => string | undefined {
  const templates = new Map<Delta['type'], Template | undefined>();
  return (event) => {
    if (!isDelta(event)) return undefined;
    if (!templates.has(event.type)) templates.set(event.type, toTemplate(execute({ ...STAND_INS, type: event.type })));
    const template = templates.get(event.type);
    return template && fillIn(template, event);
  };
}

/** As JSON, each of them after a key: no key and no name of a type can look like that. */
const STAND_INS = { seq: 1_789_012_345, text: '\u0000text', offset: 1_789_012_346 } as const;
const PLACE = /(?<=":)(?:(1789012345)|("\\u0000text")|1789012346)(?=[,}])/g;

function toTemplate(result: unknown): Template | undefined {
  const { data, errors } = result as ExecutionResult; // A promise has neither: then there is no template.
  if (!data || errors) return undefined;
  const json = JSON.stringify({ data });
  const places = [...json.matchAll(PLACE)];
  return {
    head: json.slice(0, places[0]?.index),
    slots: places.map(({ 0: standIn, 1: seq, 2: text, index }, at) => [
      seq ? 'seq' : text ? 'text' : 'offset',
      json.slice(index + standIn.length, places[at + 1]?.index),
    ]),
  };
}

function fillIn({ head, slots }: Template, delta: Delta): string {
  let json = head;
  for (const [field, rest] of slots) json += (field === 'text' ? JSON.stringify(delta.text) : delta[field]) + rest;
  return json;
}

function isDelta(event: unknown): event is Delta {
  const { type } = event as ChatEvent;
  return type === 'ChatDelta' || type === 'ChatReasoningDelta';
}
