import { describe, expect, test } from 'vitest';
import { parseConfig } from './load-config.ts';
import { ConfigSchema } from './schema.ts';
import { type Starter, starterConfig } from './starter.ts';

const LAB: Starter = { target: 'lab', said: {}, declared: {} };
const SEEN: Starter = {
  target: 'existing',
  said: { context: 'kind-kind', namespace: 'wirewitness', image: 'registry/w@sha256:00' },
  declared: { mode: 'wireguard', routing: 'native', profile: '1.20' },
};

/** The file with each commented key in force. */
const uncommented = (text: string) => text.replaceAll(/^( *)# ((?:\w+:| {2}- \{).*)$/gm, '$1$2');

describe('the file that init writes', () => {
  test.each([LAB, SEEN])('is read as it stands: %o', (starter) => {
    expect(parseConfig(starterConfig(starter), 'w.yaml').target).toBe(starter.target);
  });

  test('says what was seen, the version as text', () => {
    const { target, intent, context, namespace, image } = parseConfig(starterConfig(SEEN), 'w.yaml');
    expect({ target, intent, context, namespace, image }).toEqual({
      target: 'existing',
      intent: { stack: 'cilium', mode: 'wireguard', routing: 'native', profile: '1.20' },
      context: 'kind-kind',
      namespace: 'wirewitness',
      image: 'registry/w@sha256:00',
    });
    expect(starterConfig(SEEN).match(/read from the cluster/g)).toHaveLength(3);
  });

  test('has every key, with an example that is allowed', () => {
    const all = parseConfig(uncommented(starterConfig(LAB)), 'w.yaml');
    expect(Object.keys(all).sort()).toEqual(Object.keys(ConfigSchema.shape).sort());
    expect(Object.keys(all.intent ?? {}).sort()).toEqual(Object.keys(ConfigSchema.shape.intent.unwrap().shape).sort());
  });

  test('a name that YAML takes for something else is in quotes', () => {
    const odd = { ...SEEN, said: { context: 'yes', namespace: 'a: b', kubeconfig: '# none' } };
    expect(parseConfig(starterConfig(odd), 'w.yaml')).toMatchObject(odd.said);
  });
});
