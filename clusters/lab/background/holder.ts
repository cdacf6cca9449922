/** Program of the process behind `wirewitness lab up`; its one argument is the number of nodes. */
import { holdLab } from './hold.ts';

await holdLab(Number(process.argv[2]));
