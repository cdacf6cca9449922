import { type Document, isScalar, parseAllDocuments, visit } from 'yaml';

/** Characters of a text; the list of nodes of a large cluster has some millions. */
const MAX_TEXT = 32_000_000;

/**
 * The documents of a YAML text of unknown origin, none for an empty one. Time and memory grow as the text does: aliases, which can blow a
 * short text up, are refused; so is a key that stands twice in one mapping, for which readers differ.
 * @throws Error saying what is wrong, without any of the text: it may be a Secret
 */
export function parseBoundedYaml(text: string): unknown[] {
  if (text.length > MAX_TEXT) throw new RangeError(`has ${text.length} characters, above the limit of ${MAX_TEXT}`);
  // The parser's own search for keys that stand twice, and its pretty errors, take time by the square of the text.
  const documents = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
  if ('empty' in documents) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new SyntaxError(`is no YAML: ${error.code} at character ${error.pos[0]}`);
    visit(document, {
      Map(_, { items }) {
        const seen = new Set<unknown>();
        for (const { key } of items) {
          const name = isScalar(key) ? key.value : key;
          if (seen.has(name)) throw new SyntaxError('a key stands twice in one mapping');
          seen.add(name);
        }
      },
    });
    return withoutAliases(document);
  });
}

function withoutAliases(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch {
    // The parser's message names the alias.
    throw new RangeError('has an alias, or is nested too deep');
  }
}
