using System.Management.Automation;
using System.Xml.Linq;

namespace VteWats.HelpBuilder;

/// <summary>MAML, the only form of help that Get-Help reads for compiled cmdlets.</summary>
internal static class Maml
{
    private static readonly XNamespace Root = "http://msh";
    private static readonly XNamespace Ns = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Cmd = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static XDocument Document(IEnumerable<XElement> commands) => new(new XElement(
        Root + "helpItems", new XAttribute("schema", "maml"),
        new XAttribute(XNamespace.Xmlns + "maml", Ns), new XAttribute(XNamespace.Xmlns + "command", Cmd),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        commands));

    public static XElement Command(HelpPage page, CmdletInfo cmdlet) => new(
        Cmd + "command",
        new XElement(Cmd + "details",
            new XElement(Cmd + "name", cmdlet.Name), new XElement(Cmd + "verb", cmdlet.Verb), new XElement(Cmd + "noun", cmdlet.Noun),
            new XElement(Ns + "description", Paragraphs(page.Synopsis))),
        new XElement(Ns + "description", Paragraphs(page.Description)),
        new XElement(Cmd + "syntax", cmdlet.ParameterSets.Select(set => SyntaxItem(page, cmdlet, set))),
        new XElement(Cmd + "parameters", ModuleCmdlets.OwnParameters(cmdlet).Select(p => Parameter(page, cmdlet, p))),
        new XElement(Cmd + "inputTypes", InputTypes(cmdlet).Select(t => new XElement(Cmd + "inputType", TypeOf(t)))),
        new XElement(Cmd + "returnValues",
        cmdlet.OutputType.Select(o => new XElement(Cmd + "returnValue", new XElement(Dev + "type", new XElement(Ns + "name", o.Name))))),
        page.Notes.Count == 0 ? null : new XElement(Ns + "alertSet", new XElement(Ns + "alert", Paragraphs(page.Notes))),
        new XElement(Cmd + "examples", page.Examples.Select(ExampleOf)),
        new XElement(Cmd + "relatedLinks",
        page.Related.Select(r => new XElement(Ns + "navigationLink", new XElement(Ns + "linkText", r)))));

    private static XElement SyntaxItem(HelpPage page, CmdletInfo cmdlet, CommandParameterSetInfo set) => new(
        Cmd + "syntaxItem", new XElement(Ns + "name", cmdlet.Name),
        set.Parameters.Where(p => ModuleCmdlets.IsOwn(p.Name) || p.Name is "WhatIf" or "Confirm")
            .OrderBy(p => p.Position < 0 ? int.MaxValue : p.Position).ThenBy(p => !p.IsMandatory)
            .Select(p => Parameter(page, p.Name, p.ParameterType, p.IsMandatory, p.Position, p.ValueFromPipeline,
            p.ValueFromPipelineByPropertyName, p.Aliases, p.Attributes)));

    private static XElement Parameter(HelpPage page, CmdletInfo cmdlet, ParameterMetadata parameter)
    {
        var uses = cmdlet.ParameterSets.SelectMany(s => s.Parameters).Where(p => p.Name == parameter.Name).ToList();
        return Parameter(
            page, parameter.Name, parameter.ParameterType, uses.All(u => u.IsMandatory), uses.Max(u => u.Position),
            uses.Any(u => u.ValueFromPipeline),
            uses.Any(u => u.ValueFromPipelineByPropertyName), parameter.Aliases, parameter.Attributes);
    }

    private static XElement Parameter(
        HelpPage page, string name, Type type, bool mandatory, int position, bool byValue, bool byName,
        IReadOnlyCollection<string> aliases, IReadOnlyCollection<Attribute> attributes)
    {
        var pipeline = (byValue, byName) switch
        {
            (true, true) => "True (ByValue, ByPropertyName)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };
        return new XElement(
            Cmd + "parameter",
            new XAttribute("required", mandatory ? "true" : "false"),
            new XAttribute("globbing", attributes.OfType<SupportsWildcardsAttribute>().Any() ? "true" : "false"),
            new XAttribute("pipelineInput", pipeline),
            new XAttribute("position", position < 0 ? "named" : FormattableString.Invariant($"{position}")),
            new XAttribute("aliases", aliases.Count == 0 ? "none" : string.Join(", ", aliases)),
            new XElement(Ns + "name", name),
            page.Parameters.TryGetValue(name, out var text) ? new XElement(Ns + "description", Paragraphs(text.Text)) : null,
            type == typeof(SwitchParameter) ? null
            : new XElement(Cmd + "parameterValue", new XAttribute("required", "true"), ShortName(type)),
            TypeOf(type));
    }

    private static IEnumerable<Type> InputTypes(CmdletInfo cmdlet) =>
        cmdlet.ParameterSets.SelectMany(s => s.Parameters).Where(p => p.ValueFromPipeline).Select(p => p.ParameterType).Distinct();

    private static XElement ExampleOf(Example example, int index) => new(
        Cmd + "example",
        new XElement(Ns + "title", FormattableString.Invariant($"--- Example {index + 1}: {example.Title} ---")),
        new XElement(Dev + "code", example.Code), new XElement(Dev + "remarks", Paragraphs(example.Remarks)));

    private static XElement TypeOf(Type type) => new(Dev + "type", new XElement(Ns + "name", type.FullName));

    private static string ShortName(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? inner.Name : type.IsArray ? type.GetElementType()!.Name + "[]" : type.Name;

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> texts) => texts.Select(t => new XElement(Ns + "para", t));
}
