using VteWats.Core.Vte.Schema;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

public class SchemaReferenceTests
{
    [Fact]
    public void The_reference_schema_has_the_21_tables_of_VTE()
    {
        Assert.Equal(10, ReferenceSchema.Configuration.Count);
        Assert.Equal(11, ReferenceSchema.Results.Count);
        Assert.Equal(21, ReferenceSchema.Tables.Select(t => t.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Every_index_and_every_relation_names_columns_that_are_there()
    {
        Assert.All(ReferenceSchema.Tables, t => Assert.All(t.Indexes.SelectMany(i => i), c => Assert.NotNull(t.Column(c))));
        Assert.All(ReferenceSchema.Relations, r =>
        {
            Assert.NotNull(ReferenceSchema.Table(r.FromTable).Column(r.FromColumn));
            Assert.True(ReferenceSchema.Table(r.ToTable).Column(r.ToColumn)!.IsKey);
        });
    }

    [Fact]
    public void Every_create_statement_is_SQL_Server_2012_and_binds()
    {
        Assert.All(SchemaScript.SqlServer(SchemaProfile.Default), SqlProof.Parses);
        SqlProof.Binds("SELECT TOP (@n) i.[Index_GUID], i.[Timestamp] FROM [dbo].[IndexData] AS i WHERE i.[Timestamp] > @since;");
    }

    [Fact]
    public void The_model_finds_a_column_that_is_not_there()
    {
        Assert.NotEmpty(SqlProof.BindingErrors("SELECT [Nonsense] FROM [dbo].[IndexData];"));
        Assert.NotEmpty(SqlProof.BindingErrors("SELECT 1 AS x FROM [dbo].[NoSuchTable];"));
        Assert.NotEmpty(SqlProof.SyntaxErrors("SELECT FROM WHERE"));
    }

    [Fact]
    public void The_model_knows_temp_tables_and_variables_of_the_batch() => SqlProof.Binds(
        """
        SET DEADLOCK_PRIORITY LOW;
        CREATE TABLE #page ([Index_GUID] uniqueidentifier NOT NULL PRIMARY KEY);
        DECLARE @upper datetime = @until;
        INSERT INTO #page SELECT TOP (@n) [Index_GUID] FROM [dbo].[IndexData] WHERE [Timestamp] < @upper ORDER BY [Timestamp], [Index_GUID];
        SELECT s.[TestName] FROM #page AS p INNER JOIN [dbo].[TestDataNumeric] AS s ON s.[Index_GUID] = p.[Index_GUID];
        DROP TABLE #page;
        """);

    [Fact]
    public void The_catalogue_queries_are_SQL_Server_2012() =>
        Assert.All([SqlServerCatalogue.Tables, SqlServerCatalogue.Columns, SqlServerCatalogue.Indexes], SqlProof.Parses);

    /// <summary>VTEWATS_REWRITE_DOCS=1 writes the page anew.</summary>
    [Fact]
    public void The_schema_page_is_what_the_reference_schema_says()
    {
        var path = Path.Combine(Repository.Root, "docs", "vte-schema.md");
        if (Environment.GetEnvironmentVariable("VTEWATS_REWRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, SchemaDocument.Reference());
        }
        Assert.Equal(SchemaDocument.Reference(), File.ReadAllText(path).ReplaceLineEndings("\n"));
    }
}
