using static VteWats.Core.Vte.Schema.ColumnTraits;

namespace VteWats.Core.Vte.Schema;

/// <summary>
/// The VTE database as the adapter expects it: 21 tables with their columns, types, keys and relations. The create scripts, the
/// default schema profile, the schema check and the documentation page are all made from this one description.
/// </summary>
internal static class ReferenceSchema
{
    private const string Guid = "uniqueidentifier";
    private const string Name = "nvarchar(255)";
    private const string Text = "nvarchar(max)";

    /// <summary>The columns that order the test runs; together they are unique.</summary>
    public static readonly IReadOnlyList<string> PagingKey = ["Timestamp", "Index_GUID"];

    public static readonly IReadOnlyList<TableDefinition> Configuration =
    [
        new("Products", "A product; its identity is name, type and version together.", false,
        [
            new("Product_GUID", Guid, Key), new("Name", Name, Assumed), new("Type", Name, Assumed), new("Version", Name, Assumed),
            new("Notes", Text, Assumed),
        ]),
        new("Testplans", "A test plan.", false,
        [
            new("Testplan_GUID", Guid, Key), new("Name", Name, Assumed), new("Variant", Name, Assumed),
        ]),
        new("TestplanRevisions", "A revision of a test plan.", false,
        [
            new("TestplanRevision_GUID", Guid, Key), new("Testplan_GUID", Guid, Assumed, "Testplans"), new("Revision", Name, Assumed),
        ]),
        new("TestSystems", "A test station.", false,
        [
            new("Testsystem_GUID", Guid, Key), new("Name", Name, Assumed), new("Hostname", Name, Assumed),
        ]),
        new("TestsystemComponents", "An instrument or fixture of a test station, with its calibration.", false,
        [
            new("Testsystem_GUID", Guid, NotNull, "TestSystems"), new("Name", Name, Assumed), new("SerialNumber", Name, Assumed),
            new("CalibrationDate", "datetime", Assumed), new("NextCalibrationDate", "datetime", Assumed),
        ]) { Indexes = [["Testsystem_GUID"]] },
        new("Users", "An operator. The password is never selected and never exported.", false,
        [
            new("User_GUID", Guid, Key), new("Name", Name, Assumed), new("Password", Name, Assumed),
        ]),
        new("UserRegistrations", "Which user may work on which test station.", false,
        [
            new("User_GUID", Guid, NotNull, "Users"), new("Testsystem_GUID", Guid, NotNull, "TestSystems"),
        ]),
        new("ProductRegistrations", "Which revision of which test plan tests a product on a test station.", false,
        [
            new("Product_GUID", Guid, NotNull, "Products"), new("Testsystem_GUID", Guid, Assumed, "TestSystems"),
            new("Testplan_GUID", Guid, Assumed, "Testplans"), new("TestplanRevision_GUID", Guid, Assumed, "TestplanRevisions"),
        ]),
        new("RepairActionCodes", "The kinds of repair action.", false,
        [
            new("Code", Name, Key), new("Description", Name, Assumed),
        ]),
        new("RepairFailureCodes", "The kinds of failure.", false,
        [
            new("Code", Name, Key), new("Description", Name, Assumed),
        ]),
    ];

