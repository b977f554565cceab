using System.Text;

namespace VteWats.Core.Vte.Schema;

/// <summary>An entity relationship diagram in Mermaid's language.</summary>
internal sealed class MermaidDiagram
{
    private readonly StringBuilder _text = new("erDiagram\n");

    public void Relation(string parent, string child, string column) =>
        _text.Append("    ").Append(Word(parent)).Append(" ||--o{ ").Append(Word(child)).Append(" : ").Append(Word(column)).Append('\n');

    public void Table(string name, IEnumerable<(string Type, string Name, bool Key, bool Foreign)> columns)
    {
        _text.Append("    ").Append(Word(name)).Append(" {\n");
        foreach (var (type, column, key, foreign) in columns)
        {
            _text.Append("        ").Append(Word(type)).Append(' ').Append(Word(column));
            if (key || foreign) _text.Append(' ').Append(key && foreign ? "PK, FK" : key ? "PK" : "FK");
            _text.Append('\n');
        }
        _text.Append("    }\n");
    }

    public override string ToString() => _text.ToString();

    // Mermaid's words begin with a letter and hold no blanks or signs.
    private static string Word(string name)
    {
        var word = new string([.. name.Select(c => char.IsLetterOrDigit(c) || c is '_' or '(' or ')' ? c : '_')]);
        return word.Length > 0 && char.IsLetter(word[0]) ? word : $"x{word}";
    }
}
