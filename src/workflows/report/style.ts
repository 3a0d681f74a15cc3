/** The report's one style sheet: system fonts, two sizes of weight, colours that hold 4.5:1 in both themes and on paper. */
export const style = `
:root{color-scheme:light dark;--page:#fff;--plain:#F5F6F8;--text:#1A1C20;--quiet:#555B66;--border:#767C88;--hair:#D9DCE2;--hue:#0B5F73;--tint:#0B5F7322;--lost:#B3261E;--done:#1B6E3C;--care:#7A4F00;--careback:#FFF4D6}
@media (prefers-color-scheme:dark){:root{--page:#16181D;--plain:#0E0F12;--text:#ECEEF2;--quiet:#A7AEBB;--border:#7C8494;--hair:#343944;--hue:#5CC6DC;--tint:#5CC6DC26;--lost:#FF8A80;--done:#7FD49B;--care:#FFD27A;--careback:#2B2416}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 "Noto Sans","Segoe UI","Helvetica Neue","Noto Sans JP","Hiragino Sans","Yu Gothic UI",Meiryo,system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere;line-break:strict}
main,header,footer{max-width:1040px;margin:0 auto;padding:0 24px}
header{padding-top:32px}
h1{font-size:16px;line-height:1.5;font-weight:700;margin:0 0 16px}h1 .quiet{font-weight:400}
h2{font-size:22px;line-height:1.35;margin:48px 0 8px}
h3{font-size:16px;line-height:1.35;margin:16px 0 4px}
p{margin:0 0 12px;max-width:75ch}
ul,ol{margin:0 0 12px;padding-left:24px;max-width:75ch}
li{margin:4px 0}
a{color:var(--hue)}
a:focus-visible,summary:focus-visible{outline:3px solid var(--text);outline-offset:2px;box-shadow:0 0 0 6px #FFD43D}
.quiet{color:var(--quiet)}
.small{font-size:14px}
.verdict{border-left:6px solid var(--border);padding:4px 0 4px 20px;margin:0 0 24px}
.verdict .say{font-size:28px;line-height:1.35;font-weight:700;margin:0 0 4px;max-width:34em}
.verdict .figure{font-size:18px;margin:0 0 16px}.verdict.leak .say{margin-bottom:12px}
.verdict p:last-child{margin-bottom:0}
.verdict.better{border-color:var(--hue)}.verdict.worse,.verdict.leak{border-color:var(--lost)}
.leaked,.verdict.leak .say,.verdict.worse .say{color:var(--lost)}
.count{border-top:1px solid var(--hair);border-bottom:1px solid var(--hair);padding:12px 0 16px}
.count h2{font-size:14px;font-weight:400;color:var(--quiet);margin:0 0 8px}
.facts{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:12px 24px;margin:0}
.facts div{display:flex;flex-direction:column;justify-content:space-between}
.facts dt{font-size:14px}
.facts dd{margin:0;font-size:22px;line-height:1.35}
.warning{border:1px solid var(--care);background:var(--careback);border-radius:6px;padding:12px 16px;margin:12px 0;max-width:80ch}
.warning h3{margin:0 0 4px;color:var(--care)}
.warning p:last-child{margin:0}
figure{margin:16px 0}
figcaption{margin:0 0 8px;max-width:75ch}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:middle;padding:6px 16px 6px 0;border-bottom:1px solid var(--hair);font-weight:400}
thead th{font-size:14px;color:var(--quiet);vertical-align:bottom;border-bottom:1px solid var(--border)}
.number{text-align:right;white-space:nowrap}
.gains{table-layout:fixed}
.gains .name{width:25%}.gains .before,.gains .after-column{width:76px}.gains .gain{width:184px}
.gains thead .drawing{padding:0}
.gains .mean th,.gains .mean td{background:var(--plain)}.gains .mean th{padding-left:12px}
.gains tbody th{font-weight:700}
.gains .group th{font-weight:700;padding-top:24px;border-bottom:1px solid var(--border)}
.gains td.drawing{padding-right:0}
.gains small{display:block;font-size:14px;color:var(--quiet);font-weight:400}
.harm{table-layout:fixed}.harm .name{width:22%}.harm .rates{width:250px}.harm thead .drawing{padding:0}.harm tbody th{font-weight:700}.harm td.drawing{padding-right:0}
.lane{display:block;font-size:14px;line-height:18px}.lane .quiet{display:inline-block;width:62px}
.strip{display:block;width:100%;overflow:visible}
.strip .tick-mark{stroke:var(--border)}
svg .zero{stroke:var(--text);stroke-width:1.5}
svg .range{stroke:var(--hue);stroke-width:2}
svg circle.after,svg circle.tuned{fill:var(--hue);stroke:var(--page);stroke-width:1}
svg circle.strategy{fill:var(--quiet)}
svg circle.open{fill:var(--page);stroke:var(--hue);stroke-width:2}
svg .lost .range,svg.lost .range{stroke:var(--lost)}svg.lost circle.after{fill:var(--lost)}
.pair{display:flex;flex-wrap:wrap;gap:16px 24px;align-items:flex-start}
.pair>div{flex:0 1 300px;min-width:240px;max-width:320px}
.charts{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,2fr);gap:0 24px}
.charts figcaption{font-size:14px}
.pair h4{margin:0 0 4px;font-size:14px;font-weight:700}
svg.curve{display:block;width:100%;height:auto}
svg text{font:14px system-ui,sans-serif;fill:var(--quiet)}
svg .direct{font-weight:700;fill:var(--hue);paint-order:stroke;stroke:var(--page);stroke-width:4px}
svg .grid{stroke:var(--hair)}
svg .diagonal{stroke:var(--border);stroke-dasharray:2 3}
svg .area{fill:var(--tint)}
svg .after-line,svg .before-line{fill:none;stroke:var(--hue);stroke-width:2}
svg .before-line{stroke-dasharray:4 3;stroke-width:1.5}
svg.reliability circle.after{fill-opacity:.75}
.gap{border:1px dashed var(--border);border-radius:6px;padding:24px 16px;color:var(--quiet);font-size:14px}
.print-only{display:none}
details{border-bottom:1px solid var(--hair)}
summary{cursor:pointer;padding:12px 0;min-height:48px}
summary b{margin-right:8px}
details .inside{padding:0 0 24px 20px}
details.as-table{border:0}details.as-table summary{font-size:14px;color:var(--quiet)}
.as-table table,.scores{font-size:14px;max-width:640px}
.scroll{overflow-x:auto}.whole{white-space:nowrap}
dl.reasons{margin:0;display:grid;grid-template-columns:minmax(0,1fr) minmax(0,3fr)}
dl.reasons>*{border-bottom:1px solid var(--hair);padding:8px 16px 8px 0;margin:0}
dl.reasons dt{font-weight:700}
.provenance{font-size:14px}
.provenance code{font:14px ui-monospace,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
.provenance th{width:28%;vertical-align:top}.provenance td{vertical-align:top}
footer{margin-top:48px;padding-bottom:32px;color:var(--quiet);font-size:14px}
@media (max-width:1000px){
.gains .name{width:30%;padding-right:8px}.gains .before,.gains .after-column{width:60px}.gains .gain{width:160px}.gains thead .gain{white-space:nowrap}
.charts{grid-template-columns:minmax(0,1fr)}
}
@media (max-width:700px){
main,header,footer{padding-left:16px;padding-right:16px}
.verdict .say{font-size:22px}
h2{margin-top:40px}
.facts{grid-template-columns:repeat(2,minmax(0,1fr))}
.gains,.gains tbody{display:block}
.gains thead{display:block}.gains thead th{display:none}.gains thead .drawing{display:block}
.gains thead tr{display:block;padding:0;border-bottom:1px solid var(--border)}
.gains .mean{background:var(--plain)}.gains .mean th{padding-left:0}
.gains tr{display:grid;grid-template-columns:minmax(0,1fr) auto;padding:8px 0;border-bottom:1px solid var(--hair)}
.gains th,.gains td{border:0;padding:0;width:auto!important}
.gains .group{padding:20px 0 4px;border-bottom:1px solid var(--border)}.gains .group th{padding:0;border:0;grid-column:1/-1}
.gains .before,.gains .after-column{display:none}
.harm,.harm tbody,.harm thead,.harm thead .drawing{display:block}.harm thead th{display:none}.harm thead tr{display:block;border-bottom:1px solid var(--border)}
.harm tr{display:block;padding:8px 0;border-bottom:1px solid var(--hair)}.harm th,.harm td{display:block;border:0;padding:0 0 4px;width:auto!important}
.gains .name{padding-right:12px}
.gains .narrow{display:block}
.gains td.drawing,.gains td.why{grid-column:1/-1}
dl.reasons{grid-template-columns:minmax(0,1fr)}
dl.reasons dt{border:0;padding-bottom:0}dl.reasons dd{padding-top:0}
details .inside{padding-left:0}
.pair>div{flex:1 1 260px;max-width:360px}
.provenance,.provenance tbody,.provenance tr,.provenance th,.provenance td{display:block;width:auto}
.provenance th{border:0;padding-bottom:0;color:var(--quiet)}.provenance td{padding-top:0}
.scores th,.scores td{padding-right:8px}.scores th:first-child{min-width:96px}
}
@media (min-width:701px){.gains .narrow{display:none}}
@media print{
:root{--page:#fff;--plain:#fff;--text:#000;--quiet:#444;--border:#666;--hair:#ccc;--hue:#0B5F73;--tint:#0B5F7322;--lost:#B3261E;--care:#7A4F00;--careback:#fff}
@page{margin:16mm}
body{font-size:10.5pt}
.verdict .say{font-size:18pt}.verdict .figure{font-size:12pt}h2{font-size:14pt}
main,header,footer{max-width:none;padding:0}
h2{break-after:avoid}
tr,figure,.warning,.verdict,.count,.reasons dd,li{break-inside:avoid}.gains tr.group,summary,h3,figcaption,.reasons dt{break-after:avoid}.gains thead{display:table-header-group}figure:has(.gains),figure:has(.harm){break-inside:auto}.harm thead{display:table-header-group}.harm .rates{width:190px}.lane{font-size:9pt}
details:not([open]),.screen-only{display:none}.print-only{display:block}summary{list-style:none;min-height:0}
.charts{grid-template-columns:minmax(0,1fr) minmax(0,2fr)}.charts figcaption{font-size:8.5pt}.pair{flex-wrap:nowrap}.pair>div{min-width:0;flex-basis:200px}
details.category,section[aria-labelledby=reliability]{break-inside:avoid}
.gains .before,.gains .after-column{width:52px}.gains .gain{width:150px}.gains .name{width:29%}.gains .mean th{padding-left:0}.gains .name{padding-right:8px}svg.curve text{font-size:16px}svg.strip text{font-size:10px}.gains small,thead th,.scores,.pair h4,.provenance,.provenance code,.small,.facts dt,.count h2{font-size:9pt}.facts dd{font-size:14pt}
th,td{padding-right:10px}.scores th,.scores td{padding-top:3px;padding-bottom:3px}
p,figcaption,ul,ol{max-width:none}details .inside{padding:0 0 4pt}figure{margin:6pt 0}h2{margin-top:18pt}
summary{padding:4pt 0}.charts .pair>div,.charts figure:first-child .pair>div{flex:0 0 200px}.charts figcaption{margin:0 0 2pt}details.category p{margin-bottom:4pt}.scores td,.scores th{line-height:1.3}
section[aria-labelledby=categories]>p{break-after:avoid}
a{color:inherit;text-decoration:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
@media (forced-colors:active){svg circle,svg line,svg path{stroke:CanvasText}}
`;
