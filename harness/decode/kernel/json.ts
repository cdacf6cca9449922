import { parseBoundedJson } from '../../model/bounded-json.ts';
import type { UnparsedLine } from '../decoded.ts';
import { unparsedLine } from './lines.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True when the text can only be JSON. */
export function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

/** Parses JSON; undefined when it is damaged, nested too deep or too large. */
export function parseJson(text: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch {
    // The caller reports the text as unparsed: a damaged document is a finding, not an exception.
    return undefined;
  }
}

export function text(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

export function number(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && /^(?:0x[0-9a-fA-F]{1,13}|\d{1,15})$/.test(value)) return Number(value);
  return undefined;
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

export function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A JSON value that no rule understood. */
export function unparsedValue(value: unknown, line = 1): UnparsedLine {
  return unparsedLine(line, JSON.stringify(value) ?? 'undefined');
}
