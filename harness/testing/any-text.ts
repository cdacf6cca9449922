import fc from 'fast-check';

/**
 * Any text: half of its code points are ASCII, the others any. Not `fc.string({ unit: 'binary' })`, which first makes a table of all 1,112,064
 * code points: seconds, and hundreds of MiB, in each test file.
 */
export function anyText(): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(fc.nat({ max: 0x7f }), fc.nat({ max: 0x10ffff })))
    .map((points) => points.map((point) => String.fromCodePoint(point)).join(''));
}
