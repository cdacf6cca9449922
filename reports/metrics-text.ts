import { type Verdict, verdictSchema } from '../harness/model/verdict.ts';

export type Labels = Readonly<Record<string, string>>;

/** A family of metrics. `stateset`: one sample for each state, of which one is 1. Names end in their unit if there is one. */
export interface MetricFamily {
  readonly name: string;
  readonly type: 'gauge' | 'info' | 'stateset';
  readonly unit?: string;
  readonly help: string;
  readonly samples: readonly (readonly [labels: Labels, value: number])[];
}

/** OpenMetrics 1.0 text (RFC-to-be draft-richih-opsawg-openmetrics). @param common labels of every sample */
export function metricsText(families: readonly MetricFamily[], common: Labels = {}): string {
  const lines = families
    .filter(({ samples }) => samples.length > 0)
    .flatMap((family) => [...descriptor(family), ...samplesOf(family, common)]);
  return `${[...lines, '# EOF'].join('\n')}\n`;
}

function descriptor({ name, type, unit, help }: MetricFamily): string[] {
  return [`# TYPE ${name} ${type}`, ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]), `# HELP ${name} ${escaped(help)}`];
}

function samplesOf({ name, type, samples }: MetricFamily, common: Labels): string[] {
  return samples.map(([labels, value]) => {
    const pairs = Object.entries({ ...common, ...labels }).map(([key, text]) => `${key}="${escaped(text)}"`);
    return `${name}${type === 'info' ? '_info' : ''}{${pairs.join(',')}} ${value}`;
  });
}

function escaped(text: string): string {
  return text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

/** A verdict as the samples of a state set. */
export function states(name: string, state: Verdict, labels: Labels = {}): readonly (readonly [Labels, number])[] {
  return verdictSchema.options.map((one) => [{ ...labels, [name]: one }, one === state ? 1 : 0] as const);
}

/** Seconds since 1970; NaN for what is no time. */
export function seconds(utc: string): number {
  return Date.parse(utc) / 1000;
}
