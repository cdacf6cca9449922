/** A text of several facts, taken apart. */
export interface FactList {
  readonly facts: readonly string[];
  /** Facts that the text counts without naming them. */
  readonly unnamed: number;
}

/** A clause that leans on the one before is no fact of its own. */
const LEANING = /^(?:it|its|but|which) /;
const UNNAMED = /^and (\d+) more$/;

/**
 * Takes apart a reason as the checks write it: facts joined by `; `, the rest counted by `and N more`. A text without
 * either is one fact; nothing of it is dropped.
 */
export function factsOf(text: string): FactList {
  const facts: string[] = [];
  let unnamed = 0;
  for (const part of text.split('; ')) {
    const counted = UNNAMED.exec(part);
    if (counted !== null && facts.length > 0) unnamed += Number(counted[1]);
    else if (LEANING.test(part) && facts.length > 0) facts.push(`${facts.pop()}; ${part}`);
    else facts.push(part);
  }
  return { facts, unnamed };
}
