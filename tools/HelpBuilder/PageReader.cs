using System.Text;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace VteWats.HelpBuilder;

/// <summary>Reads a page in the format that docs/cmdlets/README.md describes.</summary>
internal static class PageReader
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();

    public static HelpPage Read(string path, List<Finding> findings)
    {
        var page = new HelpPage(path, Path.GetFileNameWithoutExtension(path));
        var sections = Sections(Markdown.Parse(File.ReadAllText(path), Pipeline));
        var parent = "";
        foreach (var (heading, blocks) in sections)
        {
            var title = Text(heading.Inline);
            if (heading.Level == 2) parent = title;
            switch (heading.Level, parent)
            {
                case (1, _) when title != page.Name: Complain(heading, $"The page is called {title}; its file says {page.Name}."); break;
                case (1, _): break;
                case (2, "Synopsis"): page.Synopsis = Paragraphs(blocks); break;
                case (2, "Description"): page.Description = Paragraphs(blocks); break;
                case (2, "Notes"): page.Notes = Paragraphs(blocks); break;
                case (2, "Related"):
                    page.Related.AddRange(Paragraphs(blocks)
                    .SelectMany(p => p.Split(['\n', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    .Select(p => p.TrimStart('-', ' '))); break;
                case (2, "Parameters" or "Examples"): break;
                case (3, "Parameters") when title.StartsWith('-'):
                    page.Parameters[title[1..].Split(' ')[0]] =
                    new(heading.Line + 1, Paragraphs(blocks)); break;
                case (3, "Parameters"): Complain(heading, $"'{title}' is no parameter: a heading under Parameters is '### -Name'."); break;
                case (3, "Examples"): ReadExample(heading, title, blocks); break;
                default: Complain(heading, $"'{title}' is not a heading of a help page."); break;
            }
        }
        return page;

        void ReadExample(HeadingBlock heading, string title, List<Block> blocks)
        {
            var code = blocks.OfType<FencedCodeBlock>().Where(c => c.Info == "powershell").ToList();
            if (code.Count != 1) Complain(heading, $"Example '{title}' needs exactly one ```powershell block.");
            else page.Examples.Add(new Example(heading.Line + 1, title, code[0].Lines.ToString().Trim(),
                Paragraphs(blocks.Where(b => b != code[0]))));
        }

        void Complain(Block where, string message) => findings.Add(new Finding(path, where.Line + 1, message));
    }

    private static List<(HeadingBlock Heading, List<Block> Blocks)> Sections(MarkdownDocument document)
    {
        var sections = new List<(HeadingBlock, List<Block>)>();
        foreach (var block in document)
        {
            if (block is HeadingBlock { Level: <= 3 } heading) sections.Add((heading, []));
            else if (sections.Count > 0) sections[^1].Item2.Add(block);
        }
        return sections;
    }

    private static List<string> Paragraphs(IEnumerable<Block> blocks)
    {
        var paragraphs = new List<string>();
        foreach (var block in blocks)
        {
            switch (block)
            {
                case CodeBlock code: paragraphs.Add(code.Lines.ToString().TrimEnd()); break;
                case ListBlock list:
                    paragraphs.Add(string.Join('\n',
                        list.OfType<ListItemBlock>().Select(item => "- " + string.Join(' ', Paragraphs(item)))));
                    break;
                case Markdig.Extensions.Tables.Table table:
                    paragraphs.Add(string.Join('\n', table.OfType<Markdig.Extensions.Tables.TableRow>().Select(row =>
                        string.Join(" | ", row.OfType<Markdig.Extensions.Tables.TableCell>()
                        .Select(cell => string.Join(' ', Paragraphs(cell)))))));
                    break;
                case LeafBlock { Inline: { } inline }: paragraphs.Add(Text(inline)); break;
                case ContainerBlock container: paragraphs.AddRange(Paragraphs(container)); break;
                default: break;
            }
        }
        return paragraphs;
    }

    private static string Text(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines ?? [])
        {
            switch (inline)
            {
                case LiteralInline literal: text.Append(literal.Content.AsSpan()); break;
                case CodeInline code: text.Append(code.Content); break;
                case LineBreakInline: text.Append(' '); break;
                case AutolinkInline link: text.Append(link.Url); break;
                case HtmlEntityInline entity: text.Append(entity.Transcoded.AsSpan()); break;
                case ContainerInline container: text.Append(Text(container)); break;
                default: break;
            }
        }
        return text.ToString();
    }
}
