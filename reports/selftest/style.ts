import { STYLE } from '../html/style.ts';

/** The style sheet of the report, and what a wide matrix of small squares needs on top. */
export const SELFTEST_STYLE = `${STYLE}
body{max-width:none}main>section{max-width:68rem}main>.wide{max-width:none}
.m{border-collapse:collapse;font-size:.8rem}.m th{font-weight:500;padding:.1rem .8rem .1rem 0;white-space:nowrap}.m thead th{padding:.1rem .15rem;text-align:center;color:var(--quiet);font-size:.68rem}
.m thead .t{text-align:left;font-weight:650;color:var(--ink);border-left:1px solid var(--rule);padding-left:.3rem}.m td{padding:1px;text-align:center;border-bottom:1px solid var(--hair)}.m .g{border-left:1px solid var(--rule)}
.m tbody th{border-bottom:1px solid var(--hair)}.m tbody tr:hover{background:var(--raise)}.m .state{font-weight:700;color:var(--tone);padding:0 .5rem}.m .sec{color:var(--quiet);padding-right:.6rem;text-align:right;white-space:nowrap}
.m .sq{width:1.15rem;height:1.15rem;font-size:.7rem}.m .dot{color:var(--quiet)}
.o-missed,.o-false-alarm,.x-failed{--tone:var(--bad);--wash:var(--bad-wash);--edge:var(--bad-edge)}.o-caught,.x-passed{--tone:var(--ok);--wash:var(--ok-wash);--edge:var(--ok-edge)}
.o-implied{--tone:var(--calm);--wash:var(--calm-wash);--edge:var(--calm-edge)}.x-broken{--tone:var(--ask);--wash:var(--ask-wash);--edge:var(--ask-edge)}.x-absent,.o-quiet{--tone:var(--off);--wash:var(--off-wash);--edge:var(--off-edge)}
.wrong{margin-top:1.1rem}.wrong h3{margin:0 0 .2rem}.wrong li{padding:.12rem 0 .12rem 1rem;font-size:.9rem;overflow-wrap:anywhere}.wrong b{font:600 .86em ui-monospace,"DejaVu Sans Mono",monospace;color:var(--tone);margin-right:.4rem}
@media print{.m .sq{width:.9rem;height:.9rem}@page{size:A4 landscape}}
`;
