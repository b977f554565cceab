namespace VteWats.Core.Operating.Evidence;

/// <summary>Style sheet of the page of evidence: for screens, light and dark, for phones, and for paper. It has no script.</summary>
internal static class EvidenceStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--ink:#1b1f24;--soft:#4f5861;--line:#d0d7de;--page:#fff;--card:#f6f8fa;--good:#1a7f37;--bad:#b91c1c;
        --warn:#8a5a00;--calm:#57606a;--blue:#0550ae;--focus:#0550ae}
        @media screen and (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#a6b0bb;--line:#3d444d;--page:#0d1117;--card:#161b22;
        --good:#3fb950;--bad:#ff7b72;--warn:#d9a441;--calm:#9da7b3;--blue:#79c0ff;--focus:#79c0ff}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        header,main,footer{max-width:1100px;margin:0 auto;padding:14px 20px}
        h1{font-size:1.6rem;margin:.3em 0}h2{font-size:1.2rem;margin:30px 0 8px;border-bottom:1px solid var(--line);padding-bottom:4px}
        p{margin:6px 0}li,p,dd,td{overflow-wrap:anywhere}
        .soft{color:var(--soft)}.good{color:var(--good);font-weight:700}.bad{color:var(--bad);font-weight:700}
        .verdict{border:2px solid currentColor;border-radius:8px;padding:8px 14px;display:inline-block}
        .skip{position:absolute;left:-999px}.skip:focus{left:12px;top:8px;background:var(--card);padding:6px 10px}
        :focus-visible{outline:3px solid var(--focus);outline-offset:2px}
        dl{display:grid;grid-template-columns:minmax(120px,220px) 1fr;gap:4px 16px;margin:10px 0}
        dt{color:var(--soft)}dd{margin:0}
        .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px;margin:8px 0}
        table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;width:100%}
        th,td{text-align:left;padding:4px 10px;border-bottom:1px solid var(--line);vertical-align:top}
        td.n,th.n{text-align:right;white-space:nowrap}thead th{background:var(--card)}
        figure{margin:12px 0}figcaption{font-size:.88rem;color:var(--soft)}
        svg{display:block;width:100%;height:160px;background:var(--card);border:1px solid var(--line);border-radius:6px}
        .p{fill:var(--good)}.f{fill:var(--bad)}.o{fill:var(--warn)}.v{fill:var(--blue)}.w{fill:var(--good)}
        .line{fill:none;stroke:var(--blue);stroke-width:2;vector-effect:non-scaling-stroke}.dot{fill:var(--blue)}
        .key{white-space:nowrap;margin-right:1em}.key::before{content:"";display:inline-block;width:.8em;height:.8em;margin-right:.35em;
        background:var(--tone)}.kp{--tone:var(--good)}.kf{--tone:var(--bad)}.ko{--tone:var(--warn)}.kv{--tone:var(--blue)}
        code{font:.88em/1.5 ui-monospace,"Cascadia Mono",Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
        .sign{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:24px;margin:30px 0}
        .sign div{border-top:1px solid var(--ink);padding-top:4px}
        @media (max-width:600px){table{min-width:560px}header,main,footer{padding:10px 12px}dl{grid-template-columns:1fr}dt{margin-top:6px}}
        @media print{body{font-size:11pt}.skip{display:none}.scroll{overflow:visible;border:0}figure,tr,.sign{break-inside:avoid}
        h2{break-after:avoid}svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """;
}
