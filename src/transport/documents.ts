import { type DocumentNode, NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin, YogaServerOptions } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { type DocumentLimits, excessOfDocument, excessOfText } from './document-size.ts';
import { toGraphQLError } from './refusal.ts';
import { countRefusal, type TransportStats } from './transport-stats.ts';

/** Refuses documents that are too large in any way, before they are validated. */
export function useDocumentLimits(limits: DocumentLimits, stats: TransportStats): Plugin {
  function refuse(excess: string | undefined): void {
    if (excess === undefined) return;
    countRefusal(stats, 'documents', TOO_LARGE);
    throw toGraphQLError({ status: 400, code: TOO_LARGE, message: `The document has ${excess}` });
  }

  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => {
        refuse(excessOfText(typeof source === 'string' ? source : source.body, limits));
        const document: DocumentNode = parseFn(source, options);
        refuse(excessOfDocument(document, limits));
        return document;
      });
    },
  };
}

const TOO_LARGE = 'DOCUMENT_TOO_LARGE';

/** Refuses documents that ask for the schema. */
export function useNoIntrospection(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  };
}

type DocumentCache = NonNullable<YogaServerOptions<object, object>['parserAndValidationCache']>;

/** Of memory, about. */
const MAX_CACHE_BYTES = 33_554_432;

/** Keeps the documents that were asked for last, as many as there is room for: Yoga alone would keep 1,024 of any size. */
export function createDocumentCache(): DocumentCache {
  return {
    documentCache: new LRUCache<string, DocumentNode>({
      maxSize: MAX_CACHE_BYTES,
      // Measured: a token takes up to 420 bytes, and a comment is no token but takes 45 for each of its characters.
      sizeCalculation: ({ tokenCount = 0 }, text) => 450 * (tokenCount + 1) + 50 * text.length,
    }),
    // A cached syntax error is thrown past the plugins, so that the log would not hear of it.
    errorCache: { get: () => undefined, set() {} },
  };
}
