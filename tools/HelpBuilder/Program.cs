using System.Xml;
using VteWats.HelpBuilder;

// dotnet exec HelpBuilder.dll <module manifest> <folder of the pages> <MAML file to write>
if (args is not [var manifest, var pagesFolder, var output])
{
    Console.Error.WriteLine("usage: HelpBuilder <module manifest> <folder of the pages> <MAML file to write>");
    return 2;
}
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

var findings = new List<Finding>();
var pages = new List<HelpPage>();
foreach (var path in Directory.EnumerateFiles(pagesFolder, "*-*.md").Order(StringComparer.Ordinal))
    pages.Add(PageReader.Read(path, findings));
using var cmdlets = new ModuleCmdlets(manifest);
foreach (var page in pages) PageCheck.Validate(page, cmdlets.Find(page.Name), findings);
foreach (var finding in findings) Console.WriteLine(finding);
if (findings.Count > 0) return 1;

Directory.CreateDirectory(Path.GetDirectoryName(output)!);
using var writer = XmlWriter.Create(output, new XmlWriterSettings { Indent = true });
Maml.Document(pages.Select(p => Maml.Command(p, cmdlets.Find(p.Name)!))).Save(writer);
return 0;
