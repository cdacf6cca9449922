import { expect, test, vi } from 'vitest';
import { explainCommand } from './explain-command.ts';

function said(id: string): string {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  try {
    expect(explainCommand(id)).toBe(0);
  } finally {
    spy.mockRestore();
  }
  return written.join('');
}

test('a check is explained with its remedy and the faults that turn it red', () => {
  const text = said('xfr-06');
  expect(text).toMatch(/^XFR-06 {2}/);
  expect(text).toContain('When it is red');
  expect(text).toMatch(/ {2}L03 {2}the out policies/);
});

test('a fault is explained with what must turn red', () => {
  expect(said('M02')).toMatch(/^M02 {2}one peer is removed.*wireguard: WGD-02/s);
});

test('an id that nobody knows is refused', () => {
  expect(() => explainCommand('XFR-99')).toThrow(/explain XFR-99: is not a check or a fault/);
});
