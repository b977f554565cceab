using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using VteWats.Core.Vte.Schema;

namespace VteWats.Unit.Support;

/// <summary>Proves SQL text without a server: SQL Server 2012's grammar, and a model of the reference schema that names must bind
/// to.</summary>
public static class SqlProof
{
    /// <summary>What SQL Server 2012's parser says against the text; empty when it is well-formed.</summary>
    public static IReadOnlyList<string> SyntaxErrors(string sql)
    {
        Parse(sql, out var errors);
        return [.. errors.Select(e => $"line {e.Line}, column {e.Column}: {e.Message}")];
    }

    /// <summary>
    /// What a SQL Server 2012 model of the reference schema says against the statements, put into a procedure: names that do not
    /// exist, above all. Variables that the text does not declare become parameters. Names of the sys schema are not known to the model.
    /// </summary>
    public static IReadOnlyList<string> BindingErrors(string sql)
    {
        var script = Parse(sql, out var errors);
        if (errors.Count > 0) return SyntaxErrors(sql);
        var variables = new Variables();
        script.Accept(variables);
        var parameters = string.Join(", ", variables.Free.Select(v => $"{v} sql_variant"));
        using var model = new TSqlModel(SqlServerVersion.Sql110, new TSqlModelOptions());
        foreach (var statement in SchemaScript.SqlServer(SchemaProfile.Default)) model.AddObjects(statement);
        model.AddObjects($"CREATE PROCEDURE [dbo].[Proof] {parameters} AS\nBEGIN\n{sql}\nEND");
        return [.. model.Validate().Select(m => $"{m}")];
    }

    public static void Parses(string sql) => Assert.True(SyntaxErrors(sql) is [], $"{string.Join("\n", SyntaxErrors(sql))}\n{sql}");

    public static void Binds(string sql) => Assert.True(BindingErrors(sql) is [], $"{string.Join("\n", BindingErrors(sql))}\n{sql}");

    private static TSqlFragment Parse(string sql, out IList<ParseError> errors)
    {
        using var reader = new StringReader(sql);
        return new TSql110Parser(initialQuotedIdentifiers: true).Parse(reader, out errors);
    }

    private sealed class Variables : TSqlFragmentVisitor
    {
        private readonly HashSet<string> _declared = new(StringComparer.OrdinalIgnoreCase);
        private readonly SortedSet<string> _used = new(StringComparer.OrdinalIgnoreCase);

        public IEnumerable<string> Free => _used.Except(_declared, StringComparer.OrdinalIgnoreCase);

        public override void Visit(DeclareVariableElement node) => _declared.Add(node.VariableName.Value);
        public override void Visit(DeclareTableVariableBody node) => _declared.Add(node.VariableName.Value);
        public override void Visit(VariableReference node) => _used.Add(node.Name);

        // The names of a procedure's parameters are not variables of the batch.
        public override void ExplicitVisit(ExecuteParameter node) => node.ParameterValue?.Accept(this);
    }
}
