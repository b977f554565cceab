namespace VteWats.Core.Wats.Html;

/// <summary>The style sheet of a report's page: screen and phone, light and dark, print.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root{--ink:#1b1f24;--soft:#57606a;--line:#d8dee4;--page:#f6f8fa;--card:#fff;--pass:#1a7f37;--fail:#cf222e;--warn:#9a6700;
        --calm:#57606a;--zone:#7cc58e;--rail:#e1e6eb}
        @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b3;--line:#30363d;--page:#0d1117;--card:#161b22;--pass:#3fb950;
        --fail:#ff7b72;--warn:#d9a441;--calm:#9da7b3;--zone:#2f7d46;--rail:#30363d}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);
        font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        main{max-width:1040px;margin:0 auto;padding:16px}
        article{margin-bottom:40px}
        h1{font-size:1.5rem;margin:0;overflow-wrap:anywhere}
        h2{font-size:1.05rem;margin:24px 0 8px}
        a{color:inherit}
        .card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 16px}
        .head{display:flex;gap:16px;align-items:center;flex-wrap:wrap;border-left:8px solid var(--calm)}
        .head>div{flex:1 1 260px;min-width:0}
        .sub{color:var(--soft);overflow-wrap:anywhere}
        .verdict{font-size:1.4rem;font-weight:700;letter-spacing:.02em}
        .P{--tone:var(--pass)}.F{--tone:var(--fail)}.E,.T{--tone:var(--warn)}.D,.S,.U{--tone:var(--calm)}
        .head.P,.head.F,.head.E,.head.T{border-left-color:var(--tone)}
        .head>.verdict{color:var(--tone);flex:0 0 auto}
        dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:8px 20px;margin:12px 0 0}
        dl div{min-width:0}dt{color:var(--soft);font-size:.8rem}dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
        .chip{display:inline-block;min-width:3.2em;text-align:center;font-size:.75rem;font-weight:600;border:1px solid var(--tone);
        color:var(--tone);border-radius:4px;padding:0 5px;line-height:1.5}
        ol,ul{list-style:none;margin:0;padding:0}
        .failures li{padding:8px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}.failures li:first-child{border-top:0}
        .row{display:grid;grid-template-columns:4.2em minmax(0,1fr) minmax(0,11em) minmax(0,13em) 160px;gap:2px 12px;align-items:center;
        padding:5px 0;border-top:1px solid var(--line)}
        .row>*{min-width:0;overflow-wrap:anywhere}
        .row .name{font-weight:500}.value{font-variant-numeric:tabular-nums;text-align:right}.limits{color:var(--soft);
        font-variant-numeric:tabular-nums}
        .meas{font-weight:400;color:var(--soft);padding-left:1em}
        .row.F .value{color:var(--fail);font-weight:700}
        .first{font-size:.75rem;color:var(--fail);font-weight:600;white-space:nowrap}
        .note{grid-column:2/-1;color:var(--soft);white-space:pre-wrap;font-size:.9rem}
        details{border-top:1px solid var(--line)}details>ol{padding-left:1.2em;border-left:2px solid var(--line);margin-left:.5em}
        summary{cursor:pointer;padding:6px 0;font-weight:600;overflow-wrap:anywhere}
        .tree>li:first-child>details{border-top:0}
        svg.bar{display:block;width:160px;height:18px}.rail{fill:var(--rail)}.zone{fill:var(--zone)}.mark{fill:var(--ink)}
        .mark.out{fill:var(--fail)}
        img{max-width:100%;height:auto;display:block;margin-top:4px;border:1px solid var(--line)}
        :target{outline:2px solid var(--tone);outline-offset:2px}
        footer{color:var(--soft);font-size:.8rem;margin-top:24px}
        @media (max-width:720px){main{padding:10px}.card{padding:10px 12px}dl{grid-template-columns:1fr 1fr}
         .row{grid-template-columns:4.2em minmax(0,1fr) minmax(0,auto)}.row .limits{grid-column:2}.row .bar{grid-column:2/-1;width:100%;
         max-width:260px}.note{grid-column:1/-1}
         details>ol{padding-left:.6em;margin-left:.2em}.meas{padding-left:.4em}}
        @media print{:root{--ink:#000;--soft:#333;--line:#bbb;--page:#fff;--card:#fff;--pass:#0a5c22;--fail:#a40e1b;--warn:#6b4700;
        --calm:#444;--zone:#9bd3a9;--rail:#e4e4e4}
         body{font-size:10pt}main{max-width:none;padding:0}.card{border-color:#999}.row,.failures li,.card.head{break-inside:avoid}
         article{break-after:page;margin:0}article:last-of-type{break-after:auto}
         a{text-decoration:none}svg.bar,.chip{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
        """;
}
