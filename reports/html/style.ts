import { PALETTE } from './palette.ts';
import { PRINT } from './print-style.ts';

/** The style sheet of the report. Measures in rem; colours only from the palette. */
export const STYLE = `${PALETTE}
*{box-sizing:border-box}
html{font:15px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans","Liberation Sans",sans-serif;background:var(--paper);color:var(--ink);scroll-padding-top:1rem}
body{margin:0 auto;max-width:68rem;padding:0 1.5rem 3rem;font-variant-numeric:tabular-nums}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:1px}
a:focus-visible,summary:focus-visible,input:focus-visible,pre:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code{font:.86em/1.4 ui-monospace,"SF Mono","DejaVu Sans Mono","Liberation Mono",monospace;overflow-wrap:anywhere}
small{font-size:.82em;color:var(--quiet);font-weight:400}
h1,h2,h3,h4,p,dl,dd,ul{margin:0;padding:0}
ul{list-style:none}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.3rem .6rem}
.top{display:flex;flex-wrap:wrap;gap:.3rem 2rem;justify-content:space-between;padding:1.1rem 0 .8rem;border-bottom:1px solid var(--rule);font-size:.88rem}
.top span{color:var(--quiet);margin-left:.5rem}.top nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}
main>section{margin-top:2.6rem}
h2{font:600 1.3rem/1.3 ui-serif,Georgia,"Noto Serif","Liberation Serif",serif;margin-bottom:.7rem;padding-top:.1rem}
h3{font-size:.95rem;font-weight:650;margin:1.4rem 0 .5rem}
.lead{color:var(--quiet);max-width:46rem;margin-bottom:.9rem}
.verdict{border-left:.4rem solid var(--tone);background:var(--wash);padding:1.3rem 1.6rem 1.2rem;border-radius:0 .35rem .35rem 0;margin-top:1.6rem!important}
.kicker{font-weight:700;color:var(--tone);text-transform:uppercase;letter-spacing:.06em;font-size:.8rem;display:flex;gap:.5rem;align-items:center}
h1{font:500 1.4rem/1.36 ui-serif,Georgia,"Noto Serif","Liberation Serif",serif;margin:.4rem 0 .5rem;text-wrap:pretty;overflow-wrap:anywhere}
.tally{font-weight:600}.leak{margin-top:.8rem;overflow-wrap:anywhere}.leak b{color:var(--tone)}
.vitals{display:grid;grid-template-columns:1fr 1fr;gap:.25rem 2rem;margin-top:.9rem;border-top:1px solid var(--edge);padding-top:.7rem;font-size:.88rem}.vitals div{display:flex;gap:.6rem;min-width:0}.vitals dt{flex:0 0 5.6rem}
.attention{margin-top:.9rem;border-top:1px solid var(--edge);padding-top:.7rem;font-size:.92rem}.attention li{display:flex;gap:.7rem;padding:.1rem 0}.attention .shape{color:var(--tone);font-weight:700;flex:0 0 1rem;background:none}.attention .fact{flex:1;min-width:0;overflow-wrap:anywhere}.attention a.others{font:inherit;font-size:.86rem;white-space:nowrap}.attention a{flex:none;font:600 .86rem/1.6 ui-monospace,"DejaVu Sans Mono",monospace}
.limits{columns:2 24rem;column-gap:2.5rem}.limits li{break-inside:avoid;padding:0 0 .55rem 1rem;position:relative;font-size:.92rem}.limits li::before{content:"–";position:absolute;left:0;color:var(--quiet)}
table{border-collapse:collapse;text-align:left}
th,td{vertical-align:top;font-weight:400}
.scroll{overflow-x:auto}
.matrices{display:flex;flex-wrap:wrap;gap:1.4rem 2.6rem;align-items:flex-start}.matrices>.scroll{max-width:100%}.matrix caption{text-align:left;font-weight:650;font-size:.95rem;padding-bottom:.25rem;white-space:nowrap}.matrix caption small{margin-left:.4rem}
.matrix{border-spacing:0}.matrix th{font-weight:600;padding:.3rem .7rem .3rem 0;white-space:nowrap;font-size:.86rem;vertical-align:middle}
.matrix thead th{padding:.2rem .4rem;border-bottom:1px solid var(--rule);text-align:center}.matrix thead th:first-child{padding-left:0;text-align:left}.matrix .axis{color:var(--quiet);font-weight:400;font-size:.78rem}
.matrix td{padding:.3rem .4rem;border-bottom:1px solid var(--hair);text-align:center}.matrix tbody th{border-bottom:1px solid var(--hair)}
.ticks{display:flex;gap:3px;justify-content:center;margin-top:.15rem}.ticks span{width:1.75rem;font-size:.66rem;line-height:1.3;font-weight:400;color:var(--quiet);overflow:hidden;text-overflow:clip}
.strip{display:flex;gap:3px;justify-content:center}.strip+.strip{margin-top:3px}
.sq{position:relative;display:inline-grid;place-items:center;width:1.75rem;height:1.75rem;border-radius:3px;background:var(--wash);color:var(--tone);border:1px solid var(--edge);font-size:.9rem;line-height:1;font-weight:700}
.legend{display:flex;flex-wrap:wrap;gap:.4rem 1.4rem;margin:.9rem 0 0;font-size:.84rem;color:var(--quiet)}.legend li{display:flex;gap:.45rem;align-items:center}.legend .sq{width:1.3rem;height:1.3rem;font-size:.75rem}
.s-untested{border-style:dashed}
.list{width:100%;font-size:.88rem}.list th,.list td{padding:.42rem .9rem .42rem 0;border-bottom:1px solid var(--hair)}.list tbody th{font-weight:500}
.list thead th{font-size:.78rem;color:var(--quiet);border-bottom:1px solid var(--rule);vertical-align:bottom;font-weight:600}
.list tfoot th,.list tfoot td{border-bottom:0;border-top:1px solid var(--rule);font-weight:600}
.tight{width:auto}.tight th,.tight td{padding:.24rem 1.4rem .24rem 0}
.flows tbody th{width:20%}.flows td:nth-child(2){width:19%}.flows td:nth-child(3){width:8%}.flows td:nth-child(4){width:36%}.flows td small{line-height:1.35}
.why{font-size:.9rem}.why li{padding:.12rem 0}.why b{font-weight:600}.why span{color:var(--quiet)}.why span::after{content:" ·"}
.ledgers .share{width:18%;padding-top:.8rem}.ledgers .zero{color:var(--quiet)}.ledgers .total{font-weight:650}.ledgers .key{margin-right:.35rem}.ledgers thead th:nth-last-child(1),.ledgers td:last-child{padding-right:0}
.n{text-align:right!important;white-space:nowrap}.nw{white-space:nowrap}
details{margin-top:.8rem}summary{cursor:pointer;color:var(--link);font-size:.9rem;width:fit-content}details[open]>summary{margin-bottom:.5rem}
.badge{display:inline-flex;gap:.35em;align-items:baseline;white-space:nowrap;color:var(--tone);background:var(--wash);border:1px solid var(--edge);border-radius:1em;padding:.02rem .6rem;font-size:.78rem;font-weight:600}
.topic{margin:0;border-bottom:1px solid var(--rule)}.topic>summary{width:auto;color:var(--ink);padding:.5rem 0;font-size:.95rem;font-weight:600}.topic>summary .of{margin-left:.8rem;font-weight:400;font-size:.84rem}.of span{color:var(--tone);margin-right:.7rem;white-space:nowrap}.topic[open]>summary{border-bottom:1px solid var(--hair);margin:0}.tid{color:var(--quiet);font:600 .84rem ui-monospace,"DejaVu Sans Mono","Liberation Mono",monospace;margin-right:.35rem}
.find{margin-bottom:.8rem;font-size:.9rem}.find[hidden]{display:none}.find input{font:inherit;width:18rem;max-width:100%;padding:.3rem .6rem;margin:0 .6rem;border:1px solid var(--rule);border-radius:.3rem;background:var(--raise);color:inherit}.find span{color:var(--quiet)}
.check{padding:.75rem 0 .8rem .9rem;border-bottom:1px solid var(--hair);border-left:3px solid transparent}
.c-contradicts,.c-inconclusive{border-left-color:var(--tone)}.check[hidden],.topic[hidden]{display:none}
.check h3,.check>h4{display:flex;gap:.7rem;align-items:baseline;font-size:.95rem;font-weight:600;margin:0}.problem{border-bottom:0;margin-bottom:1rem;padding:.6rem 0 .6rem 1rem}.problem h3{font-size:1rem}.problem h4{font-size:.8rem;color:var(--quiet);font-weight:650;margin-top:.55rem}.remedy p{font-size:.92rem;max-width:52rem}.frames li{font-size:.92rem;padding:.1rem 0}.frames pre{margin:.15rem 0 .3rem;padding:.35rem .7rem;background:var(--raise);border-radius:.25rem;overflow-x:auto}.frames pre code{overflow-wrap:normal;white-space:pre}.hex code{font-size:.78rem;line-height:1.35}.waived{font-size:.92rem;color:var(--quiet)}.remedy code{background:var(--raise);padding:.05rem .3rem;border-radius:.2rem}.cid{font:600 .84rem ui-monospace,"DejaVu Sans Mono","Liberation Mono",monospace;flex:none}.ct{flex:1}
.reason{margin:.15rem 0 .45rem;overflow-wrap:anywhere}.reason li,dd li{position:relative;padding-left:.9rem}.reason li::before,dd li::before{content:"–";position:absolute;left:0;color:var(--quiet)}.files li{display:inline;padding:0}.files li::before{content:none}.unnamed{color:var(--quiet);font-size:.92em}.more{margin:.1rem 0}.more>summary{font-size:.86rem}details.more[open]>summary{margin-bottom:.1rem}.check:target{background:var(--raise)}
.check dl{display:grid;grid-template-columns:1fr 1fr;gap:.3rem 2rem;font-size:.87rem}.check dl div{display:flex;gap:.6rem;min-width:0}.check .wide{grid-column:1/-1}
dt{color:var(--quiet);flex:0 0 4.6rem;font-size:.82rem;padding-top:.06rem}dd{min-width:0;overflow-wrap:anywhere}dd a{margin-right:.8rem}
.bar{display:block;width:100%;height:.65rem;border-radius:2px;background:var(--hair)}
.key{display:inline-block;width:.7rem;height:.7rem;border-radius:2px;margin-right:.5rem;background:currentColor}
.warn{color:var(--ask);font-weight:600;font-size:.9rem}
.scale{display:block;width:100%;height:auto;margin-bottom:.6rem}.scale text{font-size:11px;fill:var(--quiet)}.axis-line{stroke:var(--rule)}.tick{stroke:var(--link);stroke-width:1.6}
.window{display:block;width:100%;min-width:44rem;height:auto;margin:.4rem 0 .6rem}.window text{font-size:11px;fill:var(--quiet)}.window .lane{fill:var(--ink);font-size:12px}.window .step{stroke:var(--rule);stroke-dasharray:3 3}.window .loss{fill:var(--ask);font-weight:700;font-size:13px}.window text.in{fill:var(--tone);font-weight:600;font-size:10px}.window rect{fill:var(--wash);stroke:var(--tone)}
.steps{list-style:decimal;padding-left:1.6rem;font-size:.88rem}.trend{display:flex;flex-wrap:wrap;gap:3px;list-style:none;padding:0;margin:.3rem 0 .6rem}.framework>summary{font-size:1rem}.controls tbody th{width:22%}.controls td:nth-child(2){width:15%}.controls td:nth-child(4){width:15%}.controls td:nth-child(6){width:26%}.controls td{min-width:6rem}
.columns{columns:2 26rem;column-gap:2.5rem}.facts{break-inside:avoid;margin-bottom:1.2rem}.facts h3{margin-top:0}.facts table{width:100%;font-size:.88rem}.facts th{color:var(--quiet);width:8.5rem;padding:.18rem 1rem .18rem 0}.facts td{padding:.18rem 0;overflow-wrap:anywhere}
footer{margin-top:3rem;border-top:1px solid var(--rule);padding-top:.7rem;font-size:.82rem;color:var(--quiet)}
@media screen and (max-width:60rem){.flows,.ledgers{min-width:52rem}}
.attention .fact{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:1;overflow:hidden}
@media (max-width:44rem){body{padding:0 1rem 2rem}.check dl{grid-template-columns:1fr}.vitals{grid-template-columns:1fr}.attention .fact{-webkit-line-clamp:3}.check h3,.check>h4{flex-wrap:wrap}.topic>summary .of{display:block;margin:0}.find label{display:block}.find input{margin:.2rem 0;width:100%}.ct{flex-basis:100%;order:3}h1{font-size:1.25rem}}
.short{display:none;color:var(--quiet);margin-top:.7rem}
${PRINT}`;
