import { type Document, isScalar, parseAllDocuments, visit } from 'yaml';

/** Most characters of a text; the list of nodes of a large cluster has some millions. */
const MAX_TEXT = 32_000_000;

/**
 * The documents of a YAML text of unknown origin; none for an empty text. Time and memory grow in proportion to the text: aliases are
 * refused, because they can make a short text huge. A duplicate key in one mapping is refused too, because readers handle it differently.
 * @throws Error saying what is wrong, without any of the text: it may be a Secret
 */
export function parseBoundedYaml(text: string): unknown[] {
  if (text.length > MAX_TEXT) throw new RangeError(`has ${text.length} characters, above the limit of ${MAX_TEXT}`);
  // The parser's search for duplicate keys and its detailed errors take quadratic time.
  const documents = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
  if ('empty' in documents) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new SyntaxError(`is not YAML: ${error.code} at character ${error.pos[0]}`);
    visit(document, {
      Map(_, { items }) {
        const seen = new Set<unknown>();
        for (const { key } of items) {
          const name = isScalar(key) ? key.value : key;
          if (seen.has(name)) throw new SyntaxError('has a duplicate key in one mapping');
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
