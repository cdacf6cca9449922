/** The root element of the page, and of a page for the short print. */
export const HTML_ROOT = '<html lang="en">';
const BRIEF_ROOT = '<html lang="en" class="brief">';

/** The page for the short print; a page of a version without short print is not changed. */
export function briefPage(page: string): string {
  return page.replace(HTML_ROOT, BRIEF_ROOT);
}

/** The print style: everything unfolded; the short print leaves out long tables and the folded parts of a check. */
export const PRINT = `@media print{
@page{size:A4;margin:16mm 15mm}:root{--paper:#fff}
html{font-size:9.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}body{max-width:none;padding:0}.top nav,.skip{display:none}
.check,.facts,tr,.matrix,.scale,p,.legend,.why li,.verdict,.limits li{break-inside:avoid}h2,h3,h4,.lead,summary{break-after:avoid}thead{display:table-header-group}.scroll{overflow:visible}
details::details-content{content-visibility:visible;display:block;height:auto}.find,[hidden].find{display:none}[hidden].check,[hidden].topic{display:block}
.brief .basis,.brief .all,.brief #timeline,.brief #ledger,.brief #evidence,.brief #controls,.brief #advisories details,.brief #advisories .rest,.brief .topic .c-not-applicable,.brief .topic .c-not-exercised,.brief .topic .c-supports .reason{display:none}.brief .more::details-content{display:none}.brief .short{display:block}html.brief{font-size:8.7pt}.brief .topic .check>p{display:none}#controls{break-before:page}.check.problem{break-inside:auto}.frames li,.remedy{break-inside:avoid}.brief .flows td:nth-child(2) code{display:none}.brief .flows td:nth-child(2) br{display:none}.top{padding-top:0}.check{padding:.4rem 0 .4rem .7rem}.brief .topic .check h4{font-size:.86rem}.brief .topic .reason{font-size:.86rem;margin-bottom:0}.brief .topic .check{padding:.25rem 0 .25rem .7rem}.flows small{line-height:1.25}.brief .list td,.brief .list th{padding-top:.12rem;padding-bottom:.12rem}
summary{list-style:none;color:var(--ink);font-weight:600}
.sq{width:1.5rem;height:1.5rem}.ticks span{width:1.5rem;font-size:.56rem}.columns,.limits{columns:2 auto}.flows,.ledgers{min-width:0}a{color:inherit;text-decoration-color:var(--rule)}main>section{margin-top:1.6rem}}
`;
