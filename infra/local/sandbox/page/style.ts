export const PAGE_STYLE = `
:root { --ink:#1d2433; --soft:#667085; --line:#e6e9f0; --back:#f4f6fa; --accent:#1664ff; --good:#087443; --bad:#b42318; }
* { box-sizing:border-box; }
body { margin:0; background:var(--back); color:var(--ink); font:14px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
header { display:flex; justify-content:space-between; align-items:center; gap:24px; flex-wrap:wrap; padding:20px 28px; background:#fff; border-bottom:1px solid var(--line); }
h1 { margin:0; font-size:20px; } h2 { margin:0; font-size:16px; }
h1 small, h2 small, .en { color:var(--soft); font-weight:400; font-size:12px; }
header p { margin:2px 0 0; color:var(--soft); } .en { margin-left:8px; }
.tools { display:flex; align-items:center; gap:14px; }
input, select, button { font:inherit; border:1px solid #cfd5e1; border-radius:6px; padding:4px 8px; background:#fff; color:inherit; }
input[type=search] { width:220px; padding:6px 10px; }
input:focus-visible, select:focus-visible, button:focus-visible { outline:2px solid var(--accent); outline-offset:1px; }
button { cursor:pointer; white-space:nowrap; } button:hover { border-color:var(--accent); color:var(--accent); }
button.buy { background:var(--accent); border-color:var(--accent); color:#fff; padding:4px 12px; } button.buy:hover { background:#0b4fd6; }
button.buy:disabled { background:#c5cbd8; border-color:#c5cbd8; cursor:not-allowed; }
button.risky:hover { border-color:var(--bad); color:var(--bad); }
.pulse { color:var(--good); font-size:12px; white-space:nowrap; } .pulse::before { content:""; display:inline-block; width:8px; height:8px; margin-right:6px; border-radius:50%; background:currentColor; }
.pulse.off { color:var(--bad); }
main { max-width:1720px; margin:0 auto; padding:24px 24px 64px; display:grid; gap:24px; }
.shops { display:grid; gap:24px; grid-template-columns:repeat(auto-fit, minmax(min(660px, 100%), 1fr)); align-items:start; }
.card { background:#fff; border:1px solid var(--line); border-radius:12px; padding:18px 20px; min-width:0; box-shadow:0 1px 2px rgba(16,24,40,.04); }
.card > .top { display:flex; align-items:center; gap:10px; flex-wrap:wrap; }
.badge { border-radius:5px; padding:1px 8px; font-size:12px; color:#fff; background:#333; } .badge.taobao { background:#e1251b; } .badge.doudian { background:#161823; }
.figures { margin-left:auto; color:var(--soft); font-size:12px; }
.scroll { overflow-x:auto; margin-top:12px; }
table { width:100%; border-collapse:collapse; } th { text-align:left; font-weight:500; color:var(--soft); font-size:12px; white-space:nowrap; padding:6px 10px 6px 0; border-bottom:1px solid var(--line); }
th small { display:block; font-size:11px; color:#98a2b3; font-weight:400; }
td { padding:8px 10px 8px 0; border-bottom:1px solid #f0f2f6; vertical-align:middle; } tr:last-child td { border-bottom:0; }
.num { text-align:right; font-variant-numeric:tabular-nums; white-space:nowrap; }
td.num + td:not(.num), th.num + th:not(.num) { padding-left:10px; }
td:last-child, th:last-child { padding-right:0; }
.name { min-width:150px; } .sub { display:block; color:var(--soft); font-size:12px; } .mono { font-family:ui-monospace, Menlo, Consolas, monospace; font-size:11.5px; } .code { white-space:nowrap; }
.stock { font-size:20px; font-weight:600; } .stock.out { color:var(--bad); } .stock.moved { animation:moved 1.6s ease-out; }
@keyframes moved { from { background:#ffe9a8; } to { background:transparent; } }
.act { white-space:nowrap; } .act > * + * { margin-left:6px; } .act input { width:50px; }
.chip { display:inline-block; border-radius:999px; padding:1px 10px; font-size:12px; background:#eef2f8; color:#475467; white-space:nowrap; }
.chip.go { background:#e3f7ec; color:var(--good); } .chip.wait { background:#fff4dd; color:#93590a; } .chip.end { background:#f2f4f7; color:#667085; } .chip.back { background:#fdecea; color:var(--bad); }
.line { display:flex; gap:8px; align-items:center; flex-wrap:wrap; } .line + .line { margin-top:4px; }
.line button { font-size:12px; padding:1px 8px; }
.empty { color:var(--soft); text-align:center; padding:22px; }
.notice { position:fixed; left:50%; bottom:28px; transform:translate(-50%, 20px); background:#1d2433; color:#fff; border-radius:8px; padding:10px 18px; opacity:0; pointer-events:none; transition:.2s; max-width:90vw; }
.notice.show { opacity:1; transform:translate(-50%, 0); } .notice.bad { background:var(--bad); }
@media (prefers-reduced-motion:reduce) { .stock.moved { animation:none; } .notice { transition:none; } }
`;