    public static readonly IReadOnlyList<TableDefinition> Results =
    [
        new("IndexData", "The test run: one row for each execution of a test plan on a unit.", true,
        [
            new("Index_GUID", Guid, Key | Known | Needed), new("Uut_GUID", Guid, Known | Needed, "UutData"),
            new("Product_GUID", Guid, Known, "Products"), new("Testplan_GUID", Guid, Known, "Testplans"),
            new("TestplanRevision_GUID", Guid, Known, "TestplanRevisions"), new("Testsystem_GUID", Guid, Known, "TestSystems"),
            new("User_GUID", Guid, Known, "Users"), new("Timestamp", "datetime", Known | Needed | NotNull),
            new("ExitCode", "int", Known), new("Result", "int", Known | Needed), new("TestTime", "real", Known),
            new("Hostname", Name, Known), new("Site", Name, Known), new("UserName", Name, Known), new("ProductName", Name, Known | Needed),
            new("TestplanName", Name, Known), new("TestplanVariant", Name, Known), new("TestplanRevision", Name, Known),
            new("Info1", Name, Known), new("Info2", Name, Known), new("Info3", Name, Known),
        ]) { Indexes = [PagingKey, ["Uut_GUID"]] },
        new("UutData", "The unit under test.", true,
        [
            new("Uut_GUID", Guid, Key | Needed), new("Serial", Name, Needed), new("Product_GUID", Guid, Assumed, "Products"),
            new("BatchNumber", Name, Assumed),
        ]) { Indexes = [["Serial"]] },
        new("UutHistory", "What happened to a unit.", false,
        [
            new("Uut_GUID", Guid, NotNull, "UutData"), new("Timestamp", "datetime", Assumed), new("Event", Name, Assumed),
            new("Comment", Text, Assumed),
        ]) { Indexes = [["Uut_GUID"]] },
        new("AssemblyData", "An assembly built into a unit.", false,
        [
            new("Uut_GUID", Guid, Needed | NotNull, "UutData"), new("PartNumber", Name, Assumed), new("Serial", Name, Assumed),
            new("Revision", Name, Assumed), new("Name", Name, Assumed),
        ]) { Indexes = [["Uut_GUID"]] },
        Steps("TestDataNumeric", "Step results that are numbers.", true, "float", limits: true),
        Steps("TestDataText", "Step results that are text.", false, Text, limits: false),
        Steps("TestDataOther", "Step results that are neither: text or bytes.", false, "sql_variant", limits: false),
        new("RepairData", "A repair session, opened by a failed test run.", false,
        [
            new("Repair_GUID", Guid, Key), new("Index_GUID", Guid, Assumed, "IndexData"), new("Timestamp", "datetime", Assumed),
            new("User_GUID", Guid, Assumed, "Users"), new("FailureCode", Name, Assumed, "RepairFailureCodes"),
            new("Comment", Text, Assumed),
        ]) { Indexes = [["Index_GUID"]] },
        new("RepairActions", "An action of a repair session.", false,
        [
            new("Repair_GUID", Guid, NotNull, "RepairData"), new("ActionCode", Name, Assumed, "RepairActionCodes"),
            new("Component", Name, Assumed), new("Comment", Text, Assumed),
        ]) { Indexes = [["Repair_GUID"]] },
        new("RepairSyndromes", "A symptom seen at repair.", false,
        [
            new("Syndrome_GUID", Guid, Key), new("Product_GUID", Guid, Assumed, "Products"), new("Name", Name, Assumed),
            new("Description", Text, Assumed),
        ]),
        new("RepairSyndromeCauses", "A cause that was found for a symptom.", false,
        [
            new("Syndrome_GUID", Guid, NotNull, "RepairSyndromes"), new("Cause", Name, Assumed), new("Occurrences", "int", Assumed),
        ]) { Indexes = [["Syndrome_GUID"]] },
    ];

    /// <summary>All 21 tables: configuration first, then results and repair.</summary>
    public static readonly IReadOnlyList<TableDefinition> Tables = [.. Configuration, .. Results];

    /// <summary>Every column that holds the key of another table's row.</summary>
    public static readonly IReadOnlyList<Relation> Relations =
    [
        .. from table in Tables
           from column in table.Columns
           where column.References is not null
           select new Relation(table.Name, column.Name, column.References!, Table(column.References!).Keys.First().Name),
    ];

    /// <summary>The table of that logical name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static TableDefinition Table(string name) =>
        Find(name) ?? throw new ArgumentException($"The reference schema has no table '{name}'.", nameof(name));

    public static TableDefinition? Find(string name) => Tables.FirstOrDefault(t => t.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>True for the tables of step results.</summary>
    internal static bool HoldsSteps(TableDefinition table) => table.Name.StartsWith("TestData", StringComparison.Ordinal);

    private static TableDefinition Steps(string name, string purpose, bool needed, string resultType, bool limits) =>
        new(name, purpose, needed,
        [
            new("Index_GUID", Guid, Known | Needed | NotNull, "IndexData"), new("TestStepNumber", "int", Known | Needed),
            new("TestName", Name, Known | Needed), new("TestDescription", Text, Known), new("TestNumber", Name, Known),
            new("TestUnits", Name, Known), new("TestResult", resultType, Known | Needed),
            .. limits ? new ColumnDefinition[] { new("LowLimit", "float", Known | Expected), new("HighLimit", "float", Known | Expected) }
                : [],
            new("TestResultType", "int", Known | Expected),
        ])
        { Expected = true, Indexes = [["Index_GUID", "TestStepNumber"]] };
}
