import exported, { type Builder } from 'junit-report-builder';
import { oneLine, printable } from './printable.ts';

/** The package's types say that it has a default export; as CommonJS it is the builder itself. */
const reportBuilder = builderOf(exported);

function builderOf(module: Builder | { readonly default: Builder }): Builder {
  return 'default' in module ? module.default : module;
}

/** One test case of a JUnit document. */
export interface JunitCase {
  readonly name: string;
  readonly className: string;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  /** Of a failure or an error. */
  readonly type?: string;
  readonly message: string;
  /** The full text of a failure or an error. */
  readonly text: string;
  readonly seconds: number;
}

export interface JunitSuite {
  readonly name: string;
  readonly package: string;
  /** Not longer than to the second, and without a zone: `2026-01-02T03:04:05`. */
  readonly timestamp: string;
  readonly hostname: string;
  readonly seconds: number;
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly cases: readonly JunitCase[];
  readonly output: string;
}

/**
 * A JUnit document, valid against the windyroad JUnit.xsd and Jenkins' junit-10.xsd. junit-report-builder writes it, except for what these
 * demand and it has no words for; each is added to the element it built:
 * - `testsuite`: `package`, `id`, `hostname`, and the closing `system-out` and `system-err` (JUnit.xsd requires them)
 * - `skipped`: its message, the reason
 * - the text of a failure or an error: it would put it in a CDATA section as it stands, which a `]]>` in it would end
 * - `testsuites`: it writes counts there, which JUnit.xsd does not know; so the suites are built one by one and joined
 */
export function junitDocument(suites: readonly JunitSuite[]): string {
  const elements = suites.map((suite, index) => suiteElement(suite, index).toString({ pretty: true, offset: 1 }));
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...elements, '</testsuites>', ''].join('\n');
}

type Suite = ReturnType<Builder['testSuite']>;
type XmlElement = ReturnType<Suite['build']>;

function suiteElement(suite: JunitSuite, id: number): XmlElement {
  const built = reportBuilder
    .newBuilder()
    .testSuite()
    .name(oneLine(suite.name))
    .timestamp(suite.timestamp)
    .time(Number(suite.seconds.toFixed(3)));
  for (const [name, value] of suite.properties) built.property(oneLine(name), oneLine(value));
  for (const one of suite.cases) addCase(built, one);
  const element = built.build();
  element
    .att('package', suite.package)
    .att('id', id)
    .att('hostname', oneLine(suite.hostname) || 'localhost');
  const untold = suite.cases.filter(({ outcome }) => outcome !== 'passed');
  for (const [index, outcome] of element.children
    .flatMap(({ children }) => children)
    .filter(isOutcome)
    .entries()) {
    const { message, text } = untold[index]!;
    if (outcome.name === 'skipped') outcome.att('message', oneLine(message));
    else outcome.txt(printable(text));
  }
  element.ele('system-out').txt(printable(suite.output));
  element.ele('system-err');
  return element;
}

const OUTCOMES: ReadonlySet<string> = new Set(['failure', 'error', 'skipped'] satisfies JunitCase['outcome'][]);

function isOutcome(node: XmlElement['children'][number]): node is XmlElement {
  return 'name' in node && typeof node.name === 'string' && OUTCOMES.has(node.name);
}

function addCase(suite: Suite, { name, className, outcome, type = outcome, message, seconds }: JunitCase): void {
  const added = suite
    .testCase()
    .name(oneLine(name))
    .className(oneLine(className))
    .time(Number(seconds.toFixed(3)));
  if (outcome === 'failure') added.failure(oneLine(message), type);
  if (outcome === 'error') added.error(oneLine(message), type);
  if (outcome === 'skipped') added.skipped();
}
