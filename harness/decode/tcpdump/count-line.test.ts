import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCountLine } from './count-line.ts';

describe('a reading of counters', () => {
  test('of two tcpdumps, one of which said what the interface dropped', () => {
    expect(decodeCountLine('reading 4 1 61017.81 7984933 12 0,50,0 705,1478,1,2 7984940 13')).toEqual({
      number: 4,
      final: true,
      asked: false,
      uptime: 61_017.81,
      before: { received: 7_984_933, sent: 12 },
      after: { received: 7_984_940, sent: 13 },
      statistics: [
        { captured: 0, received: 50, dropped: 0 },
        { captured: 705, received: 1478, dropped: 3 },
      ],
    });
  });

  test('what gave no figures has none', () => {
    expect(decodeCountLine('reading 0 0 3.1 - - - 1,1,0 - -')).toMatchObject({
      before: null,
      after: null,
      statistics: [null, { captured: 1, received: 1, dropped: 0 }],
    });
  });

  test.each(['', 'counting 12', 'reading 1 3 3.0 1 1 1,1,1 1 1', 'reading 1 0 3.0 1 1 1,1 1 1', 'reading 1 0 3.0 1 1 1,1,1 1 1 more'])(
    '%j is none',
    (line) => {
      expect(decodeCountLine(line)).toBeNull();
    },
  );

  test('any text is read without an error, and what was printed is read again', () => {
    fc.assert(fc.property(fc.string(), (text) => decodeCountLine(text) === null || text.startsWith('reading ')));
    const n = fc.nat();
    fc.assert(
      fc.property(n, n, n, n, n, (number, received, sent, counted, dropped) => {
        const reading = decodeCountLine(`reading ${number} 0 1.5 ${received} ${sent} ${counted},${counted},${dropped} ${received} ${sent}`);
        return reading?.before?.received === received && reading.statistics[0]?.dropped === dropped && reading.number === number;
      }),
    );
  });
});
