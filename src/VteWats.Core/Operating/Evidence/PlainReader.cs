using System.Data.Common;
using System.Globalization;
using Dapper;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Operating.Evidence;

/// <summary>
/// Reads single runs by one plain statement a table. It shares nothing with the reader and the mapper that the reports came from, but the
/// names of tables and columns: what those two do wrong, this does not.
/// </summary>
/// <param name="connection">An open connection.</param>
/// <param name="schema">The site's names.</param>
/// <param name="timeout">Seconds that a statement may take.</param>
internal sealed class PlainReader(DbConnection connection, BoundSchema schema, int timeout)
{
    private static readonly string[] Header =
    [
        "Timestamp", "Result", "ExitCode", "TestTime", "Hostname", "Site", "UserName", "ProductName", "TestplanName", "TestplanVariant",
        "TestplanRevision", "Info1", "Info2", "Info3", "Uut_GUID", "Product_GUID", "Testplan_GUID", "TestplanRevision_GUID",
        "Testsystem_GUID", "User_GUID",
    ];

    /// <summary>The run of an id as the database spells it; null where it is gone.</summary>
    public PlainRun? Read(Guid id)
    {
        var key = schema.Provider == DatabaseProvider.Sqlite ? (object)id.ToString("D").ToUpperInvariant() : id;
        if (One("IndexData", "Index_GUID", key, Header) is not { } run) return null;
        var unit = One("UutData", "Uut_GUID", run["Uut_GUID"], ["Serial", "BatchNumber", "Product_GUID"]);
        var product = One("Products", "Product_GUID", run["Product_GUID"], ["Name", "Type", "Version"])
            ?? One("Products", "Product_GUID", unit?["Product_GUID"], ["Name", "Type", "Version"]);
        var plan = One("Testplans", "Testplan_GUID", run["Testplan_GUID"], ["Name", "Variant"]);
        var revision = One("TestplanRevisions", "TestplanRevision_GUID", run["TestplanRevision_GUID"], ["Revision"]);
        var station = One("TestSystems", "Testsystem_GUID", run["Testsystem_GUID"], ["Name", "Hostname"]);
        var user = One("Users", "User_GUID", run["User_GUID"], ["Name"]);
        return new PlainRun
        {
            Id = id,
            Timestamp = Time(run["Timestamp"]) ?? default,
            Result = Whole(run["Result"]),
            TestTime = Number(run["TestTime"]),
            Words = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
            {
                ["Serial"] = Text(unit?["Serial"]),
                ["Unit.BatchNumber"] = Text(unit?["BatchNumber"]),
                ["Product.Name"] = First(run["ProductName"], product?["Name"]),
                ["Product.Type"] = Text(product?["Type"]),
                ["Product.Version"] = Text(product?["Version"]),
                ["Testplan.Name"] = First(run["TestplanName"], plan?["Name"]),
                ["Testplan.Variant"] = First(run["TestplanVariant"], plan?["Variant"]),
                ["Testplan.Revision"] = First(run["TestplanRevision"], revision?["Revision"]),
                ["Station.Name"] = First(station?["Name"], null),
                ["Station.Hostname"] = First(run["Hostname"], station?["Hostname"]),
                ["Station.Location"] = Text(run["Site"]),
                ["Operator"] = First(run["UserName"], user?["Name"]),
                ["Info1"] = Text(run["Info1"]),
                ["Info2"] = Text(run["Info2"]),
                ["Info3"] = Text(run["Info3"]),
                ["ExitCode"] = Text(run["ExitCode"]),
                ["Id"] = id.ToString("D"),
            },
            Rows =
            [
                .. Rows("TestDataNumeric", PlainKind.Numeric, key), .. Rows("TestDataText", PlainKind.Text, key),
                .. Rows("TestDataOther", PlainKind.Other, key),
            ],
        };
    }

    private IEnumerable<PlainRow> Rows(string table, PlainKind kind, object key)
    {
        string[] columns = ["TestStepNumber", "TestName", "TestDescription", "TestUnits", "TestResultType", "TestResult",
            .. kind == PlainKind.Numeric ? ["LowLimit", "HighLimit"] : Array.Empty<string>()];
        foreach (var row in Many(table, "Index_GUID", key, columns))
        {
            var value = row["TestResult"];
            yield return new PlainRow(
                kind, Whole(row["TestStepNumber"]), Text(row["TestName"]), Text(row["TestDescription"]), Text(row["TestUnits"]),
                Whole(row["TestResultType"]), kind == PlainKind.Numeric ? Number(value) : null,
                kind == PlainKind.Text ? Text(value) : null,
                value is byte[] { Length: > 0 } || value is not byte[] && !string.IsNullOrWhiteSpace(Text(value)),
                Number(row.GetValueOrDefault("LowLimit")), Number(row.GetValueOrDefault("HighLimit")));
        }
    }

    private Dictionary<string, object?>? One(string table, string by, object? key, string[] columns) =>
        key is null ? null : Many(table, by, key, columns).FirstOrDefault();

    private IEnumerable<Dictionary<string, object?>> Many(string table, string by, object key, string[] columns)
    {
        if (!schema.Has(table) || !schema.Has(table, by)) return [];
        var there = columns.Where(column => schema.Has(table, column)).ToList();
        if (there.Count == 0) return [];
        var list = string.Join(", ", there.Select((column, n) => string.Create(CultureInfo.InvariantCulture,
            $"{schema.Column(table, column)} AS c{n}")));
        return connection.Query($"SELECT {list} FROM {schema.Table(table)} WHERE {schema.Column(table, by)} = @key", new { key },
            commandTimeout: timeout).Select(row =>
            {
                var cells = (IDictionary<string, object?>)row;
                var found = columns.ToDictionary(column => column, _ => (object?)null);
                for (var n = 0; n < there.Count; n++) found[there[n]] = cells[string.Create(CultureInfo.InvariantCulture, $"c{n}")];
                return found;
            });
    }

    private static string? First(object? one, object? other) =>
        Text(one) is { } text && !string.IsNullOrWhiteSpace(text) ? text : Text(other);

    private static string? Text(object? value) => value switch
    {
        null or DBNull => null,
        byte[] => null,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static double? Number(object? value) => value switch
    {
        null or DBNull or byte[] => null,
        string text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        IConvertible number => number.ToDouble(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static int? Whole(object? value) =>
        Number(value) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    private static DateTime? Time(object? value) => value switch
    {
        DateTime time => time,
        string text when DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) => time,
        _ => null,
    };
}
