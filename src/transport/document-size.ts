import { type DocumentNode, Lexer, type SelectionNode, type SelectionSetNode, Source, TokenKind } from 'graphql';

export interface DocumentLimits {
  readonly maxQueryBytes: number;
  readonly maxQueryTokens: number;
  readonly maxDepth: number;
  readonly maxAliases: number;
}

/**
 * Of brackets in brackets, and of selections in selections. Whoever reads a document goes down into it by recursion, so
 * this keeps the stack from running out. A sensible document has less than 20.
 */
const MAX_NESTING = 200;
const TOO_NESTED = `nesting of more than ${MAX_NESTING}`;

/** What a text has too much of, before anything is made of it. */
export function excessOfText(text: string, { maxQueryBytes, maxQueryTokens }: DocumentLimits): string | undefined {
  if (Buffer.byteLength(text) > maxQueryBytes) return `more than ${maxQueryBytes} bytes (limits.maxQueryBytes)`;
  const lexer = new Lexer(new Source(text));
  let nesting = 0;
  for (let tokens = 1; ; tokens++) {
    const kind = nextKind(lexer);
    if (kind === TokenKind.EOF) return undefined;
    if (tokens > maxQueryTokens) return `more than ${maxQueryTokens} tokens (limits.maxQueryTokens)`;
    if (kind === TokenKind.BRACE_L || kind === TokenKind.BRACKET_L || kind === TokenKind.PAREN_L) nesting++;
    if (kind === TokenKind.BRACE_R || kind === TokenKind.BRACKET_R || kind === TokenKind.PAREN_R) nesting--;
    if (nesting > MAX_NESTING) return TOO_NESTED;
  }
}

/** What is no token is a syntax error, which the parser tells better. */
function nextKind(lexer: Lexer): TokenKind {
  try {
    return lexer.advance().kind;
  } catch {
    return TokenKind.EOF;
  }
}

/** What a document has too much of, once its fragments are written out wherever they are used. */
export function excessOfDocument(document: DocumentNode, limits: DocumentLimits): string | undefined {
  const sizeOf = createMeasure(document);
  for (const definition of document.definitions) {
    if (!('selectionSet' in definition) || !definition.selectionSet) continue;
    const { fields, aliases, depth, nesting } = sizeOf(definition.selectionSet);
    if (nesting > MAX_NESTING) return TOO_NESTED;
    if (definition.kind === 'FragmentDefinition') continue;
    if (depth > limits.maxDepth) return `fields more than ${limits.maxDepth} deep (limits.maxDepth)`;
    if (aliases > limits.maxAliases) return `more than ${limits.maxAliases} aliases (limits.maxAliases)`;
    if (fields > limits.maxQueryTokens) return `more than ${limits.maxQueryTokens} fields (limits.maxQueryTokens)`;
  }
  return undefined;
}

interface Size {
  readonly fields: number;
  readonly aliases: number;
  /** Of fields in fields. What is below a field of introspection does not count: GraphQL has a rule of its own for that. */
  readonly depth: number;
  /** Of selections in selections. */
  readonly nesting: number;
}

const NOTHING: Size = { fields: 0, aliases: 0, depth: 0, nesting: 0 };
const BOTTOMLESS: Size = { ...NOTHING, nesting: Number.POSITIVE_INFINITY };

/** Measures selections. A fragment is measured once, however often it is used: exponential growth is only a number here. */
function createMeasure({ definitions }: DocumentNode): (selections: SelectionSetNode) => Size {
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of definitions) {
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition.selectionSet);
  }
  const measured = new Map<string, Size>();

  function ofFragment(name: string, level: number): Size {
    const known = measured.get(name);
    if (known) return known;
    measured.set(name, NOTHING); // For one that uses itself, which validation forbids.
    const size = ofSelections(fragments.get(name), level);
    measured.set(name, size);
    return size;
  }

  function ofSelections(set: SelectionSetNode | undefined, level = 0): Size {
    if (level > MAX_NESTING) return BOTTOMLESS;
    return (set?.selections ?? []).map((selection) => ofSelection(selection, level + 1)).reduce(together, NOTHING);
  }

  function ofSelection(selection: SelectionNode, level: number): Size {
    const inner =
      selection.kind === 'FragmentSpread'
        ? ofFragment(selection.name.value, level)
        : ofSelections(selection.selectionSet, level);
    const nesting = inner.nesting + 1;
    if (selection.kind !== 'Field') return { ...inner, nesting };
    const isIntrospection = selection.name.value === '__schema' || selection.name.value === '__type';
    return {
      fields: inner.fields + 1,
      aliases: inner.aliases + (selection.alias ? 1 : 0),
      depth: isIntrospection ? 1 : inner.depth + 1,
      nesting,
    };
  }

  return ofSelections;
}

function together(one: Size, other: Size): Size {
  return {
    fields: one.fields + other.fields,
    aliases: one.aliases + other.aliases,
    depth: Math.max(one.depth, other.depth),
    nesting: Math.max(one.nesting, other.nesting),
  };
}
