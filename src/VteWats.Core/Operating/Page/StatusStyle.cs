namespace VteWats.Core.Operating.Page;

/// <summary>Style sheet and script of the status page. Both are named by their hashes in the content security policy.</summary>
internal static class StatusStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--ink:#1b1f24;--soft:#4f5861;--line:#d0d7de;--page:#f6f8fa;--card:#fff;--good:#1a7f37;--bad:#b91c1c;
        --warn:#8a5a00;--calm:#57606a;--focus:#0550ae}
        @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#a6b0bb;--line:#3d444d;--page:#0d1117;--card:#161b22;--good:#3fb950;
        --bad:#ff7b72;--warn:#d9a441;--calm:#9da7b3;--focus:#79c0ff}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        header,main,footer{max-width:1240px;margin:0 auto;padding:16px 20px}
        h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:28px 0 10px}h3{font-size:1.05rem;margin:0;overflow-wrap:anywhere}
        p{margin:4px 0}
        .soft{color:var(--soft)}
        a{color:inherit}
        :focus-visible{outline:3px solid var(--focus);outline-offset:2px}
        .skip{position:absolute;left:-999px}.skip:focus{left:12px;top:8px;background:var(--card);padding:6px 10px}
        .sites{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,520px),1fr));gap:16px}
        .card{background:var(--card);border:1px solid var(--line);border-left:8px solid var(--tone);border-radius:8px;padding:14px 16px;
        min-width:0}
        .Healthy{--tone:var(--good)}.Degraded{--tone:var(--warn)}.Unhealthy{--tone:var(--bad)}.plain{--tone:var(--line)}
        .top{display:flex;gap:12px;align-items:baseline;justify-content:space-between;flex-wrap:wrap}
        .badge{font-weight:700;color:var(--tone);border:2px solid var(--tone);border-radius:6px;padding:0 8px}
        ul{list-style:none;margin:8px 0;padding:0}
        li{overflow-wrap:anywhere}.list>li{border-top:1px solid var(--line);padding:8px 0}.list>li:first-child{border-top:0}
        .reason{border-left:4px solid var(--tone);padding-left:10px;margin:6px 0}
        dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(148px,1fr));gap:6px 16px;margin:10px 0}
        dl div{min-width:0}dt{color:var(--soft);font-size:.85rem}dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
        figure{margin:10px 0 0}figcaption{font-size:.85rem;color:var(--soft)}
        svg{display:block;width:100%;height:110px}
        .sent{fill:var(--good)}.letters{fill:var(--bad)}.held{fill:var(--warn)}.axis{stroke:var(--calm)}
        .key::before{content:"";display:inline-block;width:.8em;height:.8em;margin-right:.35em;background:var(--tone)}
        .k1{--tone:var(--good)}.k2{--tone:var(--bad)}.k3{--tone:var(--warn)}.key{margin-right:1em;white-space:nowrap}
        details{margin-top:8px}summary{cursor:pointer;padding:4px 0;min-height:24px}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
        th,td{text-align:right;padding:3px 10px;border-bottom:1px solid var(--line)}th:first-child,td:first-child{text-align:left}
        .text th,.text td{text-align:left}
        code{font:.88em/1.5 ui-monospace,"Cascadia Mono",Consolas,"DejaVu Sans Mono",monospace;display:block;background:var(--page);
        border:1px solid var(--line);border-radius:4px;padding:4px 8px;margin-top:4px;overflow-wrap:anywhere;white-space:pre-wrap}
        @media (max-width:600px){header,main,footer{padding:12px}.card{padding:12px}}
        @media print{body{background:#fff}.card{break-inside:avoid}}
        """;

    /// <summary>Fetches the page again every 30 seconds and puts the new content in the place of the old one: what is open stays open, and
    /// the focus stays where it was. Without scripts the page is loaded anew instead.</summary>
    public const string Script = """
        (function(){'use strict';
        function refresh(){
          if(document.hidden)return;
          fetch(location.href,{cache:'no-store',credentials:'same-origin'}).then(function(r){return r.ok?r.text():Promise.reject()})
          .then(function(t){
            var fresh=new DOMParser().parseFromString(t,'text/html');
            var open={},at=document.activeElement&&document.activeElement.id;
            document.querySelectorAll('details[open]').forEach(function(d){open[d.id]=true});
            fresh.querySelectorAll('details').forEach(function(d){if(open[d.id])d.setAttribute('open','')});
            ['overall','content'].forEach(function(id){
              var was=document.getElementById(id),is=fresh.getElementById(id);
              if(was&&is&&was.innerHTML!==is.innerHTML)was.innerHTML=is.innerHTML;
            });
            document.title=fresh.title;
            var back=at&&document.getElementById(at);if(back)back.focus({preventScroll:true});
            document.getElementById('offline').hidden=true;
          }).catch(function(){document.getElementById('offline').hidden=false});
        }
        setInterval(refresh,30000);
        })();
        """;
}
