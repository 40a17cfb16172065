import type { ExecutionResult } from 'graphql';
import type { ChatEvent } from '../gateway/chat/chat-event.ts';

type Delta = Extract<ChatEvent, { readonly text: string }>;
type Fields = Readonly<Record<keyof typeof STAND_INS, number | string>>;

/** The JSON of a result, cut where the fields of a delta stand in it. */
interface Template {
  readonly head: string;
  /** Each field with what follows it. */
  readonly slots: readonly (readonly [keyof Fields, string])[];
}

/**
 * The result of a delta depends on nothing but its few fields, and almost all events are deltas. So GraphQL executes
 * one of each type with values that stand for the fields, and every other is filled in where those came out: aliases,
 * fragments and directives are as GraphQL understood them.
 * @returns the JSON of an event's result; undefined for an event that has to be executed
 */
export function createDeltaTemplates(execute: (event: Delta) => unknown): (event: unknown) => string | undefined {
  const templates = new Map<Delta['type'], Template | undefined>();
  return (event) => {
    if (!isDelta(event)) return undefined;
    if (!templates.has(event.type))
      templates.set(event.type, toTemplate(execute({ ...STAND_INS, type: event.type } as Delta)));
    const template = templates.get(event.type);
    return template && fillIn(template, event);
  };
}

/** As JSON, each of them after a key: no key and no name of a type can look like that. */
const STAND_INS = {
  seq: 1_789_012_345,
  offset: 1_789_012_346,
  index: 1_789_012_347,
  text: '\u0000text',
  callId: '\u0000callId',
  name: '\u0000name',
} as const;
const FIELD_OF = new Map(Object.entries(STAND_INS).map(([field, standIn]) => [JSON.stringify(standIn), field]));
const PLACE = new RegExp(`(?<=":)(${[...FIELD_OF.keys()].join('|').replaceAll('\\', '\\\\')})(?=[,}])`, 'g');

function toTemplate(result: unknown): Template | undefined {
  const { data, errors } = result as ExecutionResult; // A promise has neither: then there is no template.
  if (!data || errors) return undefined;
  const json = JSON.stringify({ data });
  const places = [...json.matchAll(PLACE)];
  return {
    head: json.slice(0, places[0]?.index),
    slots: places.map(({ 0: standIn, index }, at) => [
      FIELD_OF.get(standIn) as keyof Fields,
      json.slice(index + standIn.length, places[at + 1]?.index),
    ]),
  };
}

function fillIn({ head, slots }: Template, delta: Delta): string {
  const fields = delta as unknown as Fields; // A type of deltas is asked for no field that it does not have.
  let json = head;
  for (const [field, rest] of slots) {
    const value = fields[field];
    json += (typeof value === 'string' ? JSON.stringify(value) : value) + rest;
  }
  return json;
}

function isDelta(event: unknown): event is Delta {
  const { type } = event as ChatEvent;
  return type === 'ChatDelta' || type === 'ChatReasoningDelta' || type === 'ChatToolCallDelta';
}
